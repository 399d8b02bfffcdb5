// The judge of the fault run: what it lets pass, and each thing it must not.

import { describe, expect, test } from '@jest/globals';
import { parseCents } from '../../../src/stand-ins/cents.js';
import type { LedgerEntry } from '../../../src/stand-ins/ledger.js';
import type { Standing } from '../../../src/stand-ins/platform-book.js';
import { judge } from '../../faults/verdict.mjs';
import { someTransaction } from '../../support/transactions.js';

type Seen = Parameters<typeof judge>[0];
const id = '0123456789abcdef0123456789abcdef';
const fields = { agentID: 'A', userID: 'alice', transactionID: id, roundID: 'r' };
const bet = { operation: 'Withdraw', ...fields, amount: '5.00' } as const;
const spin = { operation: 'BetWin', ...fields, betAmount: '5.00', winAmount: '7.00' } as const;
const second = 1000;

/** An entry of the wallet's ledger, `at` seconds. */
const line = (at: number, kind: LedgerEntry['kind'], cents: bigint, more: Partial<LedgerEntry> = {}): LedgerEntry => ({
  at: new Date(at * second).toISOString(),
  player: 'alice',
  reference: id,
  kind,
  cents,
  balance: 0n,
  ...more,
});
const debit = (at = 1) => line(at, 'debit', -500n);

/** One bet that was told as done at 2 s, after its line in the ledger; `change` says what was otherwise. */
function judged(change: Partial<Seen> = {}, kind = 'always', callback: Seen['plans'][number]['callback'] = bet) {
  return judge({
    plans: [{ kind, callback, walletFaults: [] }],
    book: booked('stands'),
    deliveries: [yes()],
    ledger: [line(0, 'opening', 10_000n, { reference: 'opening' }), debit()],
    unfinished: [],
    unlisted: [],
    alarmed: new Set(),
    calls: [],
    lateWrites: [],
    losses: [],
    faults: [],
    parseCents,
    ...change,
  });
}
const booked = (standing: Standing, effect = -500n): Seen['book'] => [
  { userID: 'alice', transactionID: id, effect, standing },
];
const yes = (more: Partial<Seen['deliveries'][number]> = {}): Seen['deliveries'][number] => ({
  at: 1 * second,
  heard: 2 * second,
  by: 'platform',
  operation: 'Withdraw',
  transactionID: id,
  code: 0,
  stored: { state: 'applied', promised: false, rolledBack: false },
  ...more,
});
const found = (...from: Parameters<typeof judged>) => judged(...from).findings.map(({ what }) => what);

describe('the books agree', () => {
  test('where a bet was told as done and its line stands', () => {
    const { findings, standings, sums } = judged();

    expect(findings).toEqual([]);
    expect(standings).toMatchObject({ stands: 1, failed: 0 });
    expect(sums).toEqual({ told: -500n, ledger: -500n, unfinished: 0n });
  });

  test('where it was told as failed and undone: by a cancellation, or where undos are inverse by the opposite', () => {
    const failed = { book: booked('failed'), deliveries: [yes({ code: 1, stored: undefined })] };
    const cancelled = line(2, 'undo', 500n, { reference: `${id}-r`, of: id });
    const opposite = line(2, 'credit', 500n, { reference: `${id}-r` });

    expect(found({ ...failed, ledger: [debit(), cancelled] })).toEqual([]);
    expect(found({ ...failed, ledger: [debit(), opposite] }, 'always-inverse')).toEqual([]);
    // Each kind has its own undo, and the other's is nobody's line.
    expect(found({ ...failed, ledger: [debit(), opposite] })).toContain(
      'the ledger has lines that are none of its own',
    );
    expect(found({ ...failed, ledger: [debit(), cancelled] }, 'always-inverse')).toContain(
      'the ledger has lines that are none of its own',
    );
  });

  test('where both legs of a betWin stand', () => {
    const won = line(1, 'credit', 700n, { reference: `${id}-w` });
    const both = { book: booked('stands', 200n), ledger: [debit(), won] };

    expect(found(both, 'always', spin)).toEqual([]);
    expect(found({ ...both, ledger: [debit()] }, 'always', spin)).toContain(
      'told stands: 200 cents were due, the ledger moved -500',
    );
  });
});

