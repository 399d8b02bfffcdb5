// What `simulate --target` is asked, read into a run. What it may do is bounded here, in time, in money and in
// number: it plays against a service that others may be using.

import type { Command } from 'commander';
import { Option } from 'commander';
import { wireOf } from '../../stand-ins/platform-callback.js';
import type { RunOptions } from '../../stand-ins/rounds/run.js';
import { SCENES, type SceneName } from '../../stand-ins/rounds/scenes.js';

/** As commander gives them. */
export interface TargetOptions {
  readonly target?: readonly string[];
  readonly agent?: string;
  readonly keyEnv?: string;
  readonly player?: readonly string[];
  readonly players?: string;
  readonly dialect: 'seamless' | 'v2';
  readonly signsGameId: 'true' | 'false';
  readonly currency?: string;
  readonly rate: string;
  readonly duration: string;
  readonly rounds?: string;
  readonly timeout: string;
  readonly settle: string;
  readonly concurrency?: string;
  readonly amount: string;
  readonly mix?: string;
  readonly without: string;
  readonly seed?: string;
}

/** An option that may stand several times. */
export const collected = (value: string, before: readonly string[] = []): string[] => [...before, value];

const mostCallbacksASecond = 2_000;
const mostPlayers = 1_000;
const mostRounds = 10_000_000;
const longestRun = 24 * 3_600_000;
const unit = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;

export function addTargetOptions(command: Command): Command {
  const number = (most: number): string => `a whole number up to ${most}`;
  return command
    .optionsGroup('Against a running callback service:')
    .option('--target <url>', 'where its callbacks are mounted; once for each replica', collected)
    .option('--key-env <name>', 'the environment variable that holds the agent’s key')
    .option('--players <n>', 'so many players called as the one --player, numbered from 1')
    .addOption(
      new Option('--dialect <name>', 'how its callbacks are written').choices(['seamless', 'v2']).default('seamless'),
    )
    .addOption(
      new Option('--signs-game-id <bool>', 'whether a v2 sign has the gameID in it')
        .choices(['true', 'false'])
        .default('true'),
    )
    .option('--currency <code>', 'the currency GetBalance must tell; the first one told where it is not given')
    .option('--rate <n>', `callbacks a second, ${number(mostCallbacksASecond)}`, '10')
    .option('--duration <time>', 'when the last round begins: 30s, 10m', '30s')
    .option('--rounds <n>', 'or after so many rounds')
    .option('--timeout <time>', 'how long the platform waits for an answer', '10s')
    .option('--settle <time>', 'how long a balance may lag behind what was told', '5s')
    .option('--concurrency <n>', 'players who play at the same time; all of them where it is not given')
    .option(
      '--amount <least-most>',
      'what a bet is at least and at most; amounts have as many decimals as these: 1-50 for JPY',
      '0.10-5.00',
    )
    .option('--mix <scene=weight,...>', 'only these scenes, and how often each')
    .option('--without <scene,...>', 'no such scenes', '')
    .option('--seed <n>', 'the same choices and amounts again');
}

/** The run that is asked for, or what cannot be understood, a line each. */
export function readTargetOptions(
  options: TargetOptions,
  env: Readonly<Record<string, string | undefined>>,
): RunOptions | readonly string[] {
  const problems: string[] = [];
  const or = <T>(value: T | undefined, otherwise: T, problem: string): T => {
    if (value === undefined) problems.push(problem);
    return value ?? otherwise;
  };
  const whole = (text: string | undefined, preset: number, most: number, option: string): number =>
    text === undefined
      ? preset
      : or(wholeNumber(text, most), 1, `${option}: expected a whole number from 1 to ${most}, not ${text}`);
  const time = (text: string, option: string): number =>
    or(milliseconds(text), 1, `${option}: expected a time up to 24h, such as 30s or 10m, not ${text}`);

  const { dialect, signsGameId, keyEnv, agent } = options;
  const targets = (options.target ?? []).map((url) =>
    or(
      baseUrl(url),
      '',
      `--target: expected a URL such as https://bridge.example/WalletService, without a password in it, not ${withoutPassword(url)}`,
    ),
  );
  const agentID = or(agent, '', '--agent: name the agent whose callbacks are sent');
  const key =
    keyEnv === undefined
      ? or<string>(undefined, '', '--key-env: name the environment variable that holds the agent’s key')
      : or(env[keyEnv] || undefined, '', `--key-env: ${keyEnv} is not set, or empty`);
  const players = readPlayers(options, problems);
  const mix = readMix(options, problems);
  const amounts = or(
    bounds(options.amount),
    { least: 1n, most: 1n, unit: 1n },
    '--amount: expected bounds such as 0.10-5.00, or 1-50',
  );
  const run = {
    agentID,
    key,
    wire: wireOf(dialect, signsGameId === 'true'),
    currency: options.currency,
    concurrency: whole(options.concurrency, players.length, mostPlayers, '--concurrency'),
    mix,
    rate: whole(options.rate, 10, mostCallbacksASecond, '--rate'),
    durationMs: time(options.duration, '--duration'),
    rounds: whole(options.rounds, mostRounds, mostRounds, '--rounds'),
    timeoutMs: time(options.timeout, '--timeout'),
    settleMs: time(options.settle, '--settle'),
    amounts,
    seed: whole(options.seed, 1 + Math.floor(Math.random() * 999_999), 4_294_967_295, '--seed'),
  };
  const [firstTarget, ...otherTargets] = targets;
  const [firstPlayer, ...otherPlayers] = players;
  if (problems.length > 0 || firstTarget === undefined || firstPlayer === undefined) return problems;
  return { ...run, targets: [firstTarget, ...otherTargets], players: [firstPlayer, ...otherPlayers] };
}

