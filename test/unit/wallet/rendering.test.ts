// A call of which no request can be made leaves nothing behind, and is a no only where that is certain to be
// the whole story.
import { describe, expect, test } from '@jest/globals';
import { rendering } from '../../../src/wallet/rendering.js';
import { callReadAs, Innermost, wanted } from '../../support/layered-calls.js';
import { someLeg, someTransaction } from '../../support/transactions.js';

const cannot = callReadAs(
  { kind: 'applied' },
  { render: () => ({ kind: 'cannot', because: 'amount too fine', result: 'wrongInput' }) },
);

test('hands on the request the mapping made', async () => {
  const inner = new Innermost();

  const ended = await rendering(inner.make, () => 0)(wanted('send'));

  expect(ended.verdict).toEqual({ kind: 'applied' });
  expect(inner.seen).toEqual([expect.objectContaining({ name: 'send', request: expect.anything() })]);
});

describe('hands on nothing', () => {
  test.each([
    ['a call the file does not have', { call: undefined }, 'the operator declares no such call'],
    ['a call whose time is over', { settings: { within: 0, mayStillSend: () => true } }, 'no time left'],
    [
      'a mapping that throws, whose text may hold a secret',
      {
        call: callReadAs(
          { kind: 'applied' },
          {
            render: () => {
              throw new TypeError('Bearer top-secret');
            },
          },
        ),
      },
      'rendering it failed (TypeError)',
    ],
  ])('of %s', async (_, change, because) => {
    const inner = new Innermost();

    const ended = await rendering(inner.make, () => 0)(wanted('send', change));

    expect(ended).toMatchObject({ verdict: { kind: 'notApplied', because }, ms: 0, isFailure: false });
    expect(inner.seen).toEqual([]);
  });
});

test('the platform’s mistake is a no at the first send, and proves nothing later or of another call', async () => {
  const make = rendering(new Innermost().make, () => 0);
  const again = { transaction: someTransaction(), leg: someLeg({ sends: 2 }) };

  const because = 'no request can be made: amount too fine';
  const refused = { kind: 'refused', result: 'wrongInput', unmade: true, because };
  expect((await make(wanted('send', { call: cannot }))).verdict).toEqual(refused);
  expect((await make(wanted('send', { call: cannot, subject: again }))).verdict.kind).toBe('notApplied');
  expect(await make(wanted('undo', { call: cannot }))).toMatchObject({
    verdict: { kind: 'notApplied' },
    unmade: 'amount too fine',
  });
});
