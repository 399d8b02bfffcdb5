// Holds the journal's records against the wallet's ledger and the platform's list, movement by movement. Sums
// decide, so a wallet that splits a movement into several rows agrees as long as the money does. It must
// never call a transaction clean that it did not find, or whose end nobody knows yet.

import { Money } from '../domain/money.js';
import type { Unreadable } from '../domain/ports.js';
import { whyUnreadable } from '../domain/tell-story.js';
import { isUnfinished, type Leg, type Transaction } from '../domain/transaction.js';
import type { Finding } from './findings.js';
import type { Ledger } from './ledger.js';
import type { Believed } from './ledger-csv.js';
import { amountOf, dueOf, forwardReferences, moneyOf, movementsOf, referencesOf, sum, times } from './movements.js';
import { shown, Sums, type AllSums } from './sums.js';

export interface Books {
  readonly wallet: Ledger;
  readonly platform?: ReadonlyMap<string, Believed>;
  /** Only references that begin like this are the bridge's; others in the wallet's ledger are left out. */
  readonly prefix: string;
  /** Only these agents' records; none: all. */
  readonly agents: readonly string[];
  /**
   * Of records whose first callback came in this time (epoch ms, `to` excluded) a movement may be missing; of
   * others the lists may know nothing.
   */
  readonly from: number;
  readonly to: number;
  /** What an agent's players play in; undefined where nobody knows. */
  readonly currencyOf: (agentID: string) => string | undefined;
}

export interface Comparison extends AllSums {
  readonly findings: readonly Finding[];
}

/** Compares all records with the books. Rejects with what the records' source rejects with. */
export async function compareBooks(
  records: AsyncIterable<{ readonly transaction: Transaction } | Unreadable>,
  books: Books,
): Promise<Comparison> {
  const findings: Finding[] = [];
  const sums = new Sums();
  const explained = new Set<string>();
  const heardOf = new Set<string>();

  for await (const record of records) {
    if ('unreadable' in record) {
      const { agentID, transactionID } = record.key;
      if (books.agents.length > 0 && !books.agents.includes(agentID)) continue;
      heardOf.add(transactionID);
      findings.push({ kind: 'unreadable', book: 'wallet', agentID, transactionID, what: unreadableWords(record) });
      continue;
    }
    const { transaction: t } = record;
    for (const leg of t.legs) for (const reference of referencesOf(leg)) explained.add(reference);
    if (books.agents.length > 0 && !books.agents.includes(t.agentID)) continue;
    heardOf.add(t.transactionID);
    const isInTime = t.since >= books.from && t.since < books.to;
    if (!isInTime && !isUnfinished(t.state)) continue;
    const seen = compareRecord(t, books);
    findings.push(...seen.findings);
    sums.add(t, books.currencyOf(t.agentID), seen);
  }

  for (const [reference, { total, line, rows, currency }] of books.wallet.all()) {
    if (explained.has(reference) || !reference.startsWith(books.prefix)) continue;
    sums.addUnknown('wallet', currency, rows, total);
    findings.push({
      kind: 'unrecorded',
      book: 'wallet',
      found: total,
      what: `line ${line}: the wallet has ${shown(total, currency)} under "${reference}", which the journal does not know`,
    });
  }
  for (const [transactionID, believed] of books.platform ?? []) {
    const net = netOf(believed);
    if (heardOf.has(transactionID) || net.isZero()) continue;
    sums.addUnknown('platform', undefined, 1, net);
    findings.push({
      kind: 'unrecorded',
      book: 'platform',
      transactionID,
      found: net,
      what: `line ${believed.line}: the platform has ${shown(net)}, and the journal no such transaction`,
    });
  }
  return {
    findings,
    ...sums.all(),
  };
}

/** The ledger, as it is read for one agent. */
interface InCurrency {
  readonly ledger: Ledger;
  readonly currency: string | undefined;
}

interface Seen {
  readonly findings: readonly Finding[];
  readonly due: Money;
  readonly found: Money;
}

function compareRecord(t: Transaction, books: Books): Seen {
  const named = { agentID: t.agentID, transactionID: t.transactionID };
  const wallet: InCurrency = { ledger: books.wallet, currency: books.currencyOf(t.agentID) };
  const found = sum(t.legs.map((leg) => bookedUnder(referencesOf(leg), wallet)));
  const foreign = t.legs.flatMap((leg) => foreignTo(t, leg, wallet));
  if (isUnfinished(t.state))
    return {
      findings: [
        { kind: 'unfinished', book: 'wallet', ...named, found, what: unfinishedWords(t, found) },
        ...[...foreign, ...t.legs.flatMap((leg) => doubleOf(t, leg, wallet) ?? [])].map((finding) => ({
          ...finding,
          ...named,
        })),
      ],
      due: Money.zero,
      found: Money.zero,
    };
  const due = t.state === 'writtenOff' ? toldOf(t) : sum(t.legs.map(dueOf));
  const ofWallet =
    t.state === 'writtenOff'
      ? [writtenOff(t, due, found), ...t.legs.flatMap((leg) => doubleOf(t, leg, wallet) ?? [])]
      : t.legs.flatMap((leg) => compareLeg(t, leg, wallet) ?? []);
  const ofPlatform = books.platform && comparePlatform(t, books.platform.get(t.transactionID));
  const findings = [...ofWallet, ...foreign, ...(ofPlatform ? [ofPlatform] : [])].map((finding) => ({
    ...finding,
    ...named,
  }));
  return { findings, due, found };
}

