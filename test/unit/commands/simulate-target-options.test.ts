// What `simulate --target` is asked, and what is said of what cannot be understood: all of it at once.

import { describe, expect, test } from '@jest/globals';
import { readTargetOptions, type TargetOptions } from '../../../src/commands/simulate/target-options.js';
import { wires } from '../../../src/stand-ins/platform-callback.js';

const env = { GOOD_KEY: 'the-key-nobody-may-see', EMPTY_KEY: '' };
const usual: TargetOptions = {
  target: ['https://one.example/WalletService/', 'http://127.0.0.1:8080/WalletService'],
  agent: 'AGENT01',
  keyEnv: 'GOOD_KEY',
  player: ['ada'],
  dialect: 'seamless',
  signsGameId: 'true',
  rate: '10',
  duration: '30s',
  timeout: '10s',
  settle: '5s',
  amount: '0.10-5.00',
  without: '',
};

const read = (change: Partial<TargetOptions>) => readTargetOptions({ ...usual, ...change }, env);

describe('a run that is asked for', () => {
  test('is read', () => {
    expect(read({ mix: 'bet-won=5, rollback', without: 'rollback', rounds: '7', seed: '3' })).toMatchObject({
      targets: ['https://one.example/WalletService', 'http://127.0.0.1:8080/WalletService'],
      agentID: 'AGENT01',
      key: 'the-key-nobody-may-see',
      wire: wires.seamless,
      players: ['ada'],
      concurrency: 1,
      mix: new Map([['bet-won', 5]]),
      rate: 10,
      durationMs: 30_000,
      rounds: 7,
      timeoutMs: 10_000,
      settleMs: 5_000,
      amounts: { least: 10n, most: 500n, unit: 1n },
      seed: 3,
    });
  });

  test('numbers its players', () => {
    expect(read({ player: ['p'], players: '3' })).toMatchObject({ players: ['p1', 'p2', 'p3'], concurrency: 3 });
  });

  test.each([
    ['v2', 'true', wires.v2],
    ['v2', 'false', wires['v2-noGameID']],
    ['seamless', 'false', wires.seamless],
  ] as const)('speaks %s, with the gameID in signs: %s', (dialect, signsGameId, wire) => {
    expect(read({ dialect, signsGameId })).toMatchObject({ wire });
  });

  test.each([
    ['1-50', { least: 100n, most: 5_000n, unit: 100n }],
    ['1.5-50', { least: 150n, most: 5_000n, unit: 10n }],
    ['1.00-50.00', { least: 100n, most: 5_000n, unit: 1n }],
    ['1-50.00', { least: 100n, most: 5_000n, unit: 1n }],
  ])('amounts of %s have as many decimals', (amount, amounts) => {
    expect(read({ amount })).toMatchObject({ amounts });
  });

  test.each([
    ['500ms', 500],
    ['90s', 90_000],
    ['10m', 600_000],
    ['24h', 86_400_000],
  ])('a duration of %s', (duration, durationMs) => {
    expect(read({ duration })).toMatchObject({ durationMs });
  });
});

describe('what cannot be understood', () => {
  test.each<[change: Partial<TargetOptions>, because: string]>([
    [{ keyEnv: 'EMPTY_KEY' }, '--key-env: EMPTY_KEY is not set, or empty'],
    [{ mix: 'bet-wen' }, '--mix: there is no scene bet-wen; there are balance, bet-lost'],
    [{ mix: 'bet-won=0' }, '--mix: expected a weight from 1 to 1000 for bet-won, not 0'],
    [{ without: 'bets' }, '--without: there is no scene bets; there are balance'],
    [{ mix: 'bet-won', without: 'bet-won' }, 'no scene is left to play'],
    [{ amount: '5.00-1.00' }, '--amount: expected bounds such as 0.10-5.00'],
    [{ amount: '0.00-1.00' }, '--amount: expected bounds such as 0.10-5.00'],
    [{ amount: '0-5' }, '--amount: expected bounds such as 0.10-5.00'],
    [{ amount: '1.000-5.000' }, '--amount: expected bounds such as 0.10-5.00'],
    [{ amount: '1-5-9' }, '--amount: expected bounds such as 0.10-5.00'],
    [{ duration: '25h' }, '--duration: expected a time up to 24h, such as 30s or 10m, not 25h'],
    [{ timeout: '10' }, '--timeout: expected a time up to 24h'],
    [{ rate: '5000' }, '--rate: expected a whole number from 1 to 2000, not 5000'],
    [{ rounds: '0' }, '--rounds: expected a whole number from 1 to 10000000, not 0'],
    [{ player: ['a', 'b'], players: '3' }, '--players: expected a number up to 1000 beside one --player'],
    [{ player: [] }, '--player: name a player of a TEST wallet'],
    [{ target: ['bridge.example/wallet'] }, '--target: expected a URL such as'],
    [{ target: ['https://me:secret@bridge.example'] }, '--target: expected a URL such as'],
    [{ target: ['ftp://bridge.example'] }, '--target: expected a URL such as'],
  ])('%j', (change, because) => {
    expect(read(change)).toEqual([expect.stringContaining(because)]);
  });

  test('is said all at once, and without what is secret', () => {
    const { agent: _agent, keyEnv: _keyEnv, ...left } = usual;

    const problems = readTargetOptions({ ...left, rate: 'fast', target: ['https://me:hush@x.example'] }, env);

    expect(problems).toHaveLength(4);
    expect(JSON.stringify(problems)).not.toMatch(/hush|nobody-may-see/);
  });
});
