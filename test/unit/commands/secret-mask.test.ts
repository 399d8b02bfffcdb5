import { describe, expect, test } from '@jest/globals';
import { secretMask } from '../../../src/commands/secret-mask.js';
import { fileWith, operatorOf } from '../../support/operator-text.js';

const secret = 'p&ss <w"rd>/ü~';
const env = { GSP_KEY: 'platform-test-key', WALLET_TOKEN: secret };
const operator = operatorOf(
  fileWith(
    ['  gsp: { env: GSP_KEY }', '  gsp: { env: GSP_KEY }\n  token: { env: WALLET_TOKEN }'],
    ['repeatable: always', 'repeatable: always\n  auth: { type: bearer, token: token }'],
  ),
  { env },
);
const mask = secretMask(operator, env);

/** With another way to say who is calling. */
function maskWith(auth: string): (text: string) => string {
  const pair = { GSP_KEY: 'platform-test-key', WALLET_USER: 'caller-7', WALLET_TOKEN: secret };
  const text = fileWith(
    [
      '  gsp: { env: GSP_KEY }',
      '  gsp: { env: GSP_KEY }\n  user: { env: WALLET_USER }\n  token: { env: WALLET_TOKEN }',
    ],
    ['repeatable: always', `repeatable: always\n  auth: ${auth}`],
  );
  return secretMask(operatorOf(text, { env: pair }), pair);
}
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

describe('what is sent to say who is calling is masked', () => {
  test('as a pair', () => {
    const mask = maskWith('{ type: basic, username: user, password: token }');

    expect(mask(`Authorization: Basic ${base64(`caller-7:${secret}`)}`)).toBe(
      'Authorization: Basic ‹secret:user:token›',
    );
  });

  test.each([
    ['header', `X-Key: ${secret}`, 'X-Key: ‹secret:token›'],
    ['query', '/debits?X-Key=p%26ss%20%3Cw%22rd%3E%2F%C3%BC~', '/debits?X-Key=‹secret:token›'],
  ])('as a key in a %s', (place, sent, shown) => {
    expect(maskWith(`{ type: apiKey, in: ${place}, name: X-Key, key: token }`)(sent)).toBe(shown);
  });
});
