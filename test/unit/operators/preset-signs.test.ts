// Signs that are known beforehand: the request a preset makes of the very same values must carry them.

import { describe, expect, test } from '@jest/globals';
import { sampleCalls } from '../../../src/commands/samples/sample-callback.js';
import type { Known } from '../../../src/wallet/compiled-wallet.js';
import { operatorOf } from '../../support/operator-text.js';

const platform = 'platform:\n  agents: [{ agentID: SIGNING01, currency: EUR, keys: [gsp] }]\n';

/** The one request of a bet or a betWin of player p1 in round r1. */
function requestOf(
  text: string,
  operation: 'withdraw' | 'betWin',
  fields: Readonly<Record<string, string>>,
  known: Known = {},
) {
  const operator = operatorOf(`version: 1\noperator: signing\n${platform}${text}`, {
    env: { GSP_KEY: 'platform-test-key', WALLET_SECRET: 'secret' },
  });
  const ids = { userID: 'p1', roundID: 'r1', transactionID: 't1' };
  const sampled = sampleCalls(operator, { operation, fields: { ...ids, ...fields } });
  if ('because' in sampled) throw new Error(sampled.because);
  const [only] = sampled.calls;
  const made = only?.call.render({ ...only.subject, known }, 1_700_000_000_000);
  if (made?.kind !== 'request') throw new Error(made?.because);
  return { headers: made.request.headers, body: Buffer.from(made.request.body ?? []).toString('utf8') };
}

describe('a sign known beforehand', () => {
  test('of SOFTSWISS: HMAC-SHA256 over the body as it is sent', () => {
    const text = `extends: softswiss
secrets: { gsp: { env: GSP_KEY }, authToken: { env: WALLET_SECRET } }
settings: { game: demo:slot }
wallet: { baseUrl: https://wallet.example, reference: '\${id.replace("-", "")}' }
`;

    const { headers, body } = requestOf(text, 'betWin', { betAmount: '1.00', winAmount: '2.50' });

    expect(body).toBe(
      '{"user_id":"p1","currency":"EUR","game":"demo:slot","game_id":"r1","finished":true,"actions":[{"action":"bet","amount":100,"action_id":"t1"},{"action":"win","amount":250,"action_id":"t1w"}]}',
    );
    expect(headers['X-REQUEST-SIGN']).toBe('86201161e0c01c41bc0303a53c381e0ed8f0afd601178b38c09c198aae71f476');
  });

  test('of Slotegrator: HMAC-SHA1 over body and headers, sorted, as PHP encodes them', () => {
    const text = `extends: slotegrator
secrets: { gsp: { env: GSP_KEY }, merchantKey: { env: WALLET_SECRET } }
settings: { merchantID: m1, gameUuid: g1 }
wallet: { baseUrl: https://wallet.example, request: { headers: { X-Nonce: n1 } } }
operations: { withdraw: { request: { body: { round_id: null, finished: null } } } }
`;

    const { headers, body } = requestOf(text, 'withdraw', { amount: '1.00' }, { session: { session: 's 1' } });

    expect(new URLSearchParams(body).get('session_id')).toBe('s 1');
    expect(headers).toMatchObject({
      'X-Merchant-Id': 'm1',
      'X-Timestamp': '1700000000',
      'X-Sign': 'c6f96120d1b07c2767f4ffda99b7a041f2fdceeb',
    });
  });
});
