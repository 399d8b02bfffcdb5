// The functions of the expression language: text, hashes, patterns, ids, the clock. All pure and synchronous; nothing here may do
// I/O or read a clock or a random source: those values come with the scope.

import { RE2JS } from 're2js';
import { clockFormat } from './clock-format.js';
import { defineCollections } from './collections.js';
import { defineDocuments } from './documents.js';
import { defineEscapes } from './escapes.js';
import { fromScope, Language } from '../language.js';
import { defineMoney } from './money.js';
import { defineSigning } from './signing.js';
import { EvaluationFailure } from '../../codecs/evaluation-failure.js';
import { textOf } from '../../codecs/plain-text.js';

const patterns = new Map<string, RE2JS>();

/** The whole language, to be cloned for the names of each place. */
export const language = new Language();
defineMoney(language);
defineSigning(language);
defineCollections(language);
defineDocuments(language);
defineEscapes(language);

for (const type of ['string', 'int', 'bool', 'DecimalNumber']) language.define(`text(${type}): string`, textOf);
language.define('text(bytes): string', (bytes: Uint8Array) => new TextDecoder('utf-8', { fatal: true }).decode(bytes));
language.define('integer(int): int', (value: bigint) => value);
language.define('integer(string): int', (text: string) => {
  if (!/^-?\d{1,18}$/.test(text)) throw new EvaluationFailure('the text is not a whole number');
  return BigInt(text);
});

language.defineOnText('upper', [], 'string', (text: string) => text.toUpperCase());
language.defineOnText('lower', [], 'string', (text: string) => text.toLowerCase());
language.defineOnText('digits', [], 'string', (text: string) => text.replace(/[^0-9]/g, ''));
language.defineOnText('replace', ['string', 'string'], 'string', (text: string, from: string, to: string) =>
  text.replaceAll(from, () => to),
);
language.defineOnText('like', ['string'], 'bool', (text: string, pattern: string) =>
  compilePattern(pattern).testExact(text),
);
language.define('trim(string): string', (text: string) => text.trim());
language.define('split(string, string): list<string>', (text: string, separator: string) => text.split(separator));
// Never fail: an id shorter than the wallet's longest is taken as it is.
language.defineOnText('first', ['int'], 'string', (text: string, count: bigint) => text.slice(0, length(count)));
language.defineOnText('last', ['int'], 'string', (text: string, count: bigint) =>
  text.slice(Math.max(0, text.length - length(count))),
);

language.define('uuid(): string', () => {
  const maker = fromScope('uuid');
  if (!isMaker(maker)) throw new EvaluationFailure('the scope has no maker of UUIDs');
  return maker();
});
// `now` is epoch milliseconds, the only binary float of the language; these are all that can be done with it.
language.define('double.unix(): int', (now: number) => BigInt(Math.floor(now / 1000)));
language.define('double.unixMs(): int', (now: number) => BigInt(Math.floor(now)));
language.define('double.format(string, string): string', (now: number, pattern: string, zone: string) => {
  const format = clockFormat(pattern, zone);
  if (format === undefined) throw new EvaluationFailure('the pattern or the time zone of format is none');
  return format(Math.floor(now));
});

/** The pattern, compiled once; it runs in linear time. Throws RE2JSSyntaxException. Only literals of operator files come here, so the cache is bounded. */
export function compilePattern(pattern: string): RE2JS {
  const compiled = patterns.get(pattern) ?? RE2JS.compile(pattern);
  patterns.set(pattern, compiled);
  return compiled;
}

function length(count: bigint): number {
  if (count < 0n) throw new EvaluationFailure('a count of characters is not negative');
  return Number(count);
}

function isMaker(value: unknown): value is () => unknown {
  return typeof value === 'function';
}
