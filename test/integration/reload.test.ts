// Operator files read again: what is kept, what is replaced, and that nothing changes while anything is
// wrong.

import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { MemoryFacts } from '../../src/journal/memory-facts.js';
import { createLog } from '../../src/observe/log.js';
import { createMonitor } from '../../src/observe/create-monitor.js';
import type { Monitor } from '../../src/observe/monitor.js';
import { formatProblem } from '../../src/yaml/diagnostics.js';
import { loadAgain, loadOperators, type Loaded } from '../../src/operators/load.js';
import { createReload, type Reloaded } from '../../src/operators/reload.js';
import { createOperatorSet } from '../../src/operators/operator-set.js';
import { environment, fileWith, soundFile } from '../support/operator-text.js';
import { until } from '../support/until.js';

let directory: string;
const path = (name: string): string => join(directory, name);
const write = (name: string, text: string): void => writeFileSync(path(name), text);

const options = { env: environment };
const first = (): Loaded => loadOperators([directory], options);
const again = (before: Loaded): Promise<Loaded> => loadAgain([directory], before, options);
const messages = ({ problems }: Loaded): string[] => problems.map(formatProblem);

/** Another operator with an agent and a key of its own. */
const fileOf = (name: string): string =>
  fileWith(
    ['operator: sound', `operator: ${name}`],
    ['SOUND01', `${name.toUpperCase()}01`],
    ['GSP_KEY', `${name.toUpperCase()}_GSP_KEY`],
  );
const other = fileOf('other');
const secretFile = (): string => fileWith(['{ env: GSP_KEY }', `{ file: ${path('key')} }`]);

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wallet-bridge-reload-'));
  write('a.yaml', soundFile);
  write('b.yaml', other);
});

afterEach(() => rmSync(directory, { recursive: true }));

describe('files read again', () => {
  test('are the same operators where nothing changed', async () => {
    const before = first();

    const { operators } = await again(before);

    expect(operators).toHaveLength(2);
    operators.forEach((operator, index) => expect(operator).toBe(before.operators[index]));
  });

  test('one that changed is another operator, the rest are the same', async () => {
    const before = first();
    write('a.yaml', fileWith(['repeatable: always', 'repeatable: successes']));

    const { operators } = await again(before);

    expect(operators[0]).not.toBe(before.operators[0]);
    expect(operators[0]?.terms.legs.withdraw.repeatable).toBe('successes');
    expect(operators[1]).toBe(before.operators[1]);
  });

  test('a secret that changed in its file makes another operator', async () => {
    write('key', 'the-first-test-key');
    write('a.yaml', secretFile());
    const before = first();
    write('key', 'the-second-test-key');

    const { operators } = await again(before);

    expect(operators[0]).not.toBe(before.operators[0]);
    expect(operators[0]?.agents[0]?.keys[0]?.export().toString()).toBe('the-second-test-key');
  });

  test('others have their turn while a large one is compiled', async () => {
    const before = first();
    const rules = Array.from(
      { length: 300 },
      (_, n) => `  - { when: '\${response.body.error == "E${String(n)}"}', result: generalError, outcome: refused }\n`,
    );
    write('a.yaml', fileWith(['errors:\n', `errors:\n${rules.join('')}`]));
    let turns = 0;
    const other = setInterval(() => (turns += 1), 0);

    const { operators, problems } = await again(before);
    clearInterval(other);

    expect(messages({ operators, problems, files: [] })).toEqual([]);
    expect(operators[0]?.file.errors.length).toBeGreaterThan(300);
    expect(turns).toBeGreaterThan(10);
  });

  test('what two files say together is found, and forgotten when it is mended', async () => {
    const before = first();
    write('b.yaml', soundFile);
    expect(messages(await again(before))).toEqual([
      `${path('b.yaml')}:2:11 operator: stands in ${path('a.yaml')} already; expected each only once`,
      `${path('b.yaml')}:4:23 platform.agents[0].agentID: stands in ${path('a.yaml')} already; expected each only once`,
    ]);

    renameSync(path('a.yaml'), path('c.yaml'));
    write('b.yaml', other);

    expect(messages(await again(before))).toEqual([]);
  });

  test('a warning is still there', async () => {
    write('a.yaml', fileWith(['https:', 'http:']));
    const before = first();

    expect(messages(await again(before))).toEqual(messages(before));
    expect(before.problems).toHaveLength(1);
  });
});

