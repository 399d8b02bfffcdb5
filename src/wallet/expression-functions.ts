// The functions of the expression language: text, hashes, patterns, ids, the clock. All pure and synchronous; nothing here may do
// I/O or read a clock or a random source: those values come with the scope.

import { createHash, createHmac } from 'node:crypto';
import { RE2JS } from 're2js';
import { EvaluationFailure, fromScope, Language, textOf } from './expression-language.js';
import { defineMoney } from './expression-money.js';

type Octets = string | Uint8Array;

export const hashes: readonly string[] = ['md5', 'sha1', 'sha256', 'sha512'];
const patterns = new Map<string, RE2JS>();

/** The whole language, to be cloned for the names of each place. */
export const language = new Language();
defineMoney(language);

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
language.define('join(list<string>, string): string', (list: readonly unknown[], separator: string) => {
  if (!list.every((element) => typeof element === 'string')) throw new EvaluationFailure('join wants texts only');
  return list.join(separator);
});

for (const type of ['string', 'bytes']) {
  language.define(`hex(${type}): string`, (value: Octets) => octets(value).toString('hex'));
  language.define(`base64(${type}): string`, (value: Octets) => octets(value).toString('base64'));
  for (const hash of hashes)
    language.define(`${hash}(${type}): bytes`, (value: Octets) => createHash(hash).update(value).digest());
  for (const key of ['string', 'bytes'])
    language.define(`hmac(string, ${key}, ${type}): bytes`, (hash: string, secret: Octets, value: Octets) =>
      createHmac(hash, secret).update(value).digest(),
    );
}

language.define('uuid5(string, string): string', uuid5);
language.define('uuid(): string', () => {
  const maker = fromScope('uuid');
  if (!isMaker(maker)) throw new EvaluationFailure('the scope has no maker of UUIDs');
  return maker();
});
// `now` is epoch milliseconds, the only binary float of the language; these two are all that can be done with it.
language.define('double.unix(): int', (now: number) => BigInt(Math.floor(now / 1000)));
language.define('double.unixMs(): int', (now: number) => BigInt(Math.floor(now)));

/** The pattern, compiled once; it runs in linear time. Throws RE2JSSyntaxException. Only literals of operator files come here, so the cache is bounded. */
export function compilePattern(pattern: string): RE2JS {
  const compiled = patterns.get(pattern) ?? RE2JS.compile(pattern);
  patterns.set(pattern, compiled);
  return compiled;
}

export function isUuid(text: string): boolean {
  return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text);
}

function uuid5(namespace: string, name: string): string {
  if (!isUuid(namespace)) throw new EvaluationFailure('the namespace of uuid5 is not a UUID');
  const hash = createHash('sha1').update(namespace.replaceAll('-', ''), 'hex').update(name).digest().subarray(0, 16);
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  return hash.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function octets(value: Octets): Buffer {
  return typeof value === 'string' ? Buffer.from(value) : Buffer.from(value.buffer, value.byteOffset, value.length);
}

function isMaker(value: unknown): value is () => unknown {
  return typeof value === 'function';
}
