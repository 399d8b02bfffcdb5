// Unfinished records as lines of a table or as JSON. Ids stand last and whole, so that they can be copied.

import type { Listed } from '../../domain/ports.js';
import { instant, whyUnreadable } from '../../domain/tell-story.js';
import type { State } from '../../domain/transaction.js';

export interface Row {
  readonly agentID: string;
  readonly transactionID: string;
  /** What cannot be read of a record is null. */
  readonly userID: string | null;
  readonly state: State | 'unreadable';
  readonly goal: string | null;
  readonly kind: string | null;
  /** Decimal text. */
  readonly bet: string | null;
  readonly win: string | null;
  /** ISO 8601. */
  readonly since: string | null;
  readonly ageSeconds: number | null;
  /** ISO 8601, or who must look. */
  readonly nextLook: string;
  readonly heldBecause: string | null;
  readonly unreadableBecause: string | null;
}

export function rowOf(found: Listed, now: number): Row {
  const nextLook = lookText(found.due, (at) => new Date(at).toISOString());
  if ('unreadable' in found)
    return {
      agentID: found.key.agentID,
      transactionID: found.key.transactionID,
      ...{ userID: null, state: 'unreadable', goal: null, kind: null, bet: null, win: null },
      ...{ since: null, ageSeconds: null, nextLook, heldBecause: null },
      unreadableBecause: whyUnreadable(found.unreadable),
    };
  const { transaction: t } = found;
  return {
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
    nextLook,
    heldBecause: t.heldBecause ?? null,
    unreadableBecause: null,
  };
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
    row.ageSeconds === null ? '-' : age(row.ageSeconds),
    row.state,
    row.goal ?? '-',
    row.kind ?? '-',
    row.kind === null ? '-' : [row.bet, row.win].filter((amount) => amount !== null).join('/'),
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
