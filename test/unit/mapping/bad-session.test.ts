// `wallet.onBadSession`: what a file says of a session that is over. A bet needs a live one; what is owed does not.

import { describe, expect, test } from '@jest/globals';
import { sampleCalls, type SampleRequest } from '../../../src/commands/samples/sample-callback.js';
import type { Known } from '../../../src/wallet/compiled-wallet.js';
import { fileWith, operatorOf, problemsOf } from '../../support/operator-text.js';

const told = "reference: '${reference}', s: '${player.?session}', off: '${player.offline}', again: '${repeat}'";
const body = "body: { reference: '${reference}', cents: '${request.amount.minor()}' }";
const offline = fileWith(
  [body, `body: { cents: '\${request.amount.minor()}', ${told} }`],
  [body, `body: { cents: '\${request.amount.minor()}', ${told} }`],
  [
    'repeatable: always',
    'repeatable: successes\n  onBadSession:\n    when: ${response.body.error == "TOKEN"}\n    session: off-${request.userID}-${secrets.gsp.size()}',
  ],
  ['errors:', 'errors:\n  - { when: \'${response.body.error == "TOKEN"}\', result: userNotFound }'],
);

function callOf(
  operation: SampleRequest['operation'],
  known: Known = {},
  more: { again?: true; repeat?: boolean } = {},
) {
  const { again, repeat = false } = more;
  const fields = { userID: 'u1', repeat: String(repeat) };
  const sampled = sampleCalls(operatorOf(offline), { operation, fields });
  const [one] = 'because' in sampled ? [] : sampled.calls;
  if (one === undefined) throw new Error('no call');
  const subject = { ...one.subject, known, ...(again && { again }) };
  const made = one.call.render(subject, 0);
  if (made.kind === 'cannot') throw new Error(made.because);
  const sent: unknown = JSON.parse(Buffer.from(made.request.body ?? []).toString());
  const read = (reply: object) =>
    one.call.read(subject, made.request, { status: 200, headers: {}, body: Buffer.from(JSON.stringify(reply)) }, 0);
  return { sent, read };
}
const live = { session: { session: 's1' } };
const over = { ...live, isOver: true } as const;
const standIn = 'off-u1-17';

describe('a session that is over', () => {
  test.each(['deposit', 'rollback'] as const)(
    'has another one in a %s, and so has one that nobody knows',
    (operation) => {
      expect(callOf(operation, live).sent).toMatchObject({ s: 's1', off: false, again: false });
      expect(callOf(operation, over, { again: true }).sent).toMatchObject({ s: standIn, off: true, again: true });
      expect(callOf(operation).sent).toMatchObject({ s: standIn, off: true, again: false });
    },
  );

  test('has none in a bet', () => {
    expect(callOf('withdraw', live).sent).toMatchObject({ s: 's1', off: false });
    expect(callOf('withdraw').sent).not.toHaveProperty('s');
  });
});

describe('a reply that turns the session away', () => {
  const bad = { error: 'TOKEN', status: 'no' };
  const turnedAway = { kind: 'notApplied', because: 'the wallet turned the session away', reached: true };

  test.each(['deposit', 'rollback'] as const)('is no answer to a %s, whatever else a rule says of it', (operation) => {
    const text = offline.replace('applied: ${response.status == 200}', 'applied: ${response.body.status == "ok"}');
    expect(text).not.toBe(offline);
    const sampled = sampleCalls(operatorOf(text), { operation, fields: { session: 's1' } });
    const [one] = 'because' in sampled ? [] : sampled.calls;
    const made = one?.call.render(one.subject, 0);
    if (one === undefined || made?.kind !== 'request') throw new Error('no request');
    const reply = { status: 200, headers: {}, body: Buffer.from(JSON.stringify(bad)) };

    expect(one.call.read(one.subject, made.request, reply, 0)).toEqual({ verdict: turnedAway, badSession: true });
  });

  test.each([
    [false, { kind: 'refused', result: 'userNotFound', because: 'errors[0] holds (HTTP 200)' }],
    [true, turnedAway],
  ])('refuses a first bet by the rules, and proves nothing of an earlier one (repeat: %s)', (repeat, verdict) => {
    const text = offline.replace('applied: ${response.status == 200}', 'applied: ${response.body.status == "ok"}');
    const sampled = sampleCalls(operatorOf(text), {
      operation: 'withdraw',
      fields: { session: 's1', repeat: String(repeat) },
    });
    const [one] = 'because' in sampled ? [] : sampled.calls;
    const made = one?.call.render(one.subject, 0);
    if (one === undefined || made?.kind !== 'request') throw new Error('no request');
    const reply = { status: 200, headers: {}, body: Buffer.from(JSON.stringify(bad)) };

    expect(one.call.read(one.subject, made.request, reply, 0)).toEqual({ verdict });
  });

  test('that is a yes at once is neither, and is not sent once more', () => {
    expect(callOf('deposit', live).read(bad)).toEqual({
      verdict: { kind: 'unknown', because: 'the reply is applied and a bad session at once' },
    });
  });

  test('must say so itself', () => {
    expect(
      problemsOf(
        offline.replace('response.body.error == "TOKEN"}\n    session', 'response.status != 200}\n    session'),
      ),
    ).toEqual([expect.stringContaining('wallet.onBadSession.when: a no must be said by the reply')]);
  });
});
