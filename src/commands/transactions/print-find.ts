// Transactions that were found, and how: as lines of a table, or as JSON.

import { dayAndTime } from '../../deeds/wording.js';
import type { Findings } from '../../deeds/find.js';
import { printable } from '../../domain/printable.js';
import { iso } from '../../domain/transaction-rows.js';
import type { Format } from '../options.js';
import type { Printed } from '../print.js';
import { columns, tableOf } from './print-list.js';

/** What was looked for, and where. */
interface Looked {
  readonly from: number;
  readonly to: number;
  readonly userID: string | undefined;
  /** None: of all. */
  readonly agents: readonly string[];
  /** `lists`, or why every record was read. */
  readonly by: string;
}

export function printFound({ transactions, more }: Findings, looked: Looked, format: Format): Printed {
  const { userID, by } = looked;
  const [from, to] = [iso(looked.from), iso(looked.to)];
  if (format === 'json') {
    const how = { from, to, readAll: by === 'lists' ? null : by };
    return { lines: [JSON.stringify({ ...how, transactions, more })], exitCode: 0 };
  }
  const who = userID === undefined ? 'transactions' : `transactions of ${userID}`;
  const where = whereOf(looked.agents);
  const how = by === 'lists' ? byLists : `every record was read: ${by}`;
  const head = printable(`${who}${where}, from ${dayAndTime(from)} to ${dayAndTime(to)} (UTC); ${how}`);
  if (transactions.length > 0)
    return {
      lines: [
        head,
        ...tableOf(userID === undefined ? ofAll : ofOne, transactions),
        ...(more > 0 ? [`… and ${more} more`] : []),
      ],
      exitCode: 0,
    };
  return { lines: [head, 'none of these'], exitCode: 0 };
}

const byLists =
  'by the lists of players, which lack what was claimed while policy.findByPlayer was false: --scan has it';

const mostNamed = 5;

function whereOf(agents: readonly string[]): string {
  if (agents.length === 0) return '';
  return agents.length > mostNamed ? ` of ${agents.length} agents` : ` of ${agents.join(', ')}`;
}

const { since, state, result, kind, amount, player, agent, transaction } = columns;
const ofOne = [since, state, result, kind, amount, agent, transaction];
const ofAll = [since, state, result, kind, amount, player, agent, transaction];
