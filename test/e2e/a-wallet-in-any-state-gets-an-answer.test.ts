// Whatever the wallet does to a call: the platform hears 200 with a code, and the wallet's ledger ends as the
// platform was told.

import { beforeAll, describe, expect, test } from '@jest/globals';
import { formatCents } from '../../src/stand-ins/cents.js';
import type { PlatformPlayer } from '../../src/stand-ins/platform-player.js';
import { useStage } from '../support/stage.js';
import { until } from '../support/until.js';

const faults = [
  'slow',
  'hang',
  'apply-then-hang',
  'reset-before',
  'reset-after',
  'cut-body',
  'garbage',
  'html-200',
  'redirect-302',
  'redirect-307',
  'status-502-before',
  'status-502-after',
  'empty-200',
  'wrong-reference',
  'late',
  'maintenance',
  'oversized',
  'no-balance',
];
const ms = 400;

const players = Object.fromEntries(
  faults.flatMap((fault) => [`bet-${fault}`, `win-${fault}`].map((player) => [player, '50.00'])),
);
// Here every call goes wrong, and each is to be seen: the breaker is not to step in.
const stage = useStage({ players }, (demo) =>
  demo.replace('  format: json', '  format: json\n  breaker: { minimumCalls: 1000 }'),
);
const bridge = stage.useBridge();
let platform: PlatformPlayer;

beforeAll(async () => {
  platform = stage.platform(bridge);
  for (const player of Object.keys(players)) {
    platform.open(player, '50.00');
    await platform.deliver(platform.getBalance(player));
  }
}, 60_000);

const agrees = (player: string) =>
  until(
    `${player} has ${formatCents(platform.expectedCents(player))}`,
    () => stage.actual(player) === platform.expectedCents(player),
    30_000,
  );

describe('a wallet in any state gets an answer', () => {
  test.each(faults)('a bet, and the wallet does: %s', async (fault) => {
    const player = `bet-${fault}`;
    await stage.fault(fault, { times: 9, ms, match: { player, pathIncludes: '/debits' } });

    const { httpStatus, code } = await platform.deliver(platform.withdraw(player, '7.00'));
    await fetch(`${stage.walletUrl}/control/faults`, { method: 'DELETE' });
    await agrees(player);

    expect(httpStatus).toBe(200);
    expect([0, 1]).toContain(code);
  });

  test.each(faults)('a win, and the wallet does: %s', async (fault) => {
    const player = `win-${fault}`;
    await stage.fault(fault, { times: 9, ms, match: { player, pathIncludes: '/credits' } });

    const { httpStatus, code } = await platform.deliver(platform.deposit(player, '9.00'));
    await fetch(`${stage.walletUrl}/control/faults`, { method: 'DELETE' });
    await agrees(player);

    expect([httpStatus, code]).toEqual([200, 0]);
    expect(stage.actual(player)).toBe(5900n);
  });

  test('in the end nothing is unfinished', async () => {
    await until('everything is finished', async () => (await stage.unfinished()).records.length === 0, 30_000);

    expect((await stage.unfinished()).listed).toEqual([]);
  }, 40_000);
});