describe('a reload', () => {
  let told: Reloaded[];
  let used: Loaded[];
  let failures: unknown[];
  let reads: number;

  const reloading = (load: (before: Loaded) => Promise<Loaded> = again) =>
    createReload(first(), {
      load: (before) => {
        reads += 1;
        return load(before);
      },
      use: (loaded) => used.push(loaded),
      tell: (reloaded) => told.push(reloaded),
      failed: (error) => failures.push(error),
    });

  beforeEach(() => {
    told = [];
    used = [];
    failures = [];
    reads = 0;
  });

  test('uses what is sound', async () => {
    const reload = reloading();
    write('a.yaml', fileWith(['https:', 'http:']));
    write('c.yaml', fileOf('third'));

    await reload();

    expect(told).toEqual([{ outcome: 'done', problems: [expect.stringContaining('wallet.baseUrl: warning:')] }]);
    expect(used.map(({ operators }) => operators.map(({ name }) => name))).toEqual([['sound', 'other', 'third']]);
  });

  test.each<[string, () => void, string]>([
    ['a file is broken', () => write('b.yaml', `${other}wallet: {}\n`), 'b.yaml:'],
    ['a file lost its end', () => write('b.yaml', other.slice(0, other.indexOf('operations:'))), 'operations'],
    ['the last file is gone', () => ['a.yaml', 'b.yaml'].forEach((name) => rmSync(path(name))), 'cannot be read'],
    ['a secret is gone', () => write('a.yaml', secretFile()), 'secrets.gsp.file'],
  ])('uses nothing when %s', async (_, breakIt, said) => {
    const reload = reloading();
    write('c.yaml', fileOf('third'));
    rmSync(path('c.yaml'));
    breakIt();

    await reload();

    expect(told.map(({ outcome }) => outcome)).toEqual(['refused']);
    expect(told[0]?.problems.join('\n')).toContain(said);
    expect(used).toEqual([]);
  });

  test('of a file that was broken and is as it was changes nothing', async () => {
    const reload = reloading();
    write('b.yaml', 'version: 1');
    await reload();
    write('b.yaml', other);

    await reload();

    expect(told.map(({ outcome }) => outcome)).toEqual(['refused', 'unchanged']);
    expect(used).toEqual([]);
  });

  test('that ends in an exception is refused, and the next one works', async () => {
    const trouble = new Error('the disk is on fire');
    const reload = reloading((before) => (reads === 1 ? Promise.reject(trouble) : again(before)));

    await reload();
    await reload();

    expect(failures).toEqual([trouble]);
    expect(told.map(({ outcome }) => outcome)).toEqual(['refused', 'unchanged']);
  });

  test('asked for while one runs happens once more, after it', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((open) => (release = open));
    const reload = reloading(async (before) => {
      if (reads === 1) await gate;
      return again(before);
    });
    const running = reload();
    await until('it has begun', () => reads === 1);

    const asked = [reload(), reload(), reload()];
    write('b.yaml', fileWith(['operator: sound', 'operator: changed'], ['SOUND01', 'OTHER01']));
    release();
    await Promise.all([running, ...asked]);

    expect(reads).toBe(2);
    expect(used).toHaveLength(1);
  });
});

