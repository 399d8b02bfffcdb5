// A wallet that renews the player's session with every bet and wants each win to name its bet: the launch
// tells the bridge, and from there on every replica knows what the wallet wants to hear.

import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SessionWallet } from '../support/session-wallet.js';
import { useStage } from '../support/stage.js';

/** The demo's operator, for a wallet with sessions. */
const withSessions = (demo: string): string =>
  [
    [
      'request: { method: POST }',
      'request: { method: POST, headers: { X-Session: \'${player.?session.orValue("none")}\' } }',
    ],
    [
      'receipt: ${response.body.debitId}',
      'receipt: ${response.body.debitId}\n      session: ${response.headers["x-session"]}',
    ],
    [
      '/credits\n      body:\n',
      '/credits\n      body:\n        bet: ${round.?bet.reference}\n        debit: ${round.?bet.?receipt}\n',
    ],
    ['      receipt: ${response.body.creditId}\n', '      receipt: ${response.body.creditId}\n    after: closeRound\n'],
    [
      '  betWin: legs\n',
      '  betWin: legs\n  closeRound:\n    request: { path: /v2/close, body: { round: "${request.roundID}" } }\n',
    ],
    [
      'errors:\n  - {',
      'policy: { zeroAmounts: forward }\nerrors:\n  - { when: \'${response.body.error.code == "SESSION"}\', result: wrongInput }\n  - {',
    ],
  ].reduce((text, [from = '', to = '']) => {
    if (!text.includes(from)) throw new Error(`the demo's operator has no ${from}`);
    return text.replace(from, () => to);
  }, demo);

let wallet: SessionWallet;
beforeAll(async () => {
  wallet = await SessionWallet.start();
});

const stage = useStage({}, withSessions);
const here = stage.useBridge(() => ({ DEMO_WALLET_URL: wallet.url }));
const there = stage.useBridge(() => ({ DEMO_WALLET_URL: wallet.url }));
afterAll(() => wallet.stop());

const sessionOf = (userID: string, agentID = 'DEMO01'): string => `${here.adminUrl}/sessions/${agentID}/${userID}`;
const tell = (userID: string, launch: object, agentID?: string): Promise<Response> =>
  fetch(sessionOf(userID, agentID), { method: 'PUT', body: JSON.stringify(launch) });
const round = (): { roundID: string } => ({ roundID: randomBytes(16).toString('hex') });

describe('a session follows the player', () => {
  test('without a launch the wallet refuses the bet, and after its end again', async () => {
    const platform = stage.platform(here);

    const before = await platform.deliver(platform.withdraw('alice', '1.00'));
    const told = await tell('alice', { session: wallet.launch(), gameID: '7' });
    const during = await platform.deliver(platform.withdraw('alice', '1.00'));
    const ended = await fetch(sessionOf('alice'), { method: 'DELETE' });
    const after = await platform.deliver(platform.withdraw('alice', '1.00'));

    expect([told.status, ended.status]).toEqual([204, 204]);
    expect([before.code, during.code, after.code]).toEqual([2, 0, 2]);
    expect(wallet.calls.at(-1)?.session).toBe('none');
  });

  test('a session that the wallet renews with every bet is the newest in every replica', async () => {
    const platform = stage.platform(here, there);
    await tell('alice', { session: wallet.launch() });
    const from = wallet.calls.length;

    const codes: (number | null)[] = [];
    for (let i = 0; i < 6; i += 1) codes.push((await platform.deliver(platform.withdraw('alice', '1.00'))).code);

    expect(codes).toEqual([0, 0, 0, 0, 0, 0]);
    expect(new Set(wallet.calls.slice(from).map(({ session }) => session)).size).toBe(6);
  });

  test('a win names its bet, also in the replica that did not make it', async () => {
    const platform = stage.platform(here, there);
    await tell('alice', { session: wallet.launch() });
    const ids = round();
    const bet = platform.withdraw('alice', '2.00', ids);
    const win = platform.deposit('alice', '3.00', ids);

    const codes = [(await platform.deliver(bet)).code, (await platform.deliver(win)).code];

    const [credit] = wallet.seen('credits').slice(-1);
    expect(codes).toEqual([0, 0]);
    expect(credit?.body).toMatchObject({ bet: bet.transactionID, debit: expect.stringMatching(/^debits-/) });
    expect(credit?.body['reference']).toBe(win.transactionID);
  });

  test('a win whose bet was undone, or never made, names none', async () => {
    const platform = stage.platform(here, there);
    await tell('alice', { session: wallet.launch() });
    const ids = round();
    const bet = platform.withdraw('alice', '2.00', ids);
    await platform.deliver(bet);
    await platform.deliver(platform.rollback('alice', bet.transactionID));

    await platform.deliver(platform.deposit('alice', '3.00', ids));

    expect(wallet.seen('credits').at(-1)?.body).not.toHaveProperty('bet');
  });

  test('a round is closed once for each win that is paid, one of nothing too', async () => {
    const platform = stage.platform(here, there);
    await tell('alice', { session: wallet.launch() });
    const [won, lost, both] = [round(), round(), round()];
    const win = platform.deposit('alice', '3.00', won);
    const before = wallet.seen('close').length;

    await platform.deliver(platform.withdraw('alice', '1.00', won));
    await platform.deliver(win);
    await platform.deliver(win);
    await platform.deliver(platform.deposit('alice', '0.00', lost));
    await platform.deliver(platform.betWin('alice', '1.00', '2.00', both));

    const closed = wallet.seen('close').slice(before);
    expect(closed.map(({ body }) => body['round'])).toEqual([won, lost, both].map(({ roundID }) => roundID));
    expect(wallet.calls.at(-1)?.path).toBe('close');
  });

  test('a launch that cannot be read, or of nobody’s agent, says so and repeats nothing', async () => {
    const [unread, nobodys] = [
      await tell('alice', { sesion: 's3cr3t' }),
      await tell('alice', { session: 's3cr3t' }, 'NOBODY01'),
    ];
    const texts = [await unread.text(), await nobodys.text()].join('');

    expect([unread.status, nobodys.status]).toEqual([400, 404]);
    expect(texts).toContain('wrong: session, sesion');
    expect(texts).not.toContain('s3cr3t');
  });

  test('no session stands in the metrics', async () => {
    const metrics = await (await fetch(`${here.adminUrl}/metrics`)).text();

    expect(metrics).toMatch(/wallet_outcomes_total\{operator="demo",call="closeRound",outcome="applied"\} \d/);
    expect(metrics).not.toContain('s3cr3t');
  });
});
