// Unfinished records as lines of a table or as JSON. Ids stand last and whole, so that they can be copied.

import type { Journal } from '../domain/ports.js';
import { instant } from '../domain/tell-story.js';
import type { Transaction } from '../domain/transaction.js';

export interface Row {
  readonly agentID: string;
  readonly transactionID: string;
  readonly userID: string;
  readonly state: Transaction['state'];
  readonly goal: string | null;
  readonly kind: string;
  /** Decimal text. */
  readonly bet: string | null;
  readonly win: string | null;
  /** ISO 8601. */
  readonly since: string;
  readonly ageSeconds: number;
  /** ISO 8601, or who must look. */
  readonly nextLook: string;
  readonly heldBecause: string | null;
}

export function rows(records: readonly Transaction[], journal: Journal): Promise<Row[]> {
  const now = journal.now();
  return Promise.all(
    records.map(async (t) => ({
      agentID: t.agentID,
      transactionID: t.transactionID,
      userID: t.userID,
      state: t.state,
      goal: t.goal ?? null,
      kind: t.content?.kind ?? 'rollback',
      bet: t.content?.bet?.toString() ?? null,
      win: t.content?.win?.toString() ?? null,
      since: new Date(t.since).toISOString(),
      ageSeconds: Math.max(0, Math.floor((now - t.since) / 1000)),
      nextLook: lookText(await journal.nextLook(t), (at) => new Date(at).toISOString()),
      heldBecause: t.heldBecause ?? null,
    })),
  );
}

/** When somebody looks at a record, and who. */
export function lookText(at: number | undefined, written: (at: number) => string = instant): string {
  if (at === undefined) return 'none';
  return at === Infinity ? 'a person' : written(at);
}

/** Lines of at most 120 columns as long as ids are of the usual length. */
export function tableOf(shown: readonly Row[]): string[] {
  const head = ['AGE', 'STATE', 'GOAL', 'KIND', 'AMOUNT', 'NEXT LOOK', 'AGENT', 'TRANSACTION'];
  const cells = shown.map((row) => [
    age(row.ageSeconds),
    row.state,
    row.goal ?? '-',
    row.kind,
    [row.bet, row.win].filter((amount) => amount !== null).join('/'),
    row.nextLook.replace(/^\S+T(\S+)\.\d+Z$/, '$1'),
    printable(row.agentID),
    printable(row.transactionID),
  ]);
  const widths = head.map((name, column) => Math.max(name.length, ...cells.map((line) => line[column]?.length ?? 0)));
  return [head, ...cells].map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** "3d 4h", "12m 5s": the two largest units. */
export function age(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  return (first < 0 ? parts.slice(-1) : parts.slice(first, first + 2))
    .map(([count, unit]) => `${count}${unit}`)
    .join(' ');
}

/** Ids and reasons are other people's text: nothing of it may steer a terminal. */
export const printable = (text: string): string =>
  text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
