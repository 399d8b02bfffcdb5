// Which records an export has, and what it says of each.

import type { Stored, Unreadable } from '../domain/ports.js';
import { cellsOf } from './export-columns.js';
import type { Entry } from './in-order.js';

export interface Span {
  /** Only records of these agents; none: all. */
  readonly agents: readonly string[];
  /** Epoch ms of the first claim; `to` excluded. */
  readonly from?: number;
  readonly to?: number;
}

export interface Wanted extends Span {
  readonly currencyOf: (agentID: string) => string | undefined;
}

const toldEvery = 100_000;
/** Of a record that cannot be read nobody knows when it began: it may belong to any span. */
export const unknownTime = -1;

/** What of the records is wanted. `progress` is told from time to time how many were read. */
export async function* entriesOf(
  records: AsyncIterable<Stored | Unreadable>,
  { agents, from = -Infinity, to = Infinity, currencyOf }: Wanted,
  progress: (read: number) => void = () => undefined,
): AsyncGenerator<Entry> {
  let read = 0;
  for await (const record of records) {
    read += 1;
    if (read % toldEvery === 0) progress(read);
    const isUnreadable = 'unreadable' in record;
    const { agentID, transactionID } = isUnreadable ? record.key : record.transaction;
    if (agents.length > 0 && !agents.includes(agentID)) continue;
    const at = isUnreadable ? unknownTime : record.transaction.since;
    if (!isUnreadable && (at < from || at >= to)) continue;
    const key = JSON.stringify([agentID, transactionID]);
    yield { at, key, revision: isUnreadable ? 0 : record.revision, cells: cellsOf(record, currencyOf) };
  }
}
