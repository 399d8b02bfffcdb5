// `probe`: finds out with a player of the operator's test wallet what the file may promise of it. It moves
// money, so it does nothing without consent, says first how much, and puts it back at the end. It keeps no
// journal, and is never for a wallet with real players.

import type { Command } from 'commander';
import { Money } from '../domain/money.js';
import type { PlayerFacts } from '../domain/ports.js';
import type { CompiledOperator } from '../operators/compile.js';
import { formatProblem } from '../yaml/diagnostics.js';
import { isError, loadOperators } from '../operators/load.js';
import { undoPlans } from '../operators/undo-plans.js';
import { MemoryFacts } from '../journal/memory-facts.js';
import { createHttpWallet } from '../wallet/http-wallet.js';
import { printLine } from './print.js';
import { abilitiesAsYaml, abilitiesOf, brokenPromises, rowsOf, type Row } from './probe/findings.js';
import {
  copiesAtOnce,
  coverNeeded,
  probeWallet,
  type Observations,
  type Probed,
  type ProbedKind,
} from './probe/steps.js';
import { madeUpID } from './samples/sample-callback.js';
import { secretMask } from './secret-mask.js';

export function declareProbe(program: Command): void {
  program
    .command('probe')
    .description(
      'find out with a player of your TEST wallet what your file may promise of it; moves money. Exit code 0: the wallet keeps what the file promises, 1: it was seen to keep less, 2: could not be probed',
    )
    .argument('<file>', 'operator file')
    .requiredOption('--player <id>', 'a player of the test wallet, whom nobody else plays meanwhile')
    .option('--amount <amount>', 'what a bet or win is made of', '1.00')
    .option('--game <id>', 'the gameID of its bets and wins; without it one is made up where the dialect has one')
    .option('--yes-this-is-a-test-wallet', 'without it, only says what it would do', false)
    .action(async (file: string, options: Flags) => {
      const { player, amount, game, yesThisIsATestWallet: consent } = options;
      const facts = new MemoryFacts(() => Date.now());
      const around = { env: process.env, facts, print: printLine };
      process.exitCode = await runProbe(file, {
        player,
        amount,
        consent,
        ...(game !== undefined && { game }),
        ...around,
      });
    });
}

interface Flags {
  readonly player: string;
  readonly amount: string;
  readonly game?: string;
  readonly yesThisIsATestWallet: boolean;
}

export interface ProbeOptions {
  readonly player: string;
  /** Decimal text of the major unit. */
  readonly amount: string;
  readonly game?: string;
  readonly consent: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Sessions and rounds, for as long as the probe runs. */
  readonly facts: PlayerFacts;
  readonly print: (line: string) => void;
}

const kinds = ['withdraw', 'deposit'] as const;

/**
 * Exit code 0: the wallet keeps what the file promises; 1: it was seen to keep less; 2: it could not be
 * probed.
 */
export async function runProbe(file: string, options: ProbeOptions): Promise<0 | 1 | 2> {
  const { env, print } = options;
  const fail = (...lines: readonly string[]): 2 => {
    lines.forEach(print);
    return 2;
  };
  const { operators, problems } = loadOperators([file], { env });
  const [operator, ...others] = operators;
  if (operator === undefined || problems.some(isError)) return fail(...problems.filter(isError).map(formatProblem));
  if (others.length > 0) return fail('expected one operator file');
  const [agent] = operator.agents;
  const amount = Money.parse(options.amount);
  if (agent === undefined || amount === undefined || amount.compare(Money.zero) <= 0)
    return fail('expected a positive amount such as 1.00');

  announce(operator, options.player, amount).forEach(print);
  if (!options.consent)
    return fail('Nothing was done: if this is a test wallet, say so with --yes-this-is-a-test-wallet.');

  const plans = undoPlans(operator.file, () => undefined);
  const byName = new Set(kinds.filter((kind) => plans[kind]?.kind === 'mapping'));
  const wallet = createHttpWallet(withoutLimits(operator.wallet), {
    name: operator.name,
    now: () => Date.now(),
    facts: options.facts,
  });
  const probed = await probeWallet({
    wallet,
    terms: operator.terms,
    agent,
    userID: options.player,
    gameID: options.game ?? (agent.dialect.signsGameID ? madeUpID(agent, 'gameID') : undefined),
    amount,
    undoesByName: byName,
  });
  await wallet.close();

  const mask = secretMask(operator, env);
  const report = (lines: readonly string[]): void => lines.map(mask).forEach(print);
  report(remains(probed));
  if (probed.kind === 'cannot') {
    report([`The wallet could not be probed: ${probed.because}.`]);
    return 2;
  }
  const { lines, isBroken } = verdictOn(operator, probed.observations, amount, byName);
  report(lines);
  return isBroken ? 1 : 0;
}

