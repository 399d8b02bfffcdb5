// Every phrase that says why a call ended without a clear answer has its word.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { causes } from '../../../src/domain/causes.js';
import { causeOf } from '../../../src/wallet/cause-of.js';

const src = join(__dirname, '../../../src');
const read = (name: string): string => readFileSync(join(src, name), 'utf8');

/** The phrases a file says in a verdict, with what stands for a detail of each. */
function phrasesIn(name: string): string[] {
  const said = /(?:because: |unknown\(|bugWhile\()(?:[^`'\n(]*\? )?(['`])(.+?)\1/g;
  // A choice of two beginnings is left out: what follows it may stand alone.
  return [...read(name).matchAll(said)].map(([, , phrase = '']) =>
    phrase.replace(/^\$\{[^}]*\?[^}]*\}/, '').replaceAll(/\$\{[^}]*\}/g, 'Detail'),
  );
}

const files = ['wallet/breaking.ts', 'wallet/limiting.ts', 'wallet/rendering.ts', 'mapping/reply.ts'];
const phrases = files.flatMap(phrasesIn).filter((phrase) => !/^rendering it|^Detail \(/.test(phrase));

test.each([...new Set(phrases)])('%s', (phrase) => expect(causeOf(phrase)).toBeDefined());

test('they are found in the code', () => expect(phrases.length).toBeGreaterThan(14));

test.each([
  ['timeout', 'timeout'],
  ['connection refused', 'connecting'],
  ['TLS: the certificate has expired', 'tls'],
  ['no access token: connection refused', 'noToken'],
  ['no rule holds (HTTP 500)', 'noRule'],
  ['a fault, and no rule holds (HTTP 500)', 'noRule'],
  ['no rule of the lookup holds (HTTP 404)', 'noRule'],
  ['the body is not JSON: not JSON at character 0 (HTTP 404)', 'unreadable'],
  ['reading its reply failed (TypeError)', 'bug'],
  ['the reply is applied and insufficientFunds at once', 'contradiction'],
] as const)('%s is counted as %s', (phrase, cause) => expect(causeOf(phrase)).toBe(cause));

test('a phrase nobody placed has none', () => {
  expect(causeOf('something new')).toBeUndefined();
  expect(causeOf('toString')).toBeUndefined();
});

test('every word is said of something', () => {
  const text = read('wallet/cause-of.ts');

  expect(Object.keys(causes).filter((cause) => !text.includes(`'${cause}'`))).toEqual([]);
});
