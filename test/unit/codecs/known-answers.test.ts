import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { codecOf, type Format } from '../../../src/codecs/codec-of.js';
import { parseJson } from '../../../src/codecs/json.js';
import { asPlain, list, map, text } from '../../support/plain-value.js';

const directory = join(__dirname, '../../vectors/codecs');
const declaration = '<?xml version="1.0" encoding="UTF-8"?>';
const before: Readonly<Record<string, string>> = { xml: declaration, soap: declaration, form: '' };

describe.each(['xml', 'soap', 'form'] as const)('%s', (format: Format) => {
  // Read with our own parser, because JSON.parse takes a key __proto__ for the prototype.
  const vectors = map(parseJson(readFileSync(join(directory, `${format}.json`), 'utf8')));
  const cases = (name: string) => list(vectors[name]).map((one) => [text(map(one)['name']), map(one)] as const);
  const codec = codecOf(format, 'utf-8');
  const read = (from: string): unknown => codec.read(Buffer.from(from)).content;

  test.each(cases('written'))('writes %s', (_name, { value, text: expected }) => {
    expect(Buffer.from(codec.write(value)).toString()).toBe(`${before[format] ?? ''}${text(expected)}`);
  });

  test.each(cases('read'))('reads %s', (_name, { value, text: from }) => {
    expect(asPlain(read(text(from)))).toBe(asPlain(format === 'soap' ? value : { body: value }));
  });

  test.each(cases('refused'))('refuses %s', (_name, { text: from, because }) => {
    expect(() => read(text(from))).toThrow(text(because));
  });

  test.each(cases('unwritable'))('cannot write %s', (_name, { value, because }) => {
    expect(() => codec.write(value)).toThrow(text(because));
  });
});