describe('the judge finds', () => {
  const undone = { book: booked('undone') };
  const undo = (at: number) => line(at, 'undo', 500n, { reference: `${id}-r`, of: id });
  const inverse = (at: number) => line(at, 'credit', 500n, { reference: `${id}-r` });

  test.each<[string, Partial<Seen>, string]>([
    ['a line that is missing', { ledger: [] }, 'told stands: -500 cents were due, the ledger moved 0'],
    ['a bet taken twice', { ledger: [debit(), debit()] }, 'the wallet did its debit 2 times'],
    [
      'an undo before its effect',
      { ...undone, ledger: [undo(1), debit(2)] },
      'the wallet undid its debit before it did it',
    ],
    [
      'two undos of one effect',
      { ...undone, ledger: [debit(), undo(2), undo(3)] },
      'the wallet undid its debit 2 times, having done it 1 times',
    ],
    [
      'an undo of nothing',
      { ...undone, ledger: [undo(1)] },
      'the wallet undid its debit 1 times, having done it 0 times',
    ],
    ['another amount', { ledger: [line(1, 'debit', -400n)] }, 'its debit moved another amount'],
    [
      'another player',
      { ledger: [line(1, 'debit', -500n, { player: 'bob' })] },
      'the ledger has lines that are none of its own',
    ],
    [
      'a line of a transaction nobody made',
      { ledger: [debit(), line(1, 'debit', -1n, { reference: 'f'.repeat(32) })] },
      'the ledger has 1 lines for a transaction nobody made',
    ],
    [
      'a yes before its line, without a stored duty',
      { ledger: [debit(3)] },
      'it was told 0 before the ledger had it, and no duty to deliver was stored',
    ],
    [
      'a yes of which nothing is stored',
      { deliveries: [yes({ stored: 'nothing' })] },
      'it was told 0, and nothing was stored',
    ],
    [
      'a yes that only says that it may have been sent',
      { deliveries: [yes({ stored: { state: 'claimed', promised: false, rolledBack: false } })] },
      'it was told 0, and all that was stored is that it may have been sent',
    ],
    [
      'a rollback told as done before the undo',
      { ...undone, deliveries: [yes({ operation: 'RollbackTransaction' })], ledger: [debit(), undo(3)] },
      'a rollback was told 0 before the undo, and no duty to undo was stored',
    ],
    ['told done and told failed', { book: booked('contradiction') }, 'it was told done and told failed'],
    ['no answer at all', { book: [] }, 'the platform never got the answer it asked for'],
    [
      'a write that came too late',
      { lateWrites: [{ transactionID: id, by: 40 }] },
      'a write was accepted 40 ms after the last instant its writer allowed',
    ],
    ['a record no index lists', { unlisted: [`A:${id}`] }, 'its record is not finished, and no index lists it'],
  ])('%s', (_what, change, finding) => {
    expect(found(change)).toContain(finding);
  });

  test('an inverse undo before its effect', () => {
    expect(found({ ...undone, ledger: [inverse(1), debit(2)] }, 'always-inverse')).toEqual([
      'the wallet undid its debit before it did it',
    ]);
    expect(found({ ...undone, ledger: [debit(1), inverse(2)] }, 'always-inverse')).toEqual([]);
  });

  test('no yes too early where the duty to deliver was stored, or its line is stamped within the clocks’ difference', () => {
    const duty = { state: 'open', goal: 'deliver', promised: true, rolledBack: false } as const;

    expect(found({ ledger: [debit(3)], deliveries: [yes({ stored: duty })] })).toEqual([]);
    expect(found({ ledger: [debit(2.002)] })).toEqual([]);
    expect(found({ ledger: [debit(2.003)] })).toHaveLength(1);
  });
});

describe('what Redis lost', () => {
  const loss = { agentID: 'A', transactionID: id, acknowledged: 2, stored: 0 };
  const adopted = { ...loss, adoptedAt: 5 * second };
  const nothingStored = { deliveries: [yes({ stored: 'nothing' })] };

  test('is a finding where nobody was told', () => {
    expect(found({ losses: [loss] })).toEqual(['its revision 2 was acknowledged, 0 is stored, and nobody was told']);
  });

  test('is settled by hand where the bridge stopped and told of it, whatever follows from what is left of it', () => {
    const undone = [debit(), line(6, 'undo', 500n, { of: id }), line(7, 'undo', 500n, { of: id })];
    const { findings, standings, sums } = judged({ ...nothingStored, losses: [adopted], ledger: undone });

    expect([findings, standings.byHand]).toEqual([[], 1]);
    expect(sums).toEqual({ told: 0n, ledger: 0n, unfinished: 0n });
  });

  test('must not have been doubled before that', () => {
    const twice = [debit(), line(4, 'debit', -500n)];

    expect(found({ ...nothingStored, losses: [adopted], ledger: twice })).toEqual(['the wallet did its debit 2 times']);
  });
});

describe('what is left to a person', () => {
  const held = (more: Partial<Seen> = {}): Partial<Seen> => ({
    ledger: [],
    deliveries: [yes({ stored: { state: 'open', goal: 'deliver', promised: true, rolledBack: false } })],
    unfinished: [
      {
        transactionID: id,
        transaction: someTransaction({ state: 'held', goal: 'deliver', heldBecause: 'nobody knows what became of it' }),
      },
    ],
    ...more,
  });
  const killed = [{ at: 1500, until: 1600, what: 'kill' }];

  test('is no finding where a fault explains it, and its cents are counted as unfinished', () => {
    const { findings, rows, sums } = judged(held({ faults: killed }), 'none');

    expect(findings).toEqual([]);
    expect(rows).toMatchObject([{ id, state: 'held', goal: 'deliver', standing: 'stands', difference: -500n }]);
    expect(sums).toEqual({ told: -500n, ledger: 0n, unfinished: -500n });
  });

  test('must be explained, and may not be there where the wallet can tell', () => {
    expect(found(held(), 'none')).toEqual([expect.stringMatching(/^it is held .* and no fault explains why$/)]);
    expect(found(held({ faults: [{ at: 9000, what: 'kill' }] }), 'none')).toHaveLength(1);
    expect(found(held({ faults: killed }), 'lookup')).toContainEqual(
      expect.stringMatching(/though its wallet can tell, and has refused nothing$/),
    );
  });

  test.each(['refused', 'undoRefused'] as const)('is right where the ledger has a line that says %s', (kind) => {
    const no = line(1, kind, 0n);

    expect(found(held({ faults: killed, ledger: [no] }), 'lookup')).not.toContainEqual(
      expect.stringMatching(/has refused nothing$/),
    );
  });
});
