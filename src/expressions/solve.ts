// Turns rules round: what a reply must say so that an expression about it comes to a value. It reads the
// syntax tree and puts values where the expression looks for them, and asks the expression itself whether
// that was right; so it may find nothing, but never something wrong. It is one walk over all kinds of nodes,
// which is why it is long.

import type { ASTNode } from '@marcbachmann/cel-js';
import { Money } from '../domain/money.js';
import { DecimalNumber } from '../codecs/decimal-number.js';
import { textOf } from '../codecs/plain-text.js';
import { valueAt, withValue, type Draft, type Spot } from './draft.js';
import { treeOf } from './expressions.js';
import { literalText, macroVariable, partsOf, sourceOf } from './tree.js';

export interface Bench {
  /** What an expression comes to on a draft; undefined where it cannot be worked out. */
  readonly valueOf: (expression: string, draft: Draft) => unknown;
  /** The text behind a var of the file. */
  readonly variable: (name: string) => string | undefined;
  /** Tried where anything will do, the first first. */
  readonly fillers: readonly string[];
}

/** The variables of `exists(…)` and its like, and where in the reply each stands. */
type Locals = ReadonlyMap<string, Spot>;

/** Attempts after which an expression counts as one that cannot be turned round. */
const mostAttempts = 500;
/** More decimals than any currency's unit has. */
const mostDecimals = 20;

/**
 * Drafts made of this one on which the value `${…}` comes to `wanted`, those that change least first. None:
 * it cannot be turned round.
 */
