import { describe, expect, test } from '@jest/globals';
import { secretMask } from '../../../src/commands/secret-mask.js';
import { fileWith, operatorOf } from '../../support/operator-text.js';

const secret = 'p&ss <w"rd>/ü~';
const env = { GSP_KEY: 'platform-test-key', WALLET_TOKEN: secret };
const { file } = operatorOf(
  fileWith(
    ['  gsp: { env: GSP_KEY }', '  gsp: { env: GSP_KEY }\n  token: { env: WALLET_TOKEN }'],
    ['repeatable: always', 'repeatable: always\n  auth: { type: bearer, token: token }'],
  ),
  { env },
);
const mask = secretMask(file, env);
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('a secret is masked', () => {
  test.each([
    ['as it is', secret],
    ['in a form', 'p%26ss+%3Cw%22rd%3E%2F%C3%BC%7E'],
    ['in a URL', encodeURIComponent(secret)],
    ['in JSON', 'p&ss <w\\"rd>/ü~'],
    ['in a text of XML', 'p&amp;ss &lt;w"rd&gt;/ü~'],
    ['in an attribute of XML', 'p&amp;ss &lt;w&quot;rd&gt;/ü~'],
    ['in hex', Buffer.from(secret).toString('hex')],
    ['in base64', base64(secret)],
    ['in base64 in a form', encodeURIComponent(base64(secret))],
  ])('%s', (_name, form) => {
    expect(mask(`<${form}>`)).toBe('<‹secret:token›>');
  });

  test.each(['', 'u', 'us', 'use', 'user:'])('in base64 behind %j', (before) => {
    const masked = mask(base64(`${before}${secret} and more`));

    expect(masked).toContain('‹secret:token›');
    expect(Buffer.from(masked.replace('‹secret:token›', ''), 'base64').toString('latin1')).not.toContain('ss <w');
  });

  test('and nothing else', () => {
    expect(mask('reference=gsp-1&amount=12.30')).toBe('reference=gsp-1&amount=12.30');
  });
});
