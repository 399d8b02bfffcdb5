// The oldest wallet there is, behind an operator file and no code of its own. What it cannot prove is never
// taken for a yes.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startApp } from '../../src/app.js';
import { createLog } from '../../src/observe/log.js';
import { readSettings } from '../../src/settings.js';
import { PlatformPlayer } from '../../src/stand-ins/platform-player.js';
import { inDialect, wire } from '../support/dialect.js';
import { startUglyWallet, type UglyWallet } from '../support/wallets/ugly.js';
import { until } from '../support/until.js';

const file = join(__dirname, '../../config/examples/old-cgi.yaml');
const player = 'Gülşah_Işık';
let wallet: UglyWallet;
let bridge: Bridge;
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'wallet-bridge-ugly-'));
  // The file as it is shipped, with waits short enough for a test.
  const text = await readFile(file, 'utf8');
  await writeFile(
    join(dir, 'operator.yaml'),
    inDialect(text)
      .replace('platform:\n', 'platform:\n  timeout: 3s\n')
      .replace('wallet:\n', 'wallet:\n  timeout: 1s\n'),
  );
  wallet = await startUglyWallet(
    { [player]: 123_456n, yoksul: 100n },
    { path: '/cgi-bin/hesap.cgi', salt: 'tuz', office: 'Şans Bürosu' },
  );
  bridge = await startBridge();
});

afterAll(async () => {
  await bridge.stop();
  await wallet.close();
  await rm(dir, { recursive: true, force: true });
});

type Bridge = Awaited<ReturnType<typeof startBridge>>;

/** A bridge of its own, with a journal of its own, that was handed the players' sessions of this moment. */
async function startBridge() {
  const around = {
    OLDCGI_GSP_KEY: 'platform-test-key',
    OLDCGI_SALT: 'tuz',
    OLDCGI_WALLET_URL: wallet.url,
    HOST: '127.0.0.1',
    PORT: '0',
    ADMIN_PORT: '0',
    OPERATORS_DIR: dir,
  };
  const read = readSettings(around);
  if ('problems' in read) throw new Error(read.problems.join('\n'));
  const app = await startApp(read.settings, around, createLog('silent'));
  const platform = new PlatformPlayer({
    baseUrls: [`http://127.0.0.1:${app.port}/WalletService`],
    agentID: 'OLDCGI01',
    key: 'platform-test-key',
    wire,
  });
  for (const name of [player, 'yoksul'])
    await fetch(`http://127.0.0.1:${app.adminPort}/sessions/OLDCGI01/${encodeURIComponent(name)}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ session: wallet.session(name) }),
    });
  return {
    platform,
    heard: async (callback: Parameters<PlatformPlayer['deliver']>[0]): Promise<string> => {
      const { httpStatus, code, balanceText } = await platform.deliver(callback);
      return `${httpStatus} ${code}${balanceText === null ? '' : ` ${balanceText}`}`;
    },
    stop: async () => {
      platform.close();
      await app.stop();
    },
  };
}

describe('an ugly wallet', () => {
  test('balance, bet, win, both at once and the bet again, through sessions that change with every reply', async () => {
    const bet = bridge.platform.withdraw(player, '1000.00');

    const answers = [
      await bridge.heard(bridge.platform.getBalance(player)),
      await bridge.heard(bet),
      await bridge.heard(bridge.platform.deposit(player, '2345.60')),
      await bridge.heard(bridge.platform.betWin(player, '80.16', '0.02')),
      await bridge.heard(bet),
    ];

    expect(answers).toEqual(['200 0 1234.56', '200 0 234.56', '200 0 2580.16', '200 0 2500.02', '200 0 2500.02']);
    expect(wallet.movements.map(({ kurus }) => kurus)).toEqual([-100_000n, 234_560n, -8_016n, 2n]);
  });

  test('it gets letters in its own charset, ids of 18 digits, and each reply’s session with the next call', () => {
    const [get = '', post = ''] = wallet.calls;

    expect(get).toMatch(
      /^GET \/cgi-bin\/hesap\.cgi\?bayi=%DEans%20B%FCrosu&oyuncu=G%FCl%FEah_I%FE%FDk&oturum=oturum-\w+-0&/,
    );
    expect(post).toMatch(/^POST \/cgi-bin\/hesap\.cgi bayi=%DEans\+B%FCrosu&.*oturum=oturum-\w+-1&/);
    expect(post).toMatch(/&islemno=\d{18}&tutar=-100000&imza=[0-9A-F]{40}$/);
  });

  test('no funds and an unknown player are refusals; the wallet moved nothing', async () => {
    const before = wallet.movements.length;

    const answers = [
      await bridge.heard(bridge.platform.withdraw('yoksul', '1.01')),
      await bridge.heard(bridge.platform.withdraw('yabancı', '1.00')),
    ];

    expect(answers).toEqual(['200 6', '200 5']);
    expect(wallet.movements.length).toBe(before);
  });

  test('-9: a bet is refused, a win is owed and paid when it is over', async () => {
    const before = wallet.kurus(player);
    wallet.moods.push('maintenance', 'maintenance');

    const answers = [
      await bridge.heard(bridge.platform.withdraw(player, '1.00')),
      await bridge.heard(bridge.platform.deposit(player, '7.00')),
    ];
    await until('the win is paid', () => wallet.kurus(player) === before + 700n, 20_000);

    expect(answers).toEqual(['200 1', expect.stringMatching(/^200 0 /)]);
  });

  test('an empty 200 proves nothing: a bet is told as failed, once, and never as a success', async () => {
    wallet.moods.push('overload, but done', 'overload');
    const [landed, lost] = [bridge.platform.withdraw(player, '2.00'), bridge.platform.withdraw(player, '3.00')];

    const answers = [
      await bridge.heard(landed),
      await bridge.heard(lost),
      await bridge.heard(landed),
      await bridge.heard(lost),
    ];

    expect(answers).toEqual(['200 1', '200 1', '200 1', '200 1']);
  });

  test('-7 is said of what was taken and of what was refused, and is never a success', async () => {
    const taken = bridge.platform.withdraw(player, '4.00');
    const refused = bridge.platform.withdraw('yoksul', '50.00');
    await bridge.heard(taken);
    await bridge.heard(refused);
    // Another bridge, which knows nothing of them, sends the same ids again.
    const other = await startBridge();

    const answers = [await other.heard(taken), await other.heard(refused)];
    await other.stop();

    expect(answers).toEqual(['200 1', '200 1']);
    expect(wallet.movements.filter(({ kurus }) => kurus === -400n)).toHaveLength(1);
    expect(wallet.kurus('yoksul')).toBe(100n);
  });
});
