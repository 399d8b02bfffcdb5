// The library's findings in the words of the operator's engineer: what is wrong, and what to write instead. A
// message may quote the expression, never a value it met: that could be a secret or a player's data.

import type { ASTNode, Environment, EvaluationError, ParseError, TypeError as TypeMistake } from '@marcbachmann/cel-js';
import { literalText, sourceOf } from './tree.js';

const typeWords: Readonly<Record<string, string>> = {
  string: 'text',
  int: 'integer',
  bool: 'true/false',
  null: 'null',
  dyn: 'any value',
  bytes: 'bytes',
  double: 'clock',
  DecimalNumber: 'number',
  Money: 'Money',
};

/** A type as the engineer knows it: "list of text" for list<string>. */
export function typeName(type: string): string {
  const [, outer, inner] = /^(dyn|list|map|optional)(?:<(.*)>)?$/.exec(type) ?? [];
  if (outer === 'dyn' && inner !== undefined) return typeName(inner);
  if (outer === 'list') return inner === undefined || inner === 'dyn' ? 'list' : `list of ${typeName(inner)}`;
  if (outer === 'optional') return inner === undefined ? 'an optional value' : `optional ${typeName(inner)}`;
  return outer === 'map' ? 'map' : (typeWords[type] ?? type);
}

/** What makes a value of this type fit for text, a comparison or a request; empty where nothing does. */
export function remedy(type: string): string {
  if (/\boptional\b/.test(type)) return 'it may be absent: write .orValue(…)';
  if (/\bMoney\b/.test(type)) return 'write .minor(), .major(), .number() or .scaled(n)';
  if (/\bbytes\b/.test(type)) return 'write .hex() or .base64()';
  if (type === 'double') return 'write now.unix(), now.unixMs() or now.format(…)';
  return '';
}

const tokens: Readonly<Record<string, string>> = {
  EOF: 'the end',
  LPAREN: '(',
  RPAREN: ')',
  LBRACKET: '[',
  RBRACKET: ']',
  LBRACE: '{',
  RBRACE: '}',
  IDENTIFIER: 'a name',
  NUMBER: 'a number',
  STRING: 'a text',
  BYTES: 'bytes',
  BOOLEAN: 'true or false',
  NULL: 'null',
  COMMA: ',',
  COLON: ':',
  DOT: '.',
  QUESTION: '?',
  EQ: '==',
  NE: '!=',
  AND: '&&',
  OR: '||',
  NOT: '!',
  PLUS: '+',
  MINUS: '-',
  MULTIPLY: '*',
  DIVIDE: '/',
  MODULO: '%',
};

export function parseProblem({ summary }: ParseError): string {
  if (summary === 'Unexpected character: =') return 'write == to compare';
  if (summary === 'Unexpected character: &') return 'write && for "and"';
  if (summary === 'Unexpected character: |') return 'write || for "or"';
  if (summary === 'Unexpected character: @')
    return 'a name with @ stands in brackets: write a["@x"], and "@x" in a to ask whether it is there';
  if (summary.startsWith('Unexpected token: EOF')) return 'the expression ends too early';
  const words = summary.replace(/\b[A-Z]{2,}\b/g, (token) => tokens[token] ?? token);
  return `not an expression: ${words.charAt(0).toLowerCase()}${words.slice(1)}`;
}

/** Types hold spaces, and angle brackets, too. */
const noOverload = /^no such overload: (.*?) (==|!=|<=|>=|[-+*/%<>]|in) (.*)$/;

/** What a type check found. */
export function typeProblem({ code, summary, node }: TypeMistake | ParseError, environment: Environment): string {
  const [, left = '', operator = '', right = ''] = noOverload.exec(summary) ?? [];
  if (operator !== '') return operatorProblem(left, operator, right);
  const [, sign = '', operand = ''] = /^no such overload: ([!-])(.*)$/.exec(summary) ?? [];
  if (sign !== '') return `${sign} does not work on ${typeName(operand)}${after(remedy(operand))}`;
  const [, receiver, call = '', given = ''] =
    /^found no matching overload for '(?:(.*)\.)?(\w+)\((.*)\)'$/.exec(summary) ?? [];
  if (call === 'has' || summary.startsWith('has() invalid argument')) return hasProblem(node);
  if (call !== '') return callProblem(receiver, call, given, environment);
  const source = node === undefined ? 'this' : sourceOf(node);
  switch (code) {
    case 'no_such_key':
    case 'cannot_index_type':
      return `${source} has no such field`;
    case 'incompatible_ternary_branches':
      return 'both sides of : must be of one type';
    case 'invalid_logical_operand':
      return `&& and || want true or false on both sides, found ${quotedType(summary)}`;
    case 'invalid_condition_type':
      return `the condition before ? must be true or false, found ${quotedType(summary)}`;
    case 'optional_expected':
      return 'this value is never absent: .orValue(…) and .or(…) are for what .? gives';
    default:
      return `cannot be worked out: ${summary}`;
  }
}

