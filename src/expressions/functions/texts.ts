// Functions of texts: cutting, replacing, comparing with a pattern, and what is written as a text at all.

import { RE2JS } from 're2js';
import { EvaluationFailure } from '../../codecs/evaluation-failure.js';
import { textOf } from '../../codecs/plain-text.js';
import { affordable } from '../cost.js';
import { literalText } from '../tree.js';
import { onText, type ArgumentCheck, type FunctionRows } from './function-row.js';

const patterns = new Map<string, RE2JS>();

/**
 * The pattern, compiled once; it runs in linear time. Throws RE2JSSyntaxException. Only literals of operator
 * files come here, so the cache is bounded.
 */
function compilePattern(pattern: string): RE2JS {
  const compiled = patterns.get(pattern) ?? RE2JS.compile(pattern);
  patterns.set(pattern, compiled);
  return compiled;
}

const isPattern: ArgumentCheck = (argument) => {
  const pattern = literalText(argument);
  if (pattern === undefined) return 'the pattern of like is a text in quotes: it is compiled at load';
  try {
    compilePattern(pattern);
    return undefined;
  } catch {
    return 'the pattern of like cannot be read, or cannot run in linear time';
  }
};

function integer(text: string): bigint {
  if (!/^-?\d{1,18}$/.test(text)) throw new EvaluationFailure('the text is not a whole number');
  return BigInt(text);
}

function length(count: bigint): number {
  if (count < 0n) throw new EvaluationFailure('a count of characters is not negative');
  return Number(count);
}

function asNumber(bytes: Uint8Array): string {
  return BigInt(`0x0${Buffer.from(bytes).toString('hex')}`).toString();
}

export const texts: FunctionRows = {
  text: {
    forms: {
      'text(string | int | bool | DecimalNumber): string': textOf,
      'text(bytes): string': (bytes: Uint8Array) => new TextDecoder('utf-8', { fatal: true }).decode(bytes),
    },
    sentence: 'The value as a text, a number with the digits it came with; bytes are read as UTF-8.',
    example: { expression: 'text(1.50) + "|" + text(true)', result: '"1.50|true"' },
  },
  integer: {
    forms: { 'integer(int): int': (value: bigint) => value, 'integer(string): int': integer },
    sentence: 'The whole number a text spells; any other text, also an empty one, makes the expression fail.',
    example: { expression: 'integer("-12")', result: '-12' },
  },
  bool: {
    forms: { 'bool(string | bool): bool': 'brought' },
    sentence: 'True or false, as a text spells it.',
    example: { expression: 'bool("true")', result: 'true' },
  },
  upper: {
    forms: onText('upper', [], 'string', (text: string) => text.toUpperCase()),
    sentence: 'The text in capitals.',
    example: { expression: 'upper("aB")', result: '"AB"' },
  },
  lower: {
    forms: onText('lower', [], 'string', (text: string) => text.toLowerCase()),
    sentence: 'The text in small letters.',
    example: { expression: '"aB".lower()', result: '"ab"' },
  },
  trim: {
    forms: { 'trim(string): string': (text: string) => text.trim(), 'string.trim(): string': 'brought' },
    sentence: 'The text without white space at its ends.',
    example: { expression: 'trim(" a ")', result: '"a"' },
  },
  first: {
    // Neither this nor last ever fails: an id shorter than the wallet's longest is taken as it is.
    forms: onText('first', ['int'], 'string', (text: string, count: bigint) => text.slice(0, length(count))),
    sentence: 'So many characters from the start of the text, or all of a shorter one.',
    example: { expression: 'first("abc", 2)', result: '"ab"' },
  },
  last: {
    forms: onText('last', ['int'], 'string', (text: string, count: bigint) =>
      text.slice(Math.max(0, text.length - length(count))),
    ),
    sentence: 'So many characters from the end of the text, or all of a shorter one.',
    example: { expression: 'last("abc", 2)', result: '"bc"' },
  },
  substring: {
    forms: { 'string.substring(int): string': 'brought', 'string.substring(int, int): string': 'brought' },
    sentence: 'The text from the first place to before the second, counted from 0; a place outside it fails.',
    example: { expression: '"player-1".substring(0, 3)', result: '"pla"' },
  },
  indexOf: {
    forms: { 'string.indexOf(string): int': 'brought', 'string.indexOf(string, int): int': 'brought' },
    sentence: 'Where the other text first stands in it, from 0 or from a place on; -1 where it does not.',
    example: { expression: '"a|b|c".indexOf("|")', result: '1' },
  },
  lastIndexOf: {
    forms: { 'string.lastIndexOf(string): int': 'brought', 'string.lastIndexOf(string, int): int': 'brought' },
    sentence: 'Where the other text last stands in it; -1 where it does not.',
    example: { expression: '"a|b|c".lastIndexOf("|")', result: '3' },
  },
  contains: {
    forms: { 'string.contains(string): bool': 'brought' },
    sentence: 'Whether the other text stands anywhere in it.',
    example: { expression: '"TX-12".contains("-")', result: 'true' },
  },
  startsWith: {
    forms: { 'string.startsWith(string): bool': 'brought' },
    sentence: 'Whether it begins with the other text.',
    example: { expression: '"TX-12".startsWith("TX")', result: 'true' },
  },
  endsWith: {
    forms: { 'string.endsWith(string): bool': 'brought' },
    sentence: 'Whether it ends with the other text.',
    example: { expression: '"TX-12".endsWith("TX")', result: 'false' },
  },
  like: {
    forms: onText('like', ['string'], 'bool', (text: string, pattern: string) =>
      compilePattern(pattern).testExact(text),
    ),
    literals: [undefined, isPattern],
    sentence: 'Whether the whole text is as a regular expression says, which stands in quotes and runs in linear time.',
    example: { expression: '"TX12".like("TX[0-9]+")', result: 'true' },
  },
  replace: {
    forms: onText('replace', ['string', 'string'], 'string', (text: string, from: string, to: string) => {
      affordable(text.length * to.length, () => text.split(from).length * to.length);
      return text.replaceAll(from, () => to);
    }),
    sentence: 'The text with each occurrence of the second text replaced by the third, both taken as they are.',
    example: { expression: 'replace("1.250,00", ".", "")', result: '"1250,00"' },
  },
  split: {
    forms: {
      'split(string, string): list<string>': (text: string, separator: string) => text.split(separator),
      'string.split(string): list<string>': 'brought',
      'string.split(string, int): list<string>': 'brought',
    },
    sentence: 'The pieces of the text between the separators, as a method no more than so many.',
    example: { expression: 'split("OK|1250.00|TX99", "|")[1]', result: '"1250.00"' },
  },
  digits: {
    forms: {
      // A hash as a number, for wallets whose ids are digits only.
      'digits(bytes): string': asNumber,
      ...onText('digits', [], 'string', (text: string) => text.replace(/[^0-9]/g, '')),
    },
    sentence: 'The digits of a text and nothing else of it; of bytes, as a hash has them, the decimal number they are.',
    example: { expression: 'digits("tx-12-3")', result: '"123"' },
  },
};
