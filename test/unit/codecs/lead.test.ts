// What scripts print before a reply begins: blank lines, byte order marks of the files they are made of. A bet was
// taken by then, so it is read, as every usual client reads it.

import { describe, expect, test } from '@jest/globals';
import { codecOf, type Format } from '../../../src/codecs/codec-of.js';
import { asPlain } from '../../support/plain-value.js';

const bodies: Readonly<Partial<Record<Format, readonly [string, unknown]>>> = {
  json: ['{"ok":"1"}', { ok: '1' }],
  form: ['ok=1', { ok: '1' }],
  xml: ['<?xml version="1.0" encoding="UTF-8"?><r><ok>1</ok></r>', { r: { ok: '1' } }],
  soap: [
    '<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><ok>1</ok></s:Body></s:Envelope>',
    { ok: '1' },
  ],
};
const leads = ['', '\n', '\r\n', ' \t\n\n', '\ufeff', '\ufeff\ufeff', '\r\n\ufeff', '\ufeff\n'];

describe.each(Object.entries(bodies))('%s', (format, [body, value]) => {
  test.each(leads)('after %j', (lead) => {
    const codec = codecOf(format as Format, 'utf-8');

    for (const end of ['', '\n', ' \r\n\r\n'])
      expect(asPlain(codec.read(Buffer.from(lead + body + end)).content?.body)).toEqual(asPlain(value));
  });
});

test('UTF-8’s mark tells of itself, whatever the charset of the wallet', () => {
  const { content } = codecOf('json', 'iso-8859-9').read(Buffer.from('\ufeff{"name":"Güneş"}'));

  expect(asPlain(content?.body)).toEqual(asPlain({ name: 'Güneş' }));
});
