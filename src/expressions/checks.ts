// What the library lets pass and a player would find: names no callback has, absent values read as if they
// were there, functions that are not ours, text compared with numbers. It reads the tree of an expression,
// and must never evaluate anything.

import type { ASTNode } from '@marcbachmann/cel-js';
import { UnsignedInt } from '@marcbachmann/cel-js/evaluator';
import { currencyMeant } from '../domain/currency.js';
import { DecimalNumber } from '../codecs/decimal-number.js';
import { didYouMean } from '../yaml/did-you-mean.js';
import { repeatedWork } from './cost.js';
import { language } from './functions/functions.js';
import { replacements } from './language.js';
import type { Use } from './result.js';
import type { Name, Vocabulary } from './scope.js';
import { literalText, macroVariable, partsOf, sourceOf } from './tree.js';

export interface Finding {
  readonly message: string;
  /** Offset into the expression. */
  readonly at: number;
  readonly severity: 'error' | 'warning';
}

/** A name in a place where a text was meant. */
function currencyText(name: string): string | undefined {
  const code = currencyMeant(name);
  return code === undefined ? undefined : ` – did you mean the text "${code}"?`;
}

const nameMeant = (name: string, known: Iterable<string>): string =>
  didYouMean(name, known) || (currencyText(name) ?? '');

/** By a slip of the pen, by the same word within another, or one of all there are. */
function functionMeant(name: string): string {
  const all = [...new Set([...language.functions, ...language.methods])];
  const slip = didYouMean(name, all) || currencyText(name);
  if (slip !== undefined && slip !== '') return slip;
  const word = name.replaceAll('_', '').toLowerCase();
  const [within] = all
    .map((known) => ({ known, at: wordWithin(word, known.toLowerCase()) }))
    .filter(({ at }) => at >= 0)
    .sort((one, other) => one.at - other.at || other.known.length - one.known.length);
  return within === undefined ? `; expected one of ${all.sort().join(', ')}` : ` – did you mean "${within.known}"?`;
}

/** Where one has the other in it, as `hmacSha1` and `substr`; -1 where that may be chance. */
function wordWithin(word: string, known: string): number {
  if (known.length > 2 && word.includes(known)) return word.indexOf(known);
  return word.length > 3 ? known.indexOf(word) : -1;
}

const namespaces: ReadonlySet<string> = new Set(['money', 'optional']);

/**
 * Every wrong name, function and literal of an expression, and comparisons that can hardly be meant.
 * `use`: what the place takes; a balance is the only amount that may be rounded.
 */