/** It takes a field by its plain name only. */
function hasProblem(node: (TypeMistake | ParseError)['node']): string {
  const tree = isTree(node) ? node : undefined;
  const asked = tree?.op === 'call' ? tree.args[1][0] : tree;
  if (asked?.op === '[]') {
    const [owner, key] = asked.args;
    const instead =
      literalText(key) === undefined
        ? `${sourceOf(owner)}[?${sourceOf(key)}].hasValue()`
        : `${sourceOf(key)} in ${sourceOf(owner)}`;
    return `has(…) takes no brackets: write ${instead}`;
  }
  return 'has(…) asks for a field by its name, as has(response.body.code) does';
}

const isTree = (node: (TypeMistake | ParseError)['node']): node is ASTNode => node !== undefined && 'op' in node;

function operatorProblem(left: string, operator: string, right: string): string {
  const pair = [left, right];
  const isEquality = operator === '==' || operator === '!=';
  if (isEquality && pair.includes('string') && (pair.includes('int') || pair.includes('DecimalNumber')))
    return 'a text never equals a number: put the number in quotes, or write integer(…) around the text';
  const advice = remedy(left) || remedy(right) || (operator === '+' && pair.includes('string') ? 'write text(…)' : '');
  return `${operator} does not work between ${typeName(left)} and ${typeName(right)}${after(advice)}`;
}

function callProblem(receiver: string | undefined, call: string, given: string, environment: Environment): string {
  const types = given === '' ? [] : given.split(/, (?![^<]*>)/);
  const isMethod = receiver !== undefined;
  const wanted = environment
    .getDefinitions()
    .functions.filter(
      ({ name, receiverType, params }) =>
        name === call && (receiverType !== null) === isMethod && params.every(({ type }) => type !== 'ast'),
    )
    .map(({ params }) => params.map(({ type }) => typeName(type)));
  const alike = wanted.filter(({ length }) => length === types.length);
  const shown = (alike.length > 0 ? alike : wanted).map((names) => `(${names.join(', ')})`);
  const advice = types.map(remedy).find((text) => text !== '') ?? '';
  const takes = shown.length === 0 ? '' : `; it takes ${[...new Set(shown)].join(' or ')}`;
  return `${call} does not take (${types.map(typeName).join(', ')})${advice === '' ? takes : after(advice)}`;
}

const after = (advice: string): string => (advice === '' ? '' : `: ${advice}`);

function quotedType(summary: string): string {
  return typeName(/got '(.*)'$/.exec(summary)?.[1] ?? 'dyn');
}

const reasons: Readonly<Record<string, string>> = {
  no_such_key: 'is absent',
  index_out_of_bounds: 'is absent',
  optional_value_missing: 'is absent',
  no_such_overload: 'does not work with values of these kinds',
  no_matching_overload: 'does not work with values of these kinds',
  invalid_logical_operand: 'is neither true nor false',
  invalid_condition_type: 'is neither true nor false',
  invalid_comprehension_range: 'is no list',
  division_by_zero: 'divides by zero',
  numeric_overflow: 'is past 64 bits',
};

/**
 * Why an expression could not be worked out, with the part of it that could not. The library names kinds
 * here, never values.
 */
export function evaluationProblem({ code, node, summary }: EvaluationError): string {
  const part = node === undefined ? 'the expression' : `\`${sourceOf(node)}\``;
  return `${part} ${reasons[code] ?? 'cannot be worked out'}${after(kindsIn(summary))}`;
}

/** "text + bytes" where that is what does not work. */
function kindsIn(summary: string): string {
  const [, left = '', operator = '', right = ''] = noOverload.exec(summary) ?? [];
  if (operator === '') return '';
  const advice = remedy(bare(left)) || remedy(bare(right)) || (operator === '+' ? textAdvice(left, right) : '');
  return `${typeName(left)} ${operator} ${typeName(right)}${advice === '' ? '' : `, ${advice}`}`;
}

/** A kind the library found in a value it knew nothing of. */
const bare = (type: string): string => /^dyn<(.*)>$/.exec(type)?.[1] ?? type;
const textAdvice = (...types: string[]): string =>
  types.some((type) => bare(type) === 'string') ? 'write text(…)' : '';
