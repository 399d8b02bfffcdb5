// What `simulate --target` finds: each fault of a small hand-written service, one at a time, by the rule its
// page names, and nothing in the same service when it is honest.

import { describe, expect, test } from '@jest/globals';
import { printRun } from '../../src/commands/simulate/print-target.js';
import { wires } from '../../src/stand-ins/platform-callback.js';
import { NOTES, RULES } from '../../src/stand-ins/rounds/rules.js';
import { playRounds, type Report, type RunOptions } from '../../src/stand-ins/rounds/run.js';
import { SCENES, type SceneName } from '../../src/stand-ins/rounds/scenes.js';
import { serviceFaults, startFaultyService, type Service, type ServiceFault } from '../support/faulty-service.js';
import { blocksOf, inlineCodeIn, rowsUnder } from '../support/pages.js';

const page = 'config/simulate-target.md';
const key = 'the-key-nobody-may-see';
const sceneNames = Object.keys(SCENES) as SceneName[];
const faultNames = Object.keys(serviceFaults) as ServiceFault[];

/** Times leave room for a busy machine: only the faults that are about time wait for them. */
const runOf = (targets: [string, ...string[]], dialect: 'seamless' | 'v2'): RunOptions => ({
  targets,
  agentID: 'A1',
  key,
  wire: wires[dialect],
  players: ['ada', 'ben', 'cyd'],
  concurrency: 3,
  mix: new Map(sceneNames.map((name) => [name, SCENES[name].weight])),
  rate: 2_000,
  durationMs: 120_000,
  rounds: 60,
  timeoutMs: 3_000,
  pauseMs: 2,
  settleMs: 1,
  amounts: { least: 10n, most: 500n, unit: 1n },
  seed: 7,
});

interface Played {
  readonly report: Report;
  readonly balances: ReadonlyMap<string, bigint>;
}

async function play(
  dialect: 'seamless' | 'v2',
  fault?: ServiceFault,
  change: Partial<RunOptions> = {},
  { each = 100_000n, isWhole = false } = {},
): Promise<Played> {
  const timeoutMs = change.timeoutMs ?? 3_000;
  const service: Service = await startFaultyService({
    fault,
    dialect,
    agentID: 'A1',
    key,
    players: { ada: each, ben: each, cyd: each },
    isWhole,
    slowMs: timeoutMs + 500,
  });
  try {
    const report = await playRounds({ ...runOf([service.url], dialect), ...change });
    return { report, balances: service.balances };
  } finally {
    await service.close();
  }
}

const foundIn = ({ findings }: Report): string[] => [...findings.rules.keys(), ...findings.notes.keys()];
const brokenIn = ({ findings }: Report) => [...findings.rules].map(([rule, { examples }]) => [rule, examples]);
const mixOf = (...names: SceneName[]): RunOptions['mix'] => new Map(names.map((name) => [name, 1]));

describe.each(['seamless', 'v2'] as const)('an honest service of the dialect %s', (dialect) => {
  test('breaks no rule, and has what the report says', async () => {
    const { report, balances } = await play(dialect, undefined, { rounds: 150 });

    expect(brokenIn(report)).toEqual([]);
    expect([...report.findings.notes.keys()]).toEqual([]);
    expect(report.stopped).toBeUndefined();
    expect([...report.scenes.keys()]).toEqual(expect.arrayContaining(sceneNames));
    for (const [userID, { opening, due, closing }] of report.players) {
      expect(opening).toBe(100_000n);
      expect([userID, due, closing]).toEqual([userID, balances.get(userID), balances.get(userID)]);
    }
    const { staked, won, betsBack, winsBack } = report.total;
    const has = [...balances.values()].reduce((sum, cents) => sum + cents, 0n);
    expect(300_000n - staked + won + betsBack - winsBack).toBe(has);
    expect([staked, won, betsBack, winsBack].every((cents) => cents > 0n)).toBe(true);
  }, 180_000);
});