export function checkTree(tree: ASTNode, { roots, elsewhere }: Vocabulary, use: Use): Finding[] {
  const findings: Finding[] = [];
  const error = (at: number, message: string): void => void findings.push({ message, at, severity: 'error' });

  const visitAll = (nodes: readonly ASTNode[], locals: ReadonlySet<string>): void => {
    for (const node of nodes) visit(node, locals);
  };

  /** What is known of the fields of this node's value. */
  const visit = (node: ASTNode, locals: ReadonlySet<string>): Name | undefined => {
    if (node.op === 'id') {
      const name = locals.has(node.args) ? undefined : root(node, node.args);
      if (name?.fields !== undefined && !name.table)
        error(node.start, `${node.args} is no value: write ${node.args}.…`);
      return undefined;
    }
    if (node.op === '.' || node.op === '.?')
      return field(node.args[0], node.args[1], node.pos, node.op === '.?', locals);
    if (node.op === '[]' || node.op === '[?]') {
      const [left, key] = node.args;
      visit(key, locals);
      return field(left, literalText(key), key.start, node.op === '[?]', locals);
    }
    if (node.op === 'call') call(node, locals);
    else if (node.op === 'rcall') methodCall(node, locals);
    else if (node.op === 'value') literal(node);
    else if (isComparison(node)) comparison(node, locals);
    else visitAll(partsOf(node), locals);
    return undefined;
  };

  const comparison = (node: Comparison, locals: ReadonlySet<string>): void => {
    const [left, right] = node.args;
    const types = [visit(left, locals)?.type, visit(right, locals)?.type];
    if (types.includes('Money') && node.args.some(isUntyped))
      error(
        node.start,
        'an amount is never like a plain value: write money.fromMajor(…) or money.fromMinor(…) around it',
      );
    reportKinds(left, right);
    reportKinds(right, left);
  };

  const root = (node: ASTNode, name: string): Name | undefined => {
    const known = roots.get(name);
    if (known !== undefined) return known;
    if (namespaces.has(name)) error(node.start, `${name} is no value: write ${name}.…(…)`);
    else error(node.start, elsewhere.get(name) ?? `unknown name "${name}"${nameMeant(name, roots.keys())}`);
    return undefined;
  };

  const field = (
    left: ASTNode,
    name: string | undefined,
    at: number,
    asked: boolean,
    locals: ReadonlySet<string>,
  ): Name | undefined => {
    const owner = left.op === 'id' && !locals.has(left.args) ? root(left, left.args) : visit(left, locals);
    const path = sourceOf(left);
    if (owner?.lowerCaseKeys && name !== undefined && name !== name.toLowerCase())
      error(at, `names of reply headers are in lower case here: write "${name.toLowerCase()}"`);
    const meant = owner?.otherNames?.[name ?? ''];
    if (meant !== undefined) error(at, `${path}.${name ?? ''} is always absent: write ${path}.${meant}`);
    if (owner?.fields === undefined) return undefined;
    if (name === undefined) {
      if (!owner.table) error(at, `write the name of the field of ${path}`);
      return undefined;
    }
    const found = owner.fields.get(name);
    if (found === undefined) {
      const names = [...owner.fields].filter(([, { isForeign }]) => isForeign !== true).map(([own]) => own);
      const has = names.length === 0 ? 'there are none' : `has: ${names.join(', ')}`;
      const message = `${path}.${name} ${owner.miss ?? 'is not known'} (${has})${didYouMean(name, names)}`;
      error(at, owner.elsewhere?.get(name) ?? message);
    } else if (found.optional && !asked) error(at, `${name} is optional: write ${path}.?${name}`);
    return found;
  };

  const call = (node: Extract<ASTNode, { op: 'call' }>, locals: ReadonlySet<string>): void => {
    const [name, args] = node.args;
    const [only] = args;
    known(name, node.start, language.functions, language.methods.has(name) ? `x.${name}(…)` : undefined);
    // `has(x.y)` asks whether y is there, so y may be an optional one.
    if (name === 'has' && only?.op === '.') field(only.args[0], only.args[1], only.pos, true, locals);
    else visitAll(args, locals);
    literalArguments(name, undefined, args);
  };

  const methodCall = (node: Extract<ASTNode, { op: 'rcall' }>, locals: ReadonlySet<string>): void => {
    const [name, receiver, args] = node.args;
    known(name, receiver.end + 1, language.methods, language.functions.has(name) ? `${name}(…)` : undefined);
    if (receiver.op !== 'id' || locals.has(receiver.args) || !namespaces.has(receiver.args)) visit(receiver, locals);
    const variable = macroVariable(node);
    if (variable === undefined) visitAll(args, locals);
    else visitAll(args.slice(1), new Set(locals).add(variable));
    literalArguments(name, receiver, args);
  };

  const known = (name: string, at: number, names: ReadonlySet<string>, otherForm: string | undefined): void => {
    if (names.has(name)) return;
    const instead = replacements.get(name);
    if (instead !== undefined) error(at, `${name} is not part of this language: ${instead}`);
    else if (otherForm !== undefined) error(at, `${name} is written ${otherForm}`);
    else error(at, `unknown function "${name}"${functionMeant(name)}`);
  };

  const literal = (node: Extract<ASTNode, { op: 'value' }>): void => {
    if (typeof node.args === 'number') error(node.start, 'a number that cannot be held exactly');
    if (node.args instanceof UnsignedInt) error(node.start, 'write the number without u');
  };

  /** Arguments that are judged when the file is loaded, as the function itself says. */
  const literalArguments = (name: string, receiver: ASTNode | undefined, args: readonly ASTNode[]): void => {
    const isFirst = receiver !== undefined && language.functions.has(name);
    const judged = isFirst ? [receiver, ...args] : args;
    for (const [place, check] of (language.rows.get(name)?.literals ?? []).entries()) {
      const argument = judged[place];
      const wrong = argument && check?.(argument, use);
      if (argument !== undefined && wrong !== undefined) error(argument.start, wrong);
    }
  };

  /**
   * JSON tells "0" from 0, and what a wallet sends there is not known here. Other formats know nothing but
   * texts.
   */
  const reportKinds = (value: ASTNode, literal: ASTNode): void => {
    if (!isUntyped(value)) return;
    const format = roots.get('response')?.textsOf;
    for (const node of literal.op === 'list' ? literal.args : [literal]) {
      if (format !== undefined) {
        if (isNoText(node))
          error(
            node.start,
            `the values of ${format} are text: write "${sourceOf(node)}"${isTruth(node) ? '' : ', or integer(…) around the value'}`,
          );
        continue;
      }
      const text = literalText(node);
      if (text === undefined || DecimalNumber.parse(text) === undefined) continue;
      const message = `this holds only for the text "${text}", not for the number ${text}: if the wallet sends a number, write ${text} without quotes`;
      findings.push({ message, at: node.start, severity: 'warning' });
    }
  };

  visit(tree, new Set());
  for (const { at, message } of repeatedWork(tree)) error(at, message);
  return findings;
}

type Comparison = Extract<ASTNode, { op: '==' | '!=' | 'in' | '<' | '<=' | '>' | '>=' }>;

function isComparison(node: ASTNode): node is Comparison {
  return ['==', '!=', 'in', '<', '<=', '>', '>='].includes(node.op);
}

/** A value out of the reply's body, whose kind only the wallet knows. */
function isUntyped(node: ASTNode): boolean {
  if (node.op === 'call') return (node.args[0] === 'only' || node.args[0] === 'list') && node.args[1].some(isUntyped);
  if (node.op !== '.' && node.op !== '[]') return false;
  return ['response.body', 'response.fault'].includes(sourceOf(node)) || isUntyped(node.args[0]);
}

const isTruth = (node: ASTNode): boolean => node.op === 'value' && typeof node.args === 'boolean';

function isNoText(node: ASTNode): boolean {
  return node.op === '-_'
    ? isNoText(node.args)
    : node.op === 'value' && typeof node.args !== 'string' && node.args !== null;
}