function announce({ wallet, name, terms }: CompiledOperator, player: string, amount: Money): string[] {
  const most = Money.of(amount.units * BigInt(copiesAtOnce), amount.decimals);
  return [
    `Probing ${wallet.baseUrl.origin} by the file of ${name}, as player ${player}:`,
    `- bets and wins of ${amount.toString()}: each again under its reference, and ${copiesAtOnce} copies of one at once, which moves up to ${most.toString()} if each is done;`,
    `- one bet of ${amount.toString()} more than the player has, first without and then with cover: if it is taken, of all he has;`,
    ...(kinds.some((kind) => terms.legs[kind].undo)
      ? ['- undos: of what was done, again, and of what was never sent;']
      : []),
    `- at the end one win or bet that gives the player the balance he had before. He needs ${coverNeeded} times the amount.`,
    'Nobody else may play as this player meanwhile.',
    '',
  ];
}

/** Every call is to reach the wallet, whatever the ones before it came to. */
function withoutLimits(wallet: CompiledOperator['wallet']): CompiledOperator['wallet'] {
  return {
    ...wallet,
    concurrency: Math.max(wallet.concurrency, copiesAtOnce),
    breaker: { ...wallet.breaker, minimumCalls: Number.MAX_SAFE_INTEGER },
  };
}

function remains({ missing }: Probed): string[] {
  if (missing === undefined) return ['The balance could not be read at the end: look what the player has.', ''];
  if (missing.isZero()) return [];
  const isLess = missing.compare(Money.zero) > 0;
  const difference = isLess ? missing : missing.negated();
  return [
    `The player has ${difference.toString()} ${isLess ? 'less' : 'more'} than before: the wallet did not take it back.`,
    '',
  ];
}

function verdictOn(
  operator: CompiledOperator,
  observations: Observations,
  amount: Money,
  byName: ReadonlySet<ProbedKind>,
): { lines: string[]; isBroken: boolean } {
  const { file, terms } = operator;
  const of = (kind: ProbedKind) => abilitiesOf(kind, observations[kind], observations.refusal, amount);
  const found = { withdraw: of('withdraw'), deposit: of('deposit') };
  const broken = kinds.flatMap((kind) => brokenPromises(kind, terms.legs[kind], found[kind]));
  const { rollback } = file.operations;
  const undoAt = typeof rollback === 'object' && 'request' in rollback ? 'one mapping' : byName;
  return {
    lines: [
      ...tableOf(rowsOf(observations, amount)),
      '',
      'What the wallet showed, as keys of the file:',
      '',
      ...abilitiesAsYaml(found, undoAt),
      '# settle is for you to say: how long after a call was sent may it still take effect? No probe can see that.',
      '# Refusals of wins cannot be brought about: they are taken to be remembered as those of bets are.',
      ...(terms.betWinAsLegs ? [] : ['# betWin in one call is not probed.']),
      '',
      ...(broken.length === 0
        ? ['The file promises no more than that.']
        : ['The file promises more than the wallet showed:', ...broken.map((line) => `- ${line}`)]),
    ],
    isBroken: broken.length > 0,
  };
}

function tableOf(rows: readonly Row[]): string[] {
  const all: readonly Row[] = [['tried', 'what happened', 'what the mapping reads'], ...rows];
  const width = (column: 0 | 1): number => Math.max(...all.map((row) => row[column].length));
  return all.map(([tried, what, read]) => `${tried.padEnd(width(0))}  ${what.padEnd(width(1))}  ${read}`);
}
