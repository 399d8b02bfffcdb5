// `doctor`: whatever can be known of a set-up before a player knows it. It asks Redis, each wallet and the platform
// themselves, from where the bridge would ask; it changes nothing and moves no money.

import { Option, type Command } from 'commander';
import { examineRedis } from '../journal/examine-redis.js';
import { isError, loadOperators } from '../operators/load.js';
import { readSettings, redisOf, type Settings } from '../settings.js';
import { formatProblem } from '../yaml/diagnostics.js';
import { fail, ok, warn, type Finding } from './doctor/finding.js';
import { operatorFindings, type Around } from './doctor/operator-findings.js';
import { ownCertificate } from './doctor/own-certificate.js';
import { printFindings } from './doctor/print-findings.js';
import { redisFindings } from './doctor/redis-findings.js';
import { formatOption, type Format } from './options.js';
import { print } from './print.js';

export function declareDoctor(program: Command): void {
  program
    .command('doctor')
    .description(
      'say what is wrong with settings, operator files, Redis, wallets and clocks where the bridge is to run; moves no money. Exit code 0: nothing is wrong, 1: something is',
    )
    .option(
      '--player <player...>',
      'ask each wallet for the balance of this player; operator=player for one wallet',
      [],
    )
    .addOption(formatOption())
    .addOption(new Option('--json', 'as --format json').implies({ format: 'json' }))
    .addHelpText(
      'after',
      `
Settings are those of serve, from the environment. With --format json: one line { findings }, a list of
{ level: ok | warn | fail, about, says }.`,
    )
    .action(async ({ player, format }: { player: string[]; format: Format }) =>
      print(printFindings(await examine(player, { env: process.env, now: () => Date.now() }), format)),
    );
}

/** A player of one operator; one for all has no such thing before it. */
const forOperator = /^[a-z][a-z0-9-]*=./;
const nameOf = ({ name }: { readonly name: string }): string => name;
/** Milliseconds Redis has to be there. */
const reachedWithin = 4_000;

/** `players`: as `--player` takes them. Rejects for bugs only. */
export async function examine(players: readonly string[], around: Around): Promise<readonly Finding[]> {
  const read = readSettings(around.env);
  if ('problems' in read) return read.problems.map((problem) => fail('settings', problem));
  const { settings } = read;
  const inProduction = settings.NODE_ENV === 'production';
  const set = inProduction
    ? ok('settings', 'they can be read')
    : warn('settings', 'NODE_ENV is not production: set it where real money moves, or Redis is held to less');
  const [redis, operators] = await Promise.all([ofRedis(settings, around), ofOperators(settings, players, around)]);
  return [set, ...ownCertificate(settings, around.now), ...redis, ...operators];
}

async function ofRedis(settings: Settings, { now }: Around): Promise<readonly Finding[]> {
  const at = redisOf(settings);
  if (at === undefined)
    return [
      warn('redis', 'REDIS_URL is not set: the journal would be in memory, and a restart would forget every bet'),
    ];
  return redisFindings(await examineRedis(at, reachedWithin, now), settings.NODE_ENV === 'production');
}

async function ofOperators(
  { OPERATORS_DIR }: Settings,
  players: readonly string[],
  around: Around,
): Promise<readonly Finding[]> {
  const { operators, problems } = loadOperators([OPERATORS_DIR], { env: around.env });
  const named = new Map(
    operators.flatMap(({ name }) =>
      players.flatMap((text) => (text.startsWith(`${name}=`) ? [[name, text.slice(name.length + 1)] as const] : [])),
    ),
  );
  const others = players.filter((text) => !operators.some(({ name }) => text.startsWith(`${name}=`)));
  const [anybody] = others.filter((text) => !forOperator.test(text));
  const forNobody = operators.length === 0 ? [] : others.filter((text) => forOperator.test(text));
  const each = await Promise.all(
    operators.map((operator) => operatorFindings(operator, named.get(operator.name) ?? anybody, around)),
  );
  return [
    ...forNobody.map((text) => {
      const name = text.slice(0, text.indexOf('='));
      return fail('players', `no sound operator is called ${name}: name one of ${operators.map(nameOf).join(', ')}`);
    }),
    ...problems.map((problem) => (isError(problem) ? fail : warn)('operator files', formatProblem(problem))),
    ...(operators.length === 0 ? [] : [ok('operator files', `sound: ${operators.map(nameOf).join(', ')}`)]),
    ...each.flat(),
  ];
}
