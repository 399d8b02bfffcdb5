// `transactions`: what a person sees and does about records nobody else can finish. It reads and writes the journal only; every
// wallet call that follows is the resolver's, in whatever replica comes first. It must never call a wallet itself.

import { markApplied, markNotApplied, markSameWallet, writeOff, type Moved } from '../domain/person.js';
import { assertNever } from '../domain/outcome.js';
import {
  UnreadableRecord,
  type Journal,
  type Listed,
  type Stored,
  type TransactionKey,
  type Unreadable,
} from '../domain/ports.js';
import { instant, whyUnreadable } from '../domain/tell-story.js';
import { isOnTrust, isUnfinished, leaseIsLive, type State, type Transaction } from '../domain/transaction.js';
import { loadOperators } from '../operators/load.js';
import { describe, describeUnreadable, remedy, whatFollows } from './transactions/describe.js';
import { printable, rowOf, tableOf } from './transactions/rows.js';

/** Exit code 0: done; 1: not possible, and nothing was changed; 2: the question cannot be understood. */
export interface Printed {
  readonly lines: readonly string[];
  readonly exitCode: 0 | 1 | 2;
}

export interface ListOptions {
  readonly state?: 'held' | 'open' | 'claimed' | 'unreadable';
  /** Only records of these agents. */
  readonly agents?: ReadonlySet<string>;
  readonly limit: number;
  readonly format: 'text' | 'json';
}

/** What a person may say, and what becomes of the record then. */
const words = { applied: markApplied, notApplied: markNotApplied, sameWallet: markSameWallet, writtenOff: writeOff };

export interface Resolution {
  readonly said: keyof typeof words;
  readonly reason: string;
  /** Of a betWin made by two calls: which. */
  readonly leg?: 'bet' | 'win';
}

const longestReason = 500;
/** What was written off is listed for finance longer than any retention. */
const writtenOffFor = 400 * 86_400_000;

/** Unfinished records, the oldest first; those that cannot be read, whose age nobody knows, before them. Every one is counted. */
export async function listTransactions(journal: Journal, options: ListOptions): Promise<Printed> {
  const { state, agents, limit, format } = options;
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
  const shown = oldestOf(oldest, limit).map((found) => rowOf(found, journal.now()));
  const more = matching - shown.length;
  if (format === 'json') return { lines: [JSON.stringify({ transactions: shown, more })], exitCode: 0 };
  if (unfinished === 0) return { lines: ['nothing is unfinished'], exitCode: 0 };
  if (matching === 0) return { lines: [`none of these among ${unfinished} unfinished`], exitCode: 0 };
  return { lines: [...tableOf(shown), ...(more > 0 ? [`… and ${more} more`] : [])], exitCode: 0 };
}

const stateOf = (found: Listed): ListOptions['state'] | State =>
  'unreadable' in found ? 'unreadable' : found.transaction.state;
const agentOf = (found: Listed): string => ('unreadable' in found ? found.key : found.transaction).agentID;
const sinceOf = (found: Listed): number => ('unreadable' in found ? 0 : found.transaction.since);
const oldestOf = (records: readonly Listed[], most: number): Listed[] =>
  [...records].sort((a, b) => sinceOf(a) - sinceOf(b)).slice(0, most);

/** The agents an operator file names, for `list`; undefined when no file there is his. */
export function agentsOfOperator(
  name: string,
  directory: string,
  env: Readonly<Record<string, string | undefined>>,
): ReadonlySet<string> | undefined {
  const { operators } = loadOperators([directory], { env, standIns: true });
  const agents = operators.find((operator) => operator.name === name)?.agents;
  return agents && new Set(agents.map(({ agentID }) => agentID));
}

async function look(journal: Journal, key: TransactionKey): Promise<Stored | Unreadable | undefined> {
  try {
    const stored = await journal.get(key);
    if (stored !== undefined) return stored;
    return (await journal.nextLook(key)) === undefined ? undefined : { key, unreadable: 'gone' };
  } catch (error) {
    if (error instanceof UnreadableRecord) return { key, unreadable: error.unreadable };
    throw error;
  }
}

