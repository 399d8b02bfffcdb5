// `reconcile`: the journal against an export of the wallet's ledger, and the platform's list where there is one. It reads only.

import type { Unreadable } from '../domain/ports.js';
import type { Transaction } from '../domain/transaction.js';
import { compareBooks, findingKinds, shown, type Books, type Finding, type Totals } from './reconcile/compare-books.js';
import {
  readLedger,
  readPlatformList,
  UnreadableList,
  type LedgerColumns,
  type PlatformColumns,
} from './reconcile/ledger-csv.js';

export interface ReconcileOptions {
  readonly wallet: string;
  readonly platform?: string;
  readonly format: 'text' | 'json';
  /** Headers by what they mean, where they are called otherwise. */
  readonly columns: Readonly<Record<string, string>>;
  readonly platformColumns: Readonly<Record<string, string>>;
  readonly debits: readonly string[];
  readonly credits: readonly string[];
  readonly prefix: string;
  readonly agents: readonly string[];
  /** ISO 8601 instants. */
  readonly from?: string;
  readonly to?: string;
}

interface Printed {
  readonly lines: string[];
  readonly exitCode: 0 | 1 | 2;
}

const ledgerColumns = { reference: 'reference', amount: 'amount', type: 'type' };
const platformColumns: PlatformColumns = {
  transactionID: 'transactionID',
  operation: 'operation',
  amount: 'amount',
  result: 'result',
};

/** Exit code 0: all agree and all is finished; 1: something does not, or is not; 2: it could not be found out, and the one line says why. */
export async function runReconcile(
  records: () => AsyncIterable<{ readonly transaction: Transaction } | Unreadable>,
  options: ReconcileOptions,
): Promise<Printed> {
  const { debits, credits, prefix, agents } = options;
  try {
    const columns: LedgerColumns = { ...named(ledgerColumns, options.columns, '--columns'), debits, credits };
    const ofPlatform = named(platformColumns, options.platformColumns, '--platform-columns');
    const books: Books = {
      wallet: await readLedger(options.wallet, columns),
      ...(options.platform !== undefined && { platform: await readPlatformList(options.platform, ofPlatform) }),
      prefix,
      agents,
      from: instant(options.from, '--from') ?? -Infinity,
      to: instant(options.to, '--to') ?? Infinity,
    };
    const { findings, totals } = await compareBooks(records(), books);
    const lines = options.format === 'json' ? [asJson(findings, totals)] : inWords(findings, totals);
    return { lines, exitCode: findings.every(({ kind }) => kind === 'explained') ? 0 : 1 };
  } catch (error) {
    // Whatever broke it off, a comparison without its end has shown nothing.
    return { lines: [error instanceof Error ? error.message : 'it could not be finished'], exitCode: 2 };
  }
}

function named<T extends Readonly<Record<string, string>>>(
  usual: T,
  own: Readonly<Record<string, string>>,
  option: string,
): T {
  const strange = Object.keys(own).filter((name) => !(name in usual));
  if (strange.length === 0) return { ...usual, ...own };
  throw new UnreadableList(`${option}: ${strange.join(', ')}: expected ${Object.keys(usual).join(', ')}`);
}

function instant(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new UnreadableList(`${option}: expected an instant such as 2026-11-21T00:00:00Z`);
  return time;
}

function inWords(findings: readonly Finding[], totals: readonly Totals[]): string[] {
  const lines = findings.map(({ kind, agentID, transactionID, what }) =>
    [kind.padEnd(11), agentID, transactionID, what].filter((part) => part !== undefined).join(' '),
  );
  const sums = totals.map(
    ({ agentID, transactions, due, found, unfinished }) =>
      `${agentID}: ${transactions} transactions, ${unfinished} unfinished; of the others the journal has ${shown(due)}, ` +
      `the wallet ${shown(found)}, difference ${shown(found.minus(due))}`,
  );
  return [
    ...lines,
    ...sums,
    counted(findings)
      .map(([kind, count]) => `${count} ${kind}`)
      .join(', '),
  ];
}

function asJson(findings: readonly Finding[], totals: readonly Totals[]): string {
  return JSON.stringify({
    findings: findings.map(({ due, found, ...rest }) => ({
      ...rest,
      ...(due && { due: shown(due) }),
      ...(found && { found: shown(found) }),
    })),
    totals: totals.map(({ due, found, ...rest }) => ({ ...rest, due: shown(due), found: shown(found) })),
    counts: Object.fromEntries(counted(findings)),
  });
}

const counted = (findings: readonly Finding[]): [kind: string, count: number][] =>
  findingKinds.map((kind) => [kind, findings.filter((finding) => finding.kind === kind).length]);