describe.each(['seamless', 'v2'] as const)('an honest service of the dialect %s, with a habit', (dialect) => {
  test('that pays a win only where it has taken its bet needs no more than --without win-first', async () => {
    const amounts = { least: 50n, most: 100n, unit: 1n };
    const mix = mixOf(...sceneNames.filter((name) => name !== 'win-first'));

    const { report } = await play(dialect, 'win-needs-bet', { rounds: 150, mix, amounts }, { each: 150n });

    expect(brokenIn(report)).toEqual([]);
    expect(report.scenes.get('top-up')).toBeGreaterThan(0);
  }, 180_000);

  test('that has no decimals is played with whole amounts, in every scene', async () => {
    const amounts = { least: 100n, most: 5_000n, unit: 100n };

    const { report } = await play(dialect, undefined, { rounds: 100, amounts }, { isWhole: true });

    expect(brokenIn(report)).toEqual([]);
    expect([...report.scenes.keys()]).toEqual(expect.arrayContaining(sceneNames));
    expect(report.total.staked).toBeGreaterThan(0n);
  }, 180_000);

  test('is never accused by chance, where amounts can only be few', async () => {
    const amounts = { least: 100n, most: 200n, unit: 100n };

    const { report } = await play(dialect, undefined, { rounds: 40, amounts, mix: mixOf('bad-sign', 'other-content') });

    expect(brokenIn(report)).toEqual([]);
  }, 180_000);
});

test('a scene of another amount has one, where there is only one to choose', async () => {
  const amounts = { least: 100n, most: 100n, unit: 100n };

  const { report } = await play('seamless', 'other-amount', { rounds: 3, amounts, mix: mixOf('other-content') });

  expect(foundIn(report)).toContain('other-content');
});

describe('a fault is found', () => {
  const rows = rowsUnder(page, 'What it finds').map(([fault = '', , rule = '']) => ({
    fault: inlineCodeIn(fault)[0] as ServiceFault,
    rule: inlineCodeIn(rule)[0] ?? '',
  }));
  const isOfV2 = (fault: ServiceFault): boolean => serviceFaults[fault].startsWith('v2: ');
  // What takes long is not worth seeing twice.
  const patience: Partial<Record<ServiceFault, Partial<RunOptions>>> = { slow: { timeoutMs: 800 } };

  test.each(rows)(
    '$fault, by $rule',
    async ({ fault, rule }) => {
      const { report } = await play(isOfV2(fault) ? 'v2' : 'seamless', fault, patience[fault]);

      expect(foundIn(report)).toContain(rule);
      const findings = [...report.findings.rules.values(), ...report.findings.notes.values()];
      expect(findings.every(({ count, examples }) => count >= examples.length && examples.length > 0)).toBe(true);
      expect(JSON.stringify(findings.map(({ examples }) => examples))).not.toMatch(/nobody-may-see|[0-9A-F]{64}/);
    },
    180_000,
  );

  test('and each has its row', () => {
    expect(rows.map(({ fault }) => fault)).toEqual(faultNames);
    expect(rowsUnder(page, 'What it finds').map(([, what]) => what)).toEqual(Object.values(serviceFaults));
  });
});

describe('the page', () => {
  const named = (heading: string): string[][] =>
    rowsUnder(page, heading).map(([name = '', ...cells]) => [inlineCodeIn(name)[0] ?? '', ...cells]);

  test('has every rule, and what is only worth knowing', () => {
    expect(named('Rules')).toEqual([...Object.entries(RULES), ...Object.entries(NOTES)]);
  });

  test('has every scene', () => {
    const scenes = Object.entries(SCENES).map(([name, { weight, what }]) => [name, String(weight), what]);

    expect(named('Scenes')).toEqual(scenes);
  });

  test('shows what a report looks like', async () => {
    const change: Partial<RunOptions> = {
      players: ['ada'],
      rounds: 1,
      mix: new Map([['bet-again', 1]]),
      amounts: { least: 100n, most: 500n, unit: 1n },
    };
    const { report } = await play('seamless', 'bet-twice', change);

    const { lines, exitCode } = printRun(report, { ...runOf([''], 'seamless'), ...change }, 'text');

    const shown = blocksOf(page).find(({ heading }) => heading === 'What a report looks like')?.text;
    const sameEveryTime = (text: string): string =>
      text
        .replaceAll(/[0-9a-f]{32}/g, '…')
        .replaceAll(/ +\d+\.\d ms/g, ' … ms')
        .replaceAll(/\(\d+ ms\)/g, '(… ms)')
        .replaceAll(/in \d+\.\d s: [\d.]+ a second, \d+ asked/g, 'in … s: … a second, … asked')
        .replaceAll(/ +(p50|p90|p99|longest)/g, ' $1');
    expect(sameEveryTime(lines.join('\n').trimEnd())).toBe(sameEveryTime(shown ?? '').trimEnd());
    expect(exitCode).toBe(1);
  });
});
