// Bodies made to exhaust whoever reads them: each is refused or read at once, with as little memory as it has
// bytes.

import { describe, expect, test } from '@jest/globals';
import { Malformed } from '../../../src/codecs/codec.js';
import { codecOf, formatNames, type Format } from '../../../src/codecs/codec-of.js';

const megabyte = 1024 * 1024;
const repeated = (text: string, bytes = megabyte): string => text.repeat(Math.floor(bytes / text.length));
const nested = (open: string, inner: string, close: string, depth: number): string =>
  open.repeat(depth) + inner + close.repeat(depth);

function readAs(format: Format, text: string): unknown {
  try {
    return codecOf(format, 'utf-8').read(Buffer.from(text)).content;
  } catch (failure) {
    if (failure instanceof Malformed) return failure.message;
    throw failure;
  }
}

describe('a hostile body is refused', () => {
  const laughs = Array.from({ length: 9 }, (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`).join('');

  test.each<[string, Format, string, string]>([
    ['a billion laughs', 'xml', `<!DOCTYPE r [<!ENTITY l0 "ha">${laughs}]><r>&l9;</r>`, 'a DOCTYPE'],
    ['a file of ours', 'xml', '<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/passwd">]><r>&f;</r>', 'a DOCTYPE'],
    ['a DOCTYPE of another host', 'xml', '<!DOCTYPE r SYSTEM "http://127.0.0.1/r.dtd"><r/>', 'a DOCTYPE'],
    ['a parameter entity', 'soap', '<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1/">%p;]><r/>', 'a DOCTYPE'],
    ['elements in elements', 'xml', nested('<a>', '', '</a>', 100_000), 'nested too deep'],
    ['65 elements in elements', 'xml', nested('<a>', '', '</a>', 65), 'nested too deep'],
    ['very many elements', 'xml', `<r>${repeated('<a/>')}</r>`, 'more elements than any reply has'],
    [
      'very many attributes',
      'xml',
      `<r ${Array.from({ length: 30_000 }, (_, at) => `a${at}=""`).join(' ')}/>`,
      'more elements than any reply has',
    ],
    ['an element that never ends', 'xml', `<${repeated('a')}`, 'not well-formed'],
    ['a comment that never ends', 'soap', `<!--${repeated('-')}`, 'not well-formed'],
    ['very many names', 'form', repeated('a=1&'), 'more names than any reply has'],
    ['lines', 'form', `a=1${repeated('\n')}b`, 'a line break'],
    ['brackets in brackets', 'form', `a${repeated('[a]')}=1`, 'nested too deep'],
    ['lists in lists', 'json', nested('[', '', ']', 100_000), 'nested too deep'],
    ['a number of a million digits', 'json', repeated('9'), 'a number of too many digits'],
  ])('%s', (_name, format, text, because) => {
    expect(readAs(format, text)).toContain(because);
  });

  test.each(formatNames)('%s of bytes that are no UTF-8', (format) => {
    const bytes = Buffer.from('<r>a=\xff</r>', 'latin1');

    expect(() => codecOf(format, 'utf-8').read(bytes)).toThrow('not UTF-8');
  });

  test.each(formatNames)('%s in UTF-16', (format) => {
    expect(() => codecOf(format, 'utf-8').read(Buffer.from('\ufeff<r>1</r>', 'utf16le'))).toThrow('not UTF-8');
  });
});

describe('a big body is read', () => {
  test.each<[string, Format, string]>([
    ['one text', 'xml', `<r>${repeated('a')}</r>`],
    ['one CDATA', 'xml', `<r><![CDATA[${repeated(']')}]]></r>`],
    ['one attribute', 'xml', `<r a="${repeated('&lt;')}"/>`],
    ['64 elements in elements', 'xml', nested('<a>', '', '</a>', 64)],
    ['one value', 'form', `a=${repeated('%41')}`],
    ['one open bracket after the other', 'form', `${repeated('[')}=1`],
    ['one text', 'text', repeated('|')],
    ['one text', 'json', `"${repeated('\\n')}"`],
  ])('%s of %s', (_name, format, text) => {
    expect(readAs(format, text)).toHaveProperty('body');
  });
});
