// `simulate --target` as people call it: what it prints where, its exit code, and what it refuses to begin.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from '@jest/globals';
import { freePort } from '../../src/demo/processes.js';
import { startFaultyService, type Service, type ServiceFault } from '../support/faulty-service.js';

const key = 'the-key-nobody-may-see';
const services: Service[] = [];
const children: ChildProcess[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL');
  for (const service of services.splice(0)) await service.close();
});

async function serve(fault?: ServiceFault): Promise<Service> {
  const players = { ada: 100_000n, p1: 5_000n, p2: 5_000n };
  const service = await startFaultyService({ fault, agentID: 'AGENT01', key, players });
  services.push(service);
  return service;
}

interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(words: readonly string[]): { child: ChildProcess; ended: Promise<Ended>; said: () => string } {
  const child = spawn(process.execPath, ['dist/main.js', 'simulate', ...words], {
    env: { PATH: process.env['PATH'], GOOD_KEY: key, OTHER_KEY: 'another-key-nobody-may-see', EMPTY_KEY: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const texts = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (texts.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (texts.stderr += chunk.toString()));
  const ended = once(child, 'close').then(() => ({ exitCode: child.exitCode, ...texts }));
  return { child, ended, said: () => texts.stderr };
}

const simulate = (...words: readonly string[]): Promise<Ended> => start(words).ended;
const usual = ['--agent', 'AGENT01', '--key-env', 'GOOD_KEY', '--player', 'ada', '--rate', '500'];

describe('a run', () => {
  test('without a finding: the report on standard output, exit code 0', async () => {
    const { url } = await serve();

    const { exitCode, stdout, stderr } = await simulate(
      '--target',
      `${url}/`,
      ...usual,
      '--rounds',
      '40',
      '--seed',
      '3',
    );

    expect(stderr).toContain(`playing 1 player of AGENT01 at ${url}, seed 3`);
    expect(stdout).toMatch(/^\d+ callbacks in [\d.]+ s: [\d.]+ a second, 500 asked for\. 40 rounds, seed 3\.\n/);
    expect(stdout).toContain('No rule was broken.');
    expect(stdout + stderr).not.toContain('nobody-may-see');
    expect(exitCode).toBe(0);
  }, 120_000);

  test('with findings, as JSON: exit code 1, money as texts, no key and no sign', async () => {
    const { url, balances } = await serve('win-twice');
    const players = ['--agent', 'AGENT01', '--key-env', 'GOOD_KEY', '--player', 'p', '--players', '2', '--rate', '500'];

    const { exitCode, stdout } = await simulate(
      ...['--target', url, ...players, '--format', 'json', '--rounds', '12', '--mix', 'win-again=3,bet-won'],
    );

    const report = JSON.parse(stdout) as {
      broken: Record<string, { count: number; examples: { sent: string; came: string }[] }>;
      players: Record<string, { closing: string; due: string }>;
      scenes: Record<string, number>;
    };
    expect(Object.keys(report.broken)).toEqual(expect.arrayContaining(['paid-once', 'books']));
    expect(report.broken['paid-once']?.examples[0]?.sent).toMatch(/^Deposit \{"agentID":"AGENT01","userID":"p[12]"/);
    expect(report.players['p1']?.closing.replace('.', '')).toBe(String(balances.get('p1')));
    expect(report.players['p1']?.closing).not.toBe(report.players['p1']?.due);
    expect(Object.keys(report.scenes).sort()).toEqual(['bet-won', 'the end', 'the start', 'win-again']);
    expect(stdout).not.toMatch(/nobody-may-see|[0-9A-F]{64}/);
    expect(exitCode).toBe(1);
  }, 120_000);

  test('that is interrupted plays to its end what is under way, and reports', async () => {
    const { url } = await serve();
    const { child, ended, said } = start(['--target', url, ...usual, '--rate', '50', '--duration', '10m']);
    while (!said().includes(' callbacks (')) await new Promise((resume) => setTimeout(resume, 100));

    child.kill('SIGINT');

    const { exitCode, stdout } = await ended;
    expect(stdout).toContain('No rule was broken.');
    expect(exitCode).toBe(0);
  }, 120_000);

  test('ends where the service is gone', async () => {
    const service = await serve();
    const { ended, said } = start(['--target', service.url, ...usual, '--duration', '10m']);
    while (!said().includes(' callbacks (')) await new Promise((resume) => setTimeout(resume, 100));

    await service.close();
    services.length = 0;

    const { exitCode, stdout } = await ended;
    expect(stdout).toContain('Stopped early: the service gave no answer any more.');
    expect(stdout).toContain('ECONNREFUSED');
    expect(exitCode).toBe(1);
  }, 120_000);
});

describe('a run that cannot begin says why, and exits with 2', () => {
  test.each<[name: string, words: string[], because: string]>([
    ['the key is another', ['--key-env', 'OTHER_KEY'], 'refuses the sign (3): is the key that of the agent'],
    ['the agent is not known', ['--agent', 'AGENT02'], 'does not know the agent (4)'],
    ['the player is not known', ['--player', 'nobody'], 'does not know the player nobody (5)'],
    ['the dialect is none', ['--dialect', 'v3'], 'Allowed choices are seamless, v2'],
    ['a file is named too', ['mine.yaml'], 'an operator file is rehearsed, a --target is played against: not both'],
  ])('%s', async (_name, words, because) => {
    const { url } = await serve();

    const { exitCode, stdout, stderr } = await simulate('--target', url, ...usual, ...words);

    expect(stderr).toContain(because);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });

  test.each<[name: string, url: (there: string) => string | Promise<string>, because: string]>([
    [
      'nothing listens there',
      async () => `http://127.0.0.1:${await freePort()}/wallet`,
      'gave no answer: no connection',
    ],
    ['the path is another', (there) => `${there}/x`, '/x/GetBalance is not there (HTTP 404)'],
  ])('%s', async (_name, url, because) => {
    const { url: there } = await serve();

    const { exitCode, stderr } = await simulate('--target', await url(there), ...usual);

    expect(stderr).toContain(because);
    expect(exitCode).toBe(2);
  });

  test('neither a file nor a target is named', async () => {
    const { exitCode, stderr } = await simulate();

    expect(stderr).toContain('name an operator file, or a running service with --target');
    expect(exitCode).toBe(2);
  });
});
