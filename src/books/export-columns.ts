// What an export says of one record: a row a column, in the order they stand in. Programs read them, so columns
// may be added behind the last one, and none is renamed or left out. What is not known, or not so, is null.

import { told } from '../domain/describe-transaction.js';
import type { Stored, Unreadable } from '../domain/ports.js';
import { iso } from '../domain/transaction-rows.js';
import type { Leg, Transaction } from '../domain/transaction.js';
import { dueOf, sum } from './movements.js';

interface Column {
  readonly name: string;
  /**
   * `word`: one of ours; `text`: other people's, which may hold anything; `amount`: decimal text, which may
   * begin with a minus.
   */
  readonly holds: 'word' | 'text' | 'amount';
  readonly means: string;
  readonly of: (t: Transaction, currency: string | undefined) => string | null | undefined;
  /** Of a record that cannot be read; absent: nothing. */
  readonly ofUnreadable?: (record: Unreadable) => string;
}

const undone = (leg: Leg | undefined): string | undefined =>
  leg !== undefined && leg.undos > 0 ? leg.undoReference : undefined;

export const exportColumns: readonly Column[] = [
  { name: 'time', holds: 'word', means: 'when its first callback came (UTC)', of: ({ since }) => iso(since) },
  { name: 'operator', holds: 'word', means: 'the operator it was begun for', of: ({ home }) => home?.operator },
  {
    ...{ name: 'agentID', holds: 'text', means: 'its agent', of: ({ agentID }) => agentID },
    ofUnreadable: ({ key }) => key.agentID,
  },
  { name: 'userID', holds: 'text', means: 'the player', of: ({ userID }) => userID },
  {
    ...{ name: 'transactionID', holds: 'text', means: 'the platform’s id', of: ({ transactionID }) => transactionID },
    ofUnreadable: ({ key }) => key.transactionID,
  },
  { name: 'roundID', holds: 'text', means: 'the platform’s id of the round', of: ({ content }) => content?.roundID },
  { name: 'gameID', holds: 'text', means: 'the game, where the platform named it', of: (t) => t.content?.gameID },
  {
    ...{ name: 'kind', holds: 'word', of: ({ content }) => content?.kind ?? 'rollback' },
    means: '`withdraw`, `deposit`, `betWin`; `rollback` of what never came',
  },
  { name: 'bet', holds: 'amount', means: 'what the player stakes', of: ({ content }) => content?.bet?.toString() },
  { name: 'win', holds: 'amount', means: 'what the player is paid', of: ({ content }) => content?.win?.toString() },
  {
    ...{ name: 'currency', holds: 'word', of: (_t, currency) => currency },
    means: 'what the agent’s file in `OPERATORS_DIR` says today; empty where no file has the agent',
  },
  {
    ...{ name: 'state', holds: 'word', means: 'how far it is; `unreadable`: this version cannot read it' },
    ...{ of: ({ state }) => state, ofUnreadable: () => 'unreadable' },
  },
  { name: 'told', holds: 'word', means: 'what the platform was told, or is told when it asks', of: told },
  {
    ...{ name: 'moved', holds: 'amount', of: movedBy },
    means: 'what the player’s balance in the wallet gained; empty while nobody knows',
  },
  {
    ...{ name: 'reference', holds: 'text', of: ({ legs }) => legs[0]?.reference },
    means: 'our id of the movement; of a betWin, of its bet',
  },
  {
    ...{ name: 'winReference', holds: 'text', of: winReferenceOf },
    means: 'of a betWin: that of its win, where it has one of its own',
  },
  {
    ...{ name: 'undoReference', holds: 'text', of: ({ legs }) => undone(legs[0]) },
    means: 'our id of the undo, where one was sent',
  },
  {
    ...{ name: 'winUndoReference', holds: 'text', of: ({ legs }) => undone(legs[1]) },
    means: 'of a betWin by two calls: that of the undo of its win',
  },
  {
    ...{ name: 'receipt', holds: 'text', of: ({ legs }) => legs[0]?.receipt },
    means: 'the wallet’s own id, where it told one',
  },
  {
    ...{ name: 'winReceipt', holds: 'text', of: ({ legs }) => legs[1]?.receipt },
    means: 'of a betWin by two calls: that of its win',
  },
];

/** What is proven to stand in the wallet; an undone movement stands no more. */
function movedBy({ legs }: Transaction): string | undefined {
  return legs.some(({ effect }) => effect === 'unknown') ? undefined : sum(legs.map(dueOf)).toString();
}

function winReferenceOf({ legs: [first, second] }: Transaction): string | undefined {
  return second?.reference ?? first?.winReference;
}

/** A cell for each column. */
export type Cells = readonly (string | null)[];

export function cellsOf(record: Stored | Unreadable, currencyOf: (agentID: string) => string | undefined): Cells {
  if ('unreadable' in record) return exportColumns.map(({ ofUnreadable }) => ofUnreadable?.(record) ?? null);
  const { transaction: t } = record;
  const currency = currencyOf(t.agentID);
  return exportColumns.map(({ of }) => of(t, currency) ?? null);
}