describe('the operators in use', () => {
  let observe: Monitor;
  let wallet: Server;
  let baseUrl: string;
  /** Answers what hangs in the wallet. */
  let answer: () => void;

  const metric = async (name: string): Promise<string[]> =>
    (await observe.scrape()).text.split('\n').filter((line) => line.startsWith(name));
  const player = { agentID: 'SOUND01', userID: 'alice' };
  const ask = { within: 5_000, mayStillSend: () => true };

  beforeEach(async () => {
    observe = createMonitor(createLog('silent'));
    const answered = new Promise<void>((go) => (answer = go));
    wallet = createServer((request, response) => {
      const reply = (): unknown => response.end('{"balance":100}');
      if (request.url === '/slow/players/alice') void answered.then(reply);
      else reply();
    }).listen(0, '127.0.0.1');
    await until('the wallet listens', () => wallet.listening);
    const address = wallet.address();
    baseUrl = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
    write('a.yaml', walletAt('/slow'));
  });

  afterEach(() => void wallet.close());

  const walletAt = (prefix: string, ...changes: (readonly [string, string])[]): string =>
    fileWith(['https://wallet.example/api/', baseUrl + prefix], ...changes);

  test('one that did not change keeps its wallet, its breakers and what it counts', async () => {
    const before = first();
    const operators = createOperatorSet(before.operators, observe, new MemoryFacts(() => 0));
    const kept = operators.find('OTHER01');
    const replaced = operators.find('SOUND01');
    write('a.yaml', walletAt('', ['repeatable: always', 'repeatable: successes']));

    expect(operators.replace((await again(before)).operators)).toEqual([]);

    expect(operators.find('OTHER01')?.operator.wallet).toBe(kept?.operator.wallet);
    expect(operators.find('SOUND01')?.operator.wallet).not.toBe(replaced?.operator.wallet);
    expect(operators.find('SOUND01')?.operator.terms.legs.withdraw.repeatable).toBe('successes');
    await operators.close();
  });

  test('a call in flight ends where it began, and so does the next one of the same work', async () => {
    const before = first();
    const operators = createOperatorSet(before.operators, observe, new MemoryFacts(() => 0));
    const began = operators.find('SOUND01')?.operator;
    const call = began?.wallet.balance(player, ask);
    write('a.yaml', walletAt('/gone'));
    operators.replace((await again(before)).operators);

    answer();

    expect(await call).toMatchObject({ kind: 'balance' });
    expect(await began?.wallet.balance(player, ask)).toMatchObject({ kind: 'balance' });
    await operators.close();
    expect(await began?.wallet.balance(player, ask)).toMatchObject({ kind: 'unknown' });
  });

  test('an agent may move to another operator, and one that is named no more is told of', async () => {
    const before = first();
    const operators = createOperatorSet(before.operators, observe, new MemoryFacts(() => 0));
    rmSync(path('a.yaml'));
    write('b.yaml', fileWith(['operator: sound', 'operator: heir']));

    const gone = operators.replace((await again(before)).operators);

    expect(gone).toEqual(['OTHER01']);
    expect(operators.find('OTHER01')).toBeUndefined();
    expect(operators.find('SOUND01')?.operator.name).toBe('heir');
    expect(operators.find('SOUND01')?.agent.operator).toBe('heir');
    expect(operators.names()).toEqual(['heir']);
    await operators.close();
  });

  test('breakers are told of for those that are there', async () => {
    const before = first();
    const operators = createOperatorSet(before.operators, observe, new MemoryFacts(() => 0));
    rmSync(path('b.yaml'));

    operators.replace((await again(before)).operators);

    const told = await metric('wallet_bridge_breaker_state{');
    expect(told).toHaveLength(3);
    expect(told.join()).not.toContain('operator="other"');
    await operators.close();
  });

  test('times only ever grow, because what began under a longer one may still be there', async () => {
    const retention = (days: string) => walletAt('', ['errors:', `policy: { retention: ${days} }\nerrors:`]);
    write('a.yaml', retention('40d'));
    const before = first();
    const operators = createOperatorSet(before.operators, observe, new MemoryFacts(() => 0));
    const day = 86_400_000;
    expect(operators.longest('retention')).toBe(40 * day);
    write('a.yaml', retention('50d'));
    const longer = await again(before);
    operators.replace(longer.operators);
    expect(operators.longest('retention')).toBe(50 * day);
    write('a.yaml', soundFile);

    operators.replace((await again(longer)).operators);

    expect(operators.longest('retention')).toBe(50 * day);
    expect(operators.longest('deadline')).toBe(9_000);
    await operators.close();
  });
});
