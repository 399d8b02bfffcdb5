// What a running bridge notices by itself, and which files it starts without: secrets that are rotated where they
// are, links that are turned, one broken file among sound ones.

import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startApp, type App } from '../../src/app.js';
import { StartRefused } from '../../src/own-process.js';
import { createLog } from '../../src/observe/log.js';
import { readSettings } from '../../src/settings.js';
import { signText } from '../support/platform-side.js';
import { environment, fileWith, soundFile } from '../support/operator-text.js';
import { until } from '../support/until.js';

let home: string;
let directory: string;
let app: App | undefined;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'wallet-bridge-sources-'));
  directory = join(home, 'operators');
  mkdirSync(directory);
});
afterEach(async () => {
  await app?.stop();
  app = undefined;
  rmSync(home, { recursive: true });
});

async function start(more: NodeJS.ProcessEnv = {}): Promise<App> {
  const env = {
    ...environment,
    ...{ PORT: '0', ADMIN_PORT: '0', HOST: '127.0.0.1', OPERATORS_DIR: directory },
    ...more,
  };
  const read = readSettings(env);
  if ('problems' in read) throw new Error(read.problems.join());
  app = await startApp(read.settings, env, createLog('silent'));
  return app;
}

/** The code of a balance callback; 3 for a key that is not the agent's, 1 where the wallet cannot be reached. */
async function codeOf({ port }: App, key: string, agentID = 'SOUND01'): Promise<number> {
  const fields = { agentID, userID: 'ann' };
  const body = JSON.stringify({ ...fields, sign: signText(Object.values(fields).join(''), key) });
  const answer = await fetch(`http://127.0.0.1:${port}/WalletService/GetBalance`, { method: 'POST', body });
  return ((await answer.json()) as { result: number }).result;
}
const takes = (bridge: App, key: string): Promise<void> =>
  until(`the key ${key} is taken`, async () => (await codeOf(bridge, key)) !== 3, 30_000);

const unreachable = (text: string): string => text.replace('https://wallet.example/api/', 'http://127.0.0.1:1');
const withKeyFile = (path: string): string => unreachable(fileWith(['{ env: GSP_KEY }', `{ file: ${path} }`]));
const [old, fresh] = ['the-first-key-of-all', 'the-key-that-follows'];

describe('a secret that is rotated is noticed', () => {
  test('in its file, elsewhere', async () => {
    const key = join(home, 'key');
    writeFileSync(key, old);
    writeFileSync(join(directory, 'a.yaml'), withKeyFile(key));
    const bridge = await start();
    await takes(bridge, old);

    writeFileSync(key, fresh);

    await takes(bridge, fresh);
    expect(await codeOf(bridge, old)).toBe(3);
  });

  test('by a link that is turned, as an orchestrator does', async () => {
    const secrets = join(home, 'secrets');
    for (const [version, value] of [
      ['..v1', old],
      ['..v2', fresh],
    ] as const) {
      mkdirSync(join(secrets, version), { recursive: true });
      writeFileSync(join(secrets, version, 'key'), value);
    }
    symlinkSync('..v1', join(secrets, '..data'));
    symlinkSync('..data/key', join(secrets, 'key'));
    writeFileSync(join(directory, 'a.yaml'), withKeyFile(join(secrets, 'key')));
    const bridge = await start();
    await takes(bridge, old);

    symlinkSync('..v2', join(secrets, '..next'));
    renameSync(join(secrets, '..next'), join(secrets, '..data'));

    await takes(bridge, fresh);
  });

  test('with the whole OPERATORS_DIR, which is a link, again and again', async () => {
    const versions = [old, fresh, 'the-third-key-of-all'];
    versions.forEach((value, at) => {
      mkdirSync(join(home, `v${at}`));
      writeFileSync(join(home, `v${at}`, 'key'), value);
      writeFileSync(join(home, `v${at}`, 'a.yaml'), withKeyFile(join(directory, 'key')));
    });
    rmSync(directory, { recursive: true });
    symlinkSync('v0', directory);
    const bridge = await start();

    for (const [at, value] of versions.entries()) {
      symlinkSync(`v${at}`, join(home, 'next'));
      renameSync(join(home, 'next'), directory);
      await takes(bridge, value);
    }
  });
});

describe('one broken file', () => {
  const broken = soundFile
    .replace('operator: sound', 'operator: other')
    .replace('SOUND01', 'OTHER01')
    .replace('repeatable: always', 'repeatable: sometimes');
  beforeEach(() => {
    writeFileSync(join(directory, 'a.yaml'), unreachable(soundFile));
    writeFileSync(join(directory, 'b.yaml'), broken.replace('GSP_KEY', 'OTHER_GSP_KEY'));
  });

  test('keeps the bridge from starting', async () => {
    await expect(start()).rejects.toThrow(StartRefused);
  });

  test('keeps no other operator from it where it is tolerated, and is heard of', async () => {
    const bridge = await start({ TOLERATE_BROKEN: '1' });

    expect(await codeOf(bridge, environment.GSP_KEY)).toBe(1);
    expect(await codeOf(bridge, environment.OTHER_GSP_KEY, 'OTHER01')).toBe(4);
    const metrics = await (await fetch(`http://127.0.0.1:${bridge.adminPort}/metrics`)).text();
    expect(metrics).toContain('wallet_bridge_operator_files_broken 1');
    expect(metrics).toContain('wallet_bridge_alarms_total{operator="none",kind="filesBroken"} 1');
  });

  test('is in use once it is mended, and then never replaced by a broken one', async () => {
    const bridge = await start({ TOLERATE_BROKEN: '1' });
    const mended = unreachable(broken).replace('sometimes', 'always').replace('GSP_KEY', 'OTHER_GSP_KEY');
    writeFileSync(join(directory, 'b.yaml'), mended);
    await bridge.reload();
    expect(await codeOf(bridge, environment.OTHER_GSP_KEY, 'OTHER01')).toBe(1);

    writeFileSync(join(directory, 'b.yaml'), broken);
    await bridge.reload();

    expect(await codeOf(bridge, environment.OTHER_GSP_KEY, 'OTHER01')).toBe(1);
  });

  test('does not keep changes of others back while it is tolerated', async () => {
    const bridge = await start({ TOLERATE_BROKEN: '1' });
    writeFileSync(join(directory, 'a.yaml'), unreachable(soundFile).replace('GSP_KEY', 'THIRD_GSP_KEY'));

    await bridge.reload();

    expect(await codeOf(bridge, environment.THIRD_GSP_KEY)).toBe(1);
  });

  test('is the last one: then there is nothing to start', async () => {
    rmSync(join(directory, 'a.yaml'));

    await expect(start({ TOLERATE_BROKEN: '1' })).rejects.toThrow(StartRefused);
  });
});

describe('an address that cannot be listened on', () => {
  test.each([
    [{ HOST: '192.0.2.1' }, /^cannot listen on 192\.0\.2\.1:0 \(EADDRNOTAVAIL\): set HOST to an address/],
    [{ ADMIN_HOST: 'no.such.host.invalid' }, /set ADMIN_HOST to an address/],
  ])('%j is not blamed on the port', async (env, said) => {
    writeFileSync(join(directory, 'a.yaml'), soundFile);

    await expect(start(env)).rejects.toThrow(said);
  });
});