export function* solve(source: string, wanted: unknown, draft: Draft, bench: Bench): Generator<Draft> {
  const tree = treeOf(source);
  if (tree === undefined) return;
  let attempts = 0;

  const value = (node: ASTNode, on: Draft, locals: Locals): unknown => bench.valueOf(textOfNode(node, locals), on);

  /** Each draft on which the node comes to the value. */
  function* reach(node: ASTNode, want: unknown, on: Draft, locals: Locals): Generator<Draft> {
    if (isAlike(value(node, on, locals), want)) yield on;
    if (!readsReply(node, locals, bench)) return;
    for (const next of ways(node, want, on, locals)) {
      if (++attempts > mostAttempts) return;
      if (isAlike(value(node, next, locals), want)) yield next;
    }
  }

  function* inTurn(nodes: readonly ASTNode[], want: unknown, on: Draft, locals: Locals): Generator<Draft> {
    const [first, ...rest] = nodes;
    if (first === undefined) yield on;
    else for (const next of reach(first, want, on, locals)) yield* inTurn(rest, want, next, locals);
  }

  function* any(node: ASTNode, wants: readonly unknown[], on: Draft, locals: Locals): Generator<Draft> {
    for (const want of wants) yield* reach(node, want, on, locals);
  }

  /** What may be tried; whether it was right is asked afterwards. */
  function* ways(node: ASTNode, want: unknown, on: Draft, locals: Locals): Generator<Draft> {
    const spot = spotOf(node, locals, bench);
    if (spot !== undefined) {
      for (const written of writings(want, valueAt(on, spot))) yield* some(withValue(on, spot, written));
      return;
    }
    switch (node.op) {
      case '&&':
        if (want === true) yield* inTurn(node.args, true, on, locals);
        else for (const part of node.args) yield* reach(part, false, on, locals);
        return;
      case '||':
        if (want === false) yield* inTurn(node.args, false, on, locals);
        else for (const part of node.args) yield* reach(part, true, on, locals);
        return;
      case '!_':
        return yield* reach(node.args, want !== true, on, locals);
      case '-_':
        return yield* any(node.args, [negative(want)].filter(isThere), on, locals);
      case '==':
      case '!=':
        return yield* compared(node.args, (node.op === '==') === (want === true), on, locals);
      case 'in': {
        const [item, list] = node.args;
        const among = value(list, on, locals);
        return Array.isArray(among) && want === true ? yield* any(item, among, on, locals) : undefined;
      }
      case '<':
      case '<=':
      case '>':
      case '>=':
        for (const [one, other] of [node.args, [...node.args].reverse()] as const)
          if (one !== undefined && other !== undefined) yield* any(one, around(value(other, on, locals)), on, locals);
        return;
      case '?:': {
        const [condition, then, otherwise] = node.args;
        for (const [holds, part] of [[true, then] as const, [false, otherwise] as const])
          for (const next of reach(condition, holds, on, locals)) yield* reach(part, want, next, locals);
        return;
      }
      case '+':
        return yield* summed(node.args, want, on, locals);
      case '.':
      case '.?':
      case '[]':
      case '[?]':
        return yield* piece(node.args[0], node.args[1], want, on, locals);
      case 'call':
        return yield* called(node.args[0], node.args[1], want, on, locals);
      case 'rcall': {
        const [name, receiver, operands] = node.args;
        if (macroVariable(node) !== undefined) return yield* listed(name, receiver, operands, on, locals);
        const isNamespace = receiver.op === 'id' && ['money', 'optional'].includes(receiver.args);
        return yield* called(name, isNamespace ? operands : [receiver, ...operands], want, on, locals);
      }
      case 'id':
      case 'value':
      case 'list':
      case 'map':
      case '-':
      case '*':
      case '/':
      case '%':
        return;
    }
  }

  function* compared(sides: readonly [ASTNode, ASTNode], alike: boolean, on: Draft, locals: Locals): Generator<Draft> {
    for (const [one, other] of [sides, [sides[1], sides[0]]] as const) {
      const goal = value(other, on, locals);
      if (!alike) yield* any(one, [...bench.fillers, 0n, 1n, true, false], on, locals);
      else if (goal !== undefined) yield* reach(one, goal, on, locals);
    }
  }

  /** A sum of amounts or of texts: one part takes what the others leave. */
  function* summed(parts: readonly [ASTNode, ASTNode], want: unknown, on: Draft, locals: Locals): Generator<Draft> {
    for (const [one, other] of [parts, [parts[1], parts[0]]] as const) {
      const rests = want instanceof Money ? [value(other, on, locals), Money.zero] : [value(other, on, locals)];
      for (const rest of rests) {
        if (want instanceof Money && rest instanceof Money)
          for (const next of reach(other, rest, on, locals)) yield* reach(one, want.minus(rest), next, locals);
        if (typeof want === 'string' && typeof rest === 'string')
          yield* any(one, [want.slice(rest.length), want.slice(0, want.length - rest.length)], on, locals);
      }
    }
  }

  /** `split(text, ";")[1]`, and a field of a var. */
  function* piece(owner: ASTNode, key: ASTNode | string, want: unknown, on: Draft, locals: Locals): Generator<Draft> {
    const variable = owner.op === 'id' && owner.args === 'vars' ? bench.variable(nameOf(key) ?? '') : undefined;
    const tree = variable === undefined ? undefined : treeOf(variable);
    if (tree !== undefined) return yield* ways(tree, want, on, locals);
    const at = typeof key === 'string' ? undefined : value(key, on, locals);
    const text = textOf(want);
    const [cut, separator] = splitting(owner);
    if (typeof at !== 'bigint' || text === undefined || cut === undefined || separator === undefined) return;
    const whole = value(cut, on, locals);
    const divider = textOf(value(separator, on, locals)) ?? '';
    const pieces = (typeof whole === 'string' ? whole : '').split(divider);
    while (pieces.length <= Number(at)) pieces.push('');
    pieces[Number(at)] = text;
    yield* reach(cut, pieces.join(divider), on, locals);
  }

  function* called(
    name: string,
    [first, second, third]: readonly ASTNode[],
    want: unknown,
    on: Draft,
    locals: Locals,
  ): Generator<Draft> {
    if (first === undefined) return;
    const other = second === undefined ? undefined : value(second, on, locals);
    const text = textOf(want);
    switch (name) {
      case 'fromMajor':
      case 'fromMinor':
      case 'fromScaled':
        if (want instanceof Money) yield* any(first, spellings(want), on, locals);
        return;
      case 'has':
        return want === true ? yield* any(first, bench.fillers, on, locals) : undefined;
      case 'like':
        return want === true ? yield* any(first, bench.fillers, on, locals) : undefined;
      case 'startsWith':
      case 'endsWith':
      case 'contains': {
        if (want !== true || typeof other !== 'string') return;
        const now = value(first, on, locals);
        const rest = typeof now === 'string' ? now : '';
        return yield* any(first, [other + rest, rest + other], on, locals);
      }
      case 'size': {
        const spot = spotOf(first, locals, bench);
        const items = spot && valueAt(on, spot);
        if (spot === undefined || typeof want !== 'bigint') return;
        const kept: unknown[] = Array.isArray(items) ? items.slice(0, Number(want)) : [];
        while (kept.length < Number(want)) kept.push(kept.at(-1) ?? {});
        return yield* some(withValue(on, spot, kept));
      }
      case 'orValue':
      case 'list':
      case 'or':
        return yield* reach(first, want, on, locals);
      case 'replace': {
        const to = third === undefined ? undefined : value(third, on, locals);
        if (text === undefined || typeof other !== 'string' || typeof to !== 'string') return;
        return yield* any(first, to === '' ? [text] : [text.replaceAll(to, other), text], on, locals);
      }
      case 'text':
      case 'integer':
      case 'bool':
      case 'digits':
      case 'first':
      case 'last':
      case 'substring':
        return text === undefined ? undefined : yield* any(first, [text, want], on, locals);
      case 'upper':
      case 'lower':
      case 'trim':
        return text === undefined
          ? undefined
          : yield* any(first, [text, text.toLowerCase(), text.toUpperCase()], on, locals);
      default:
        return;
    }
  }

  /** `exists` and `all`: over what the list has, then over one item more. */
  function* listed(
    name: string,
    list: ASTNode,
    [variable, rule]: readonly ASTNode[],
    on: Draft,
    locals: Locals,
  ): Generator<Draft> {
    const spot = spotOf(list, locals, bench);
    if (spot === undefined || variable?.op !== 'id' || rule === undefined) return;
    const items = valueAt(on, spot);
    const count = Array.isArray(items) ? items.length : 0;
    const ofItem = (at: number): Locals => new Map([...locals, [variable.args, [...spot, at]]]);
    if (name === 'all') {
      let drafts = [on];
      for (let at = 0; at < Math.max(count, 1); at++)
        drafts = drafts.flatMap((draft) => [...reach(rule, true, draft, ofItem(at))].slice(0, 1));
      yield* drafts;
    } else for (let at = 0; at <= count; at++) yield* reach(rule, true, on, ofItem(at));
  }

  yield* reach(tree, wanted, draft, new Map());
}

