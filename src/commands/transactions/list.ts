// `transactions list`: the records somebody still has to see to.

import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Journal, Listed } from '../../domain/ports.js';
import type { State } from '../../domain/transaction.js';
import { loadOperators } from '../../operators/load.js';
import { atJournal } from '../at-journal.js';
import { formatOption, type Format } from '../options.js';
import { printList } from './print-list.js';
import { rowOf, type Listing } from '../../domain/transaction-rows.js';

export function declareList(transactions: Command): void {
  transactions
    .command('list')
    .description('unfinished transactions, the oldest first')
    .addOption(new Option('--state <state>', 'only these').choices(['held', 'open', 'claimed', 'unreadable'] as const))
    .option('--operator <name>', 'only of this operator, whose agents stand in OPERATORS_DIR')
    .option('--limit <n>', 'at most so many lines', positive, 50)
    .addOption(formatOption())
    .action(({ operator, format, ...wanted }: ListOptions & { operator?: string; format: Format }) =>
      atJournal(async (journal, { OPERATORS_DIR }) => {
        const agents = operator === undefined ? undefined : agentsOfOperator(operator, OPERATORS_DIR, process.env);
        if (operator !== undefined && agents === undefined)
          return { lines: [`no operator ${operator} in ${OPERATORS_DIR}`], exitCode: 2 };
        return printList(await listTransactions(journal, { ...wanted, ...(agents && { agents }) }), format);
      }),
    );
}

function positive(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('expected a whole number from 1 on');
  return Number(text);
}

export interface ListOptions {
  readonly state?: 'held' | 'open' | 'claimed' | 'unreadable';
  /** Only records of these agents. */
  readonly agents?: ReadonlySet<string>;
  readonly limit: number;
}

/** The oldest first; those that cannot be read, whose age nobody knows, before them. Every one is counted. */
export async function listTransactions(journal: Journal, { state, agents, limit }: ListOptions): Promise<Listing> {
  let unfinished = 0;
  let matching = 0;
  let oldest: Listed[] = [];
  for await (const found of journal.unfinished()) {
    unfinished += 1;
    if (state !== undefined && state !== stateOf(found)) continue;
    if (agents?.has(agentOf(found)) === false) continue;
    matching += 1;
    oldest.push(found);
    // Only what is shown is kept, because there may be any number of them.
    if (oldest.length >= 2 * limit + 1000) oldest = oldestOf(oldest, limit);
  }
  const transactions = oldestOf(oldest, limit).map((found) => rowOf(found, found.due, journal.now()));
  return { transactions, more: matching - transactions.length, unfinished };
}

const stateOf = (found: Listed): ListOptions['state'] | State =>
  'unreadable' in found ? 'unreadable' : found.transaction.state;
const agentOf = (found: Listed): string => ('unreadable' in found ? found.key : found.transaction).agentID;
const sinceOf = (found: Listed): number => ('unreadable' in found ? 0 : found.transaction.since);
const oldestOf = (records: readonly Listed[], most: number): Listed[] =>
  [...records].sort((a, b) => sinceOf(a) - sinceOf(b)).slice(0, most);

/** The agents an operator's file names; undefined where no file is that operator's. */
export function agentsOfOperator(
  name: string,
  directory: string,
  env: Readonly<Record<string, string | undefined>>,
): ReadonlySet<string> | undefined {
  const { operators } = loadOperators([directory], { env, standIns: true });
  const agents = operators.find((operator) => operator.name === name)?.agents;
  return agents && new Set(agents.map(({ agentID }) => agentID));
}
