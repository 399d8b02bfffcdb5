// `probe`: finds out with a player of the operator's test wallet what the file may promise of it. It moves
// money, so it does nothing without consent, says first how much, and puts it back at the end. It keeps no
// journal, and is never for a wallet with real players.

import type { Command } from 'commander';
import { minorUnitDecimals } from '../domain/currency.js';
import type { Money } from '../domain/money.js';
import type { PlayerFacts } from '../domain/ports.js';
import type { CompiledOperator } from '../operators/compile.js';
import { MemoryFacts } from '../journal/memory-facts.js';
import { createHttpWallet } from '../wallet/http-wallet.js';
import { onEndSignal } from './end-signals.js';
import { notPairs, pairs } from './options.js';
import { complain, printLine } from './print.js';
import { overhear } from '../probing/overheard.js';
import { prepareProbe, type ProbeQuestion } from './probe/prepare.js';
import { announcement, reportOn, undoneByName } from './probe/print-probed.js';
import { copiesAtOnce, probeWallet } from '../probing/steps.js';
import { CannotProbe, createTestPlayer, type ProbedKind } from '../probing/test-player.js';
import { shownMoney } from '../probing/wording.js';
import { toldBesides } from './samples/sample-callback.js';
import { secretMask } from './secret-mask.js';

export function declareProbe(program: Command): void {
  program
    .command('probe')
    .description(
      'find out with a player of your TEST wallet what your file may promise of it; moves money. Exit code 0: the wallet keeps what the file promises, 1: it was seen to keep less, or the file cannot read that it does, 2: could not be probed to the end',
    )
    .argument('<file>', 'operator file')
    .requiredOption('--player <id>', 'a player of the test wallet, whom nobody else plays meanwhile')
    .option('--amount <amount>', 'what a bet or win is made of', '1.00')
    .option('--session <session>', 'the session a launch gave the player, for a wallet that asks for it')
    .option('--field <name=value...>', 'what every callback says: gameID, agentID, fields of the dialect', [])
    .option('--game <id>', 'as --field gameID=…; without it one is made up where the dialect signs it')
    .option(
      '--balance-only',
      'only ask for the balance: shows that the address, the credentials and getBalance work',
      false,
    )
    .option('--yes-this-is-a-test-wallet', 'without it, only says what it would do', false)
    .action(async (file: string, { yesThisIsATestWallet: consent, field, game, ...options }: Flags) => {
      const [wrong] = notPairs(field);
      if (wrong !== undefined) return complain([`--field ${wrong}: no value; expected name=value`]);
      const fields = { ...pairs(field), ...(game !== undefined && { gameID: game }) };
      let isEnding = false;
      if (consent)
        onEndSignal(() => {
          isEnding = true;
          printLine('Ending: the player gets back his money first; a second signal ends at once, without that.');
          onEndSignal();
        });
      const facts = new MemoryFacts(() => Date.now());
      const around = { env: process.env, facts, print: printLine, mustEnd: () => isEnding };
      process.exitCode = await runProbe(file, { ...options, fields, consent, ...around });
    });
}

interface Flags {
  readonly player: string;
  readonly amount: string;
  readonly session?: string;
  readonly field: string[];
  readonly game?: string;
  readonly balanceOnly: boolean;
  readonly yesThisIsATestWallet: boolean;
}

export interface ProbeOptions extends ProbeQuestion {
  readonly balanceOnly?: boolean;
  readonly consent: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Sessions and rounds, for as long as the probe runs. */
  readonly facts: PlayerFacts;
  readonly print: (line: string) => void;
  /** Whether somebody wants it to end: it then does no more than to put back the money. */
  readonly mustEnd?: () => boolean;
}

/**
 * Exit code 0: the wallet keeps what the file promises; 1: it was seen to keep less, or the file cannot read
 * that it does; 2: it could not be probed to the end.
 */
export async function runProbe(file: string, options: ProbeOptions): Promise<0 | 1 | 2> {
  const { env, player: userID, balanceOnly = false, consent, facts, mustEnd = () => false } = options;
  const prepared = prepareProbe(file, options, env);
  if (!('operator' in prepared)) {
    prepared.forEach(options.print);
    return 2;
  }
  const { operator, agent, session, fields, amount } = prepared;
  const mask = secretMask(operator, env);
  const print = (lines: readonly string[]): void => lines.map(mask).forEach(options.print);
  if (!balanceOnly) print(announcement(prepared, userID));
  if (!balanceOnly && !consent) {
    print(['Nothing was done: if this is a test wallet, say so with --yes-this-is-a-test-wallet.']);
    return 2;
  }

  const overheard = overhear(operator.wallet, mask, session);
  const wallet = createHttpWallet(withoutLimits(overheard.wallet), {
    name: operator.name,
    now: () => Date.now(),
    facts,
  });
  const { gameID } = fields;
  const launched = session === undefined ? undefined : { session, ...(gameID !== undefined && { gameID }) };
  if (launched !== undefined) await wallet.keepSession({ agentID: agent.agentID, userID }, launched);
  const subject = {
    ...{ wallet, terms: operator.terms, agent, userID, gameID, saidOf: (verdict: object) => overheard.saidOf(verdict) },
    besides: (kind: ProbedKind, money: Money, refTransactionID: string) =>
      toldBesides(agent.dialect, kind, money, { ...fields, refTransactionID }),
  };
  try {
    if (balanceOnly) {
      const has = await createTestPlayer(subject).look();
      const shown = shownMoney(has, minorUnitDecimals(agent.currency));
      print([`Player ${userID} has ${shown} ${agent.currency} at ${operator.wallet.baseUrl.origin}.`]);
      return 0;
    }
    const probed = await probeWallet({ ...subject, amount, undoesByName: undoneByName(prepared), mustEnd });
    const { lines, exitCode } = reportOn(prepared, probed);
    print(lines);
    return exitCode;
  } catch (error) {
    if (!(error instanceof CannotProbe)) throw error;
    print([`The wallet could not be asked: ${error.message}.`]);
    return 2;
  } finally {
    await wallet.close();
  }
}

/** Every call is to reach the wallet, whatever the ones before it came to. */
function withoutLimits(wallet: CompiledOperator['wallet']): CompiledOperator['wallet'] {
  return {
    ...wallet,
    concurrency: Math.max(wallet.concurrency, copiesAtOnce),
    breaker: { ...wallet.breaker, minimumCalls: Number.MAX_SAFE_INTEGER },
  };
}