function readPlayers({ player = [], players }: TargetOptions, problems: string[]): readonly string[] {
  const [first, ...others] = player;
  if (first === undefined) problems.push('--player: name a player of a TEST wallet, once for each');
  if (players === undefined || first === undefined) return [...new Set(player)];
  const count = wholeNumber(players, mostPlayers);
  if (count === undefined || others.length > 0)
    problems.push(`--players: expected a number up to ${mostPlayers} beside one --player, whose name is numbered`);
  return Array.from({ length: count ?? 0 }, (_, at) => `${first}${at + 1}`);
}

function readMix({ mix, without }: TargetOptions, problems: string[]): ReadonlyMap<SceneName, number> {
  const names = Object.keys(SCENES);
  const isScene = (name: string): name is SceneName => names.includes(name);
  const known = (name: string, option: string): SceneName[] => {
    if (isScene(name)) return [name];
    problems.push(`${option}: there is no scene ${name}; there are ${names.join(', ')}`);
    return [];
  };
  const left = new Set(words(without).flatMap((name) => known(name, '--without')));
  const chosen: [SceneName, number][] =
    mix === undefined
      ? names.filter(isScene).map((name) => [name, SCENES[name].weight])
      : words(mix).flatMap((part) => {
          const [name = '', weight = '1'] = part.split('=');
          const count = wholeNumber(weight, 1_000);
          if (count === undefined) problems.push(`--mix: expected a weight from 1 to 1000 for ${name}, not ${weight}`);
          return known(name, '--mix').map((scene): [SceneName, number] => [scene, count ?? 1]);
        });
  const played = chosen.filter(([name]) => !left.has(name));
  if (played.length === 0 && problems.length === 0) problems.push('no scene is left to play');
  return new Map(played);
}

const words = (list: string): string[] =>
  list
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');

function wholeNumber(text: string, most: number): number | undefined {
  const number = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  return number >= 1 && number <= most ? number : undefined;
}

function milliseconds(text: string): number | undefined {
  const [, count = '', name = ''] = /^(\d{1,8})(ms|s|m|h)$/.exec(text) ?? [];
  const factor = name === 'ms' || name === 's' || name === 'm' || name === 'h' ? unit[name] : 0;
  const time = Number(count) * factor;
  return time >= 1 && time <= longestRun ? time : undefined;
}

/** Amounts have as many decimals as their bounds are written with: not every currency has two. */
function bounds(text: string): RunOptions['amounts'] | undefined {
  const written = /^(\d{1,15})(?:\.(\d{1,2}))?-(\d{1,15})(?:\.(\d{1,2}))?$/.exec(text);
  if (written === null) return undefined;
  const [, from = '', fromDecimals = '', to = '', toDecimals = ''] = written;
  const least = BigInt(from + fromDecimals.padEnd(2, '0'));
  const most = BigInt(to + toDecimals.padEnd(2, '0'));
  const unit = 10n ** BigInt(2 - Math.max(fromDecimals.length, toDecimals.length));
  return least >= 1n && least <= most && most < 10n ** 15n ? { least, most, unit } : undefined;
}

const withoutPassword = (url: string): string => url.replace(/\/\/[^/]*@/, '//…@');

function baseUrl(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (url === undefined || !isHttp || url.search !== '' || url.hash !== '' || url.username !== '') return undefined;
  return url.href.replace(/\/+$/, '');
}