/** One record: its facts, and its story in plain words. */
export async function showTransaction(journal: Journal, key: TransactionKey): Promise<Printed> {
  const found = await look(journal, key);
  const nextLook = await journal.nextLook(key);
  if (found === undefined) return unknownRecord(key);
  if ('unreadable' in found) return { lines: describeUnreadable(key, found.unreadable, nextLook), exitCode: 1 };
  return { lines: describe(found, journal.now(), nextLook), exitCode: 0 };
}

/** Puts a person's word on record, if the record still is the one he was shown; the resolver does what follows from it. */
export async function resolveTransaction(journal: Journal, key: TransactionKey, said: Resolution): Promise<Printed> {
  const stored = await look(journal, key);
  if (stored === undefined) return unknownRecord(key);
  if ('unreadable' in stored) return refused(cannotRead(stored));
  if (said.reason.length > longestReason) return refused(`the reason is longer than ${longestReason} characters`);
  const leg = said.leg === undefined ? undefined : legNamed(stored.transaction, said.leg);
  if (leg === -1) return refused(`it has no separate ${said.leg ?? 'leg'}`);
  const word = { now: journal.now(), reason: said.reason, ...(leg === undefined ? {} : { leg }) };
  const moved = words[said.said](stored.transaction, word);
  return moved.kind === 'moved' ? await record(journal, stored, moved.transaction) : refused(whyNot(moved, stored));
}

async function record(journal: Journal, before: Stored, transaction: Transaction): Promise<Printed> {
  const trust = isOnTrust(transaction) ? 'on' : isOnTrust(before.transaction) ? 'off' : undefined;
  const { kind } = await journal.put({
    transaction,
    expected: before.revision,
    ...(isUnfinished(transaction.state)
      ? { due: transaction.state === 'held' ? Infinity : journal.now() }
      : { lifetime: writtenOffFor }),
    ...(trust && { trust: { kind: trust } }),
  });
  if (kind !== 'done') return refused('the record changed in the meantime: look at it again');
  return { lines: [`recorded; ${whatFollows(transaction)}`], exitCode: 0 };
}

/** Lets the resolver look at it at once instead of when its pause is over. */
export async function tryNow(journal: Journal, key: TransactionKey): Promise<Printed> {
  const stored = await look(journal, key);
  if (stored === undefined) return unknownRecord(key);
  if ('unreadable' in stored) return refused(cannotRead(stored));
  const { transaction } = stored;
  const now = journal.now();
  if (!isUnfinished(transaction.state)) return refused(whyNot({ kind: 'finished' }, stored));
  if (transaction.state === 'held' && !transaction.elsewhere)
    return refused('it is held: nothing but your word moves it on (resolve)');
  if (transaction.lease !== undefined && leaseIsLive(transaction, now))
    return refused(whyNot({ kind: 'inHand', until: transaction.lease.until }, stored));
  await journal.postpone(key, now);
  return { lines: ['due now: the next replica that looks takes it up'], exitCode: 0 };
}

function legNamed({ legs }: Transaction, name: 'bet' | 'win'): number {
  return legs.findIndex(({ kind }) => kind === (name === 'bet' ? 'withdraw' : 'deposit'));
}

function whyNot(moved: Exclude<Moved, { kind: 'moved' }>, { transaction: { state } }: Stored): string {
  switch (moved.kind) {
    case 'finished':
      return `it is ${state}: nothing about it is unfinished`;
    case 'inHand':
      return `a replica is at work on it until ${instant(moved.until)} (UTC): look again then`;
    case 'sayWhich':
      return 'more than one movement is in doubt: say which, --leg bet or --leg win';
    case 'notInDoubt':
      return 'that is not in doubt';
    case 'noReason':
      return 'give a reason: it is kept with the record';
    default:
      return assertNever(moved);
  }
}

const cannotRead = ({ unreadable }: Unreadable): string =>
  `its record cannot be read (${whyUnreadable(unreadable)}): ${remedy(unreadable)}`;

const refused = (because: string): Printed => ({ lines: [`not done: ${because}`], exitCode: 1 });

const unknownRecord = ({ agentID, transactionID }: TransactionKey): Printed => ({
  lines: [`there is no record of ${printable(agentID)} ${printable(transactionID)}`],
  exitCode: 1,
});