/** What the platform was told it has moved. */
function toldOf({ state, goal, content }: Transaction): Money {
  const stands = state === 'applied' || (state === 'writtenOff' && goal === 'deliver');
  return stands ? moneyOf(content?.bet, content?.win) : Money.zero;
}

function writtenOff(t: Transaction, due: Money, found: Money): Finding {
  const why = t.story?.findLast(({ what }) => what === 'writtenOff')?.why ?? 'no reason on record';
  const what =
    `${t.content?.kind ?? 'transaction'} of ${t.userID}, written off (${why}): the platform was told ${shown(due)}, ` +
    `the wallet has ${shown(found)}`;
  return { kind: 'explained', book: 'wallet', due, found, what };
}

/**
 * What a leg that is not of unknown outcome must have left in the wallet: movements under references, by the
 * journal.
 */
function compareLeg(t: Transaction, leg: Leg, wallet: InCurrency): Finding | undefined {
  const due = dueOf(leg);
  const found = bookedUnder(referencesOf(leg), wallet);
  const double = doubleOf(t, leg, wallet);
  if (found.compare(due) === 0) return double;
  const expected = movementsOf(leg).slice(0, leg.effect === 'applied' ? 1 : leg.effect === 'undone' ? 2 : 0);
  const who = `${leg.kind} of ${t.userID}, ${t.state}`;
  const ending = `${shown(found)} in all instead of ${shown(due)}`;

  const missing = expected.find(({ references }) => references.every((reference) => !wallet.ledger.has(reference)));
  if (missing !== undefined) {
    const what = `${who}: the wallet does not have ${missing.name} (${shown(missing.amount)}, "${missing.references.join('", "')}"); ${ending}`;
    return { kind: 'missing', book: 'wallet', due, found, what };
  }
  if (double !== undefined) return { ...double, due, what: `${double.what} instead of ${shown(due)}` };
  const what = `${who}: the wallet has another sum ("${forwardReferences(leg).join('", "')}"); ${ending}`;
  return { kind: 'different', book: 'wallet', due, found, what };
}

/** Whatever the sum says: a movement and its undo, both made twice, leave no trace there. */
function doubleOf(t: Transaction, leg: Leg, wallet: InCurrency): Finding | undefined {
  const double = movementsOf(leg).find(({ references, amount: once }) => {
    const rows = references.map((reference) => bookedAs(reference, wallet)?.rows ?? 0).reduce((a, b) => a + b, 0);
    return rows > 1 && !once.isZero() && bookedUnder(references, wallet).compare(times(once, rows)) === 0;
  });
  if (double === undefined) return undefined;
  const found = bookedUnder(referencesOf(leg), wallet);
  const what = `${leg.kind} of ${t.userID}, ${t.state}: the wallet has ${double.name} more than once ("${double.references.join('", "')}"); ${shown(found)} in all`;
  return { kind: 'double', book: 'wallet', found, what };
}

/** What the wallet booked under a leg's references in another currency than its agent's: never added to it. */
function foreignTo(t: Transaction, leg: Leg, { ledger, currency }: InCurrency): Finding[] {
  return referencesOf(leg).flatMap((reference) =>
    ledger.besides(reference, currency).map((booked) => ({
      kind: 'different' as const,
      book: 'wallet' as const,
      what:
        `${leg.kind} of ${t.userID}, ${t.state}: line ${booked.line}: the wallet has ` +
        `${shown(booked.total, booked.currency)} under "${reference}", ` +
        (currency === undefined ? 'beside another currency' : `and ${t.agentID} plays in ${currency}`),
    })),
  );
}

function comparePlatform(t: Transaction, believed: Believed | undefined): Finding | undefined {
  const due = toldOf(t);
  const found = believed === undefined ? Money.zero : netOf(believed);
  if (found.compare(due) === 0) return undefined;
  const ending = `${shown(found)} instead of ${shown(due)}`;
  return believed === undefined
    ? { kind: 'missing', book: 'platform', due, found, what: `${t.state}: the platform does not list it; ${ending}` }
    : { kind: 'different', book: 'platform', due, found, what: `${t.state}: the platform has it otherwise; ${ending}` };
}

const unreadableWords = ({ unreadable }: Unreadable): string =>
  `${whyUnreadable(unreadable)}: it is compared with nothing, and its rows of the ledger are listed as unrecorded`;

function unfinishedWords(t: Transaction, found: Money): string {
  const towards = t.goal === 'void' ? ', to be undone' : t.goal === 'deliver' ? ', to be delivered' : '';
  const because = t.heldBecause === undefined ? '' : ` (${t.heldBecause})`;
  const most = sum(t.legs.map(amountOf));
  return `${t.content?.kind ?? 'transaction'} of ${t.userID}, ${t.state}${towards}${because}: the wallet has ${shown(found)} of ${shown(most)} now`;
}

const netOf = ({ moved, isUndone }: Believed): Money => (isUndone ? Money.zero : moved);
const bookedAs = (reference: string, { ledger, currency }: InCurrency) => ledger.under(reference, currency);

function bookedUnder(references: readonly string[], wallet: InCurrency): Money {
  return sum([...new Set(references)].map((reference) => bookedAs(reference, wallet)?.total ?? Money.zero));
}
