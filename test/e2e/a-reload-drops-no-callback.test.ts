// Operator files change under full load, are broken and mended: every callback is answered, and what began
// with one version of a file is brought to its end by the next one.

import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { inDialect } from '../support/dialect.js';
import { useStage, type BridgeProcess } from '../support/stage.js';
import { poll } from '../../src/demo/processes.js';

const callbacks = 10_000;
const reloads = 20;
const atOnce = 32;

const stage = useStage({ players: { alice: '100000.00', bob: '5.00' } });
let home: string;
let directory: string;
let demo: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'wallet-bridge-reload-'));
  directory = join(home, 'operators');
  await mkdir(directory);
  demo = inDialect(await readFile('config/operators/demo.yaml', 'utf8'));
});

afterAll(() => rm(home, { recursive: true, force: true }));

/** The demo's file with texts replaced. */
function demoWith(...changes: readonly (readonly [string, string])[]): string {
  return changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the demo’s file has no ${from}`);
    return text.replace(from, () => to);
  }, demo);
}

/** Room for a machine with other things to do: what is shown here is not speed. */
const patient = [
  ['timeout: 3s', 'timeout: 40s'],
  ['timeout: 700ms', 'timeout: 10s'],
  ['settle: 5s', 'settle: 5m'],
] as const;

/** As an editor does: the new file whole, then in the place of the old one. */
async function save(text: string): Promise<void> {
  await writeFile(join(home, 'new'), text);
  await rename(join(home, 'new'), join(directory, 'operator.yaml'));
}

/** Looks seldom, for looking costs the bridge time. */
async function soon(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  if ((await poll(async () => (await holds()) || undefined, 30_000)) === undefined)
    throw new Error(`waited in vain: ${what}`);
}

type Counted = Record<'done' | 'refused' | 'unchanged', number>;

async function reloadsOf(bridge: BridgeProcess): Promise<Counted> {
  const text = await (await fetch(`${bridge.adminUrl}/metrics`)).text();
  const count = (outcome: string): number =>
    Number(new RegExp(`^wallet_bridge_reloads_total\\{outcome="${outcome}"\\} (\\d+)$`, 'm').exec(text)?.[1]);
  return { done: count('done'), refused: count('refused'), unchanged: count('unchanged') };
}

async function reloadsReach(bridge: BridgeProcess, outcome: keyof Counted, times: number): Promise<void> {
  await soon(`reload ${outcome} ${times}`, async () => (await reloadsOf(bridge))[outcome] >= times);
}

const startBridge = (): Promise<BridgeProcess> => stage.startBridge({ OPERATORS_DIR: directory });

describe('a reload', () => {
  test('fails none of 10,000 callbacks while files change 20 times', async () => {
    const told: Counted = { done: 0, refused: 0, unchanged: 0 };
    const versions: [keyof Counted, (n: number) => string][] = [
      [
        'done',
        (n) => demoWith(...patient, ['timeout: 10s', `timeout: ${11 + n / 5}s`], ['timeout: 40s', 'timeout: 60s']),
      ],
      ['refused', () => demoWith(...patient, ['rollback:', 'rolback:'])],
      ['done', (n) => demoWith(...patient, ['reference: ${id}', `reference: v${n}-\${id}`])],
      ['refused', () => demo.slice(0, demo.indexOf('operations:'))],
      ['unchanged', (n) => demoWith(...patient, ['reference: ${id}', `reference: v${n - 2}-\${id}`])],
    ];
    await save(demoWith(...patient));
    const bridge = await startBridge();
    const platform = stage.platform(bridge);
    platform.open('alice', '100000.00');
    const play = { begun: 0, answered: 0, ends: false };
    const failed: string[] = [];

    const deliver = async (n: number): Promise<void> => {
      const bet = platform.withdraw('alice', '1.00');
      const callback = [platform.getBalance('alice'), bet, platform.deposit('alice', '1.00')][n % 3] ?? bet;
      const { code, raw } = await platform.deliver(callback);
      play.answered += 1;
      if (code !== 0) failed.push(`${callback.operation}: ${raw}`);
    };
    const player = async (): Promise<void> => {
      while (!play.ends) await deliver(play.begun++);
    };
    const change = async (): Promise<void> => {
      for (let n = 0; n < reloads; n += 1) {
        await soon('callbacks are answered', () => play.answered >= (n * callbacks) / reloads);
        const [outcome, text] = versions[n % versions.length] ?? ['done', () => demo];
        await save(text(n));
        if (outcome === 'unchanged') bridge.hangUp();
        told[outcome] += 1;
        await reloadsReach(bridge, outcome, told[outcome]);
      }
      await soon('the last callbacks are answered', () => play.answered >= callbacks);
    };
    const changes = change().finally(() => (play.ends = true));
    await Promise.all([changes, ...Array.from({ length: atOnce }, player)]);

    expect(failed).toEqual([]);
    expect(play.answered).toBeGreaterThanOrEqual(callbacks);
    expect(await reloadsOf(bridge)).toMatchObject({ done: 8, refused: 8 });
    expect(told).toEqual({ done: 8, refused: 8, unchanged: 4 });
    expect(stage.actual('alice')).toBe(platform.expectedCents('alice'));
    expect(await stage.unfinished()).toEqual({ records: [], listed: [] });
    expect(await bridge.stop()).toBe(0);
  }, 120_000);

  test('lets the new version undo what the old one began, under the references on record', async () => {
    await save(
      demoWith(['reference: ${id}', 'reference: old-${id}'], ['path: /v2/cancellations', 'path: /v2/nowhere']),
    );
    const bridge = await startBridge();
    const platform = stage.platform(bridge);
    const bet = platform.withdraw('bob', '1.00');
    expect((await platform.deliver(bet)).code).toBe(0);
    // The wallet has no such call, so the bridge has the undo on trust.
    expect((await platform.deliver(platform.rollback('bob', bet.transactionID))).code).toBe(0);
    expect((await stage.unfinished()).listed).toHaveLength(1);
    expect(stage.actual('bob')).toBe(400n);

    await save(demoWith(['reference: ${id}', 'reference: new-${id}']));
    await reloadsReach(bridge, 'done', 1);

    await soon('the bet is undone', async () => (await stage.unfinished()).records.length === 0);
    expect(stage.actual('bob')).toBe(500n);
    expect(stage.ledger().filter(({ player }) => player === 'bob')).toMatchObject([
      { kind: 'opening' },
      { kind: 'debit', reference: `old-${bet.transactionID}` },
      { kind: 'undo', reference: `old-${bet.transactionID}-r`, of: `old-${bet.transactionID}` },
    ]);
    expect(await bridge.stop()).toBe(0);
  }, 60_000);

  test('is made at SIGHUP too, where a secret alone changed', async () => {
    const secret = join(home, 'key');
    await writeFile(secret, 'f'.repeat(32));
    await save(demoWith(['gsp: { env: DEMO_GSP_KEY }', `gsp: { file: ${secret} }`]));
    const bridge = await startBridge();
    const platform = stage.platform(bridge);
    expect((await platform.deliver(platform.getBalance('bob'))).code).toBe(3);

    await writeFile(secret, stage.key);
    bridge.hangUp();
    await reloadsReach(bridge, 'done', 1);

    expect((await platform.deliver(platform.getBalance('bob'))).code).toBe(0);
    expect(await bridge.stop()).toBe(0);
  }, 60_000);
});