function* some(draft: Draft | undefined): Generator<Draft> {
  if (draft !== undefined) yield draft;
}

const isThere = (value: unknown): boolean => value !== undefined;
const nameOf = (key: ASTNode | string): string | undefined => (typeof key === 'string' ? key : literalText(key));

/** Text and separator of a `split`, in either form. */
function splitting(node: ASTNode): readonly (ASTNode | undefined)[] {
  if (node.op === 'call' && node.args[0] === 'split') return node.args[1];
  return node.op === 'rcall' && node.args[0] === 'split' ? [node.args[1], ...node.args[2]] : [];
}

function negative(want: unknown): unknown {
  if (want instanceof Money) return want.negated();
  return typeof want === 'bigint' ? -want : undefined;
}

/** Numbers and texts on both sides of a bound. */
function around(bound: unknown): unknown[] {
  if (typeof bound === 'bigint') return [bound, bound + 1n, bound - 1n];
  return bound instanceof Money ? [bound, bound.plus(Money.of(1n, 0)), bound.minus(Money.of(1n, 0))] : [bound];
}

/** An amount in every unit it may be counted in; which is meant, the expression itself says. */
function spellings(amount: Money): unknown[] {
  const major = amount.toString();
  const counts = Array.from({ length: mostDecimals }, (_, decimals) => amount.in(decimals));
  return [major, DecimalNumber.of(amount), ...counts].filter(isThere);
}

/** One value as what stands there now is written, or in another way. */
function writings(want: unknown, now: unknown): unknown[] {
  const text = textOf(want);
  if (text === undefined || typeof want === 'boolean') return [want];
  const number = DecimalNumber.parse(text);
  if (number === undefined || typeof now === 'string') return [want, text].slice(typeof now === 'string' ? -1 : 0);
  return typeof now === 'bigint' || now instanceof DecimalNumber ? [number, want] : [want, number];
}

function isAlike(one: unknown, other: unknown): boolean {
  if (one instanceof Money && other instanceof Money) return one.compare(other) === 0;
  if (one instanceof DecimalNumber && other instanceof DecimalNumber) return one.value.compare(other.value) === 0;
  return one !== undefined && one === other;
}

function readsReply(node: ASTNode, locals: Locals, bench: Bench): boolean {
  if (node.op === 'id') return node.args === 'response' || locals.has(node.args);
  const variable = node.op === '.' && node.args[0].op === 'id' && node.args[0].args === 'vars' ? node.args[1] : '';
  const tree = variable === '' ? undefined : treeOf(bench.variable(variable) ?? '');
  return [...partsOf(node), ...(tree === undefined ? [] : [tree])].some((part) => readsReply(part, locals, bench));
}

/** The place in the reply a node names; undefined where it names none, or works something out. */
function spotOf(node: ASTNode, locals: Locals, bench: Bench): Spot | undefined {
  if (node.op === 'id') return node.args === 'response' ? [] : locals.get(node.args);
  if (node.op === '.' || node.op === '.?') {
    const [owner, name] = node.args;
    if (owner.op === 'id' && owner.args === 'vars') {
      const tree = treeOf(bench.variable(name) ?? '');
      return tree && spotOf(tree, locals, bench);
    }
    const around = spotOf(owner, locals, bench);
    return around && [...around, name];
  }
  if (node.op !== '[]' && node.op !== '[?]') return undefined;
  const [owner, key] = node.args;
  const around = spotOf(owner, locals, bench);
  const step = literalText(key) ?? (key.op === 'value' && typeof key.args === 'bigint' ? Number(key.args) : undefined);
  return around === undefined || step === undefined || around.length === 0 ? undefined : [...around, step];
}

/** The node as it would be written outside of the macro it stands in. */
function textOfNode(node: ASTNode, locals: Locals): string {
  const uses = usesOf(node, locals).sort((a, b) => a.start - b.start);
  let text = '';
  let from = node.start;
  for (const use of uses) {
    text += node.input.slice(from, use.start) + pathText(locals.get(use.name) ?? []);
    from = use.end;
  }
  return uses.length === 0 ? sourceOf(node) : text + node.input.slice(from, node.end);
}

function usesOf(node: ASTNode, locals: Locals): { name: string; start: number; end: number }[] {
  if (node.op === 'id') return locals.has(node.args) ? [{ name: node.args, start: node.start, end: node.end }] : [];
  return partsOf(node).flatMap((part) => usesOf(part, locals));
}

const pathText = ([part = '', ...steps]: Spot): string =>
  `response.${part}${steps.map((step) => (typeof step === 'number' ? `[${step}]` : `[${JSON.stringify(step)}]`)).join('')}`;
