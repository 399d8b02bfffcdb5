// A record as text, small enough that a month of settled ones fits in memory: what every record has goes by
// position, the unusual goes by name, defaults and repetitions are left out. Nothing may be lost or changed
// on the way, no amount above all.

import type { z } from 'zod';
import type { Content } from '../domain/callback.js';
import type { Money } from '../domain/money.js';
import { UnreadableRecord, type TransactionKey } from '../domain/ports.js';
import type { Leg, StoryEntry, Transaction } from '../domain/transaction.js';
import {
  kindLetters,
  RecordParts,
  stateLetters,
  unknownLetter,
  type ContentParts,
  type LegParts,
  type StoryParts,
} from './record-parts.js';

/**
 * The record as JSON: [state, since, userID, fingerprint, home, content, legs, balance, the rest]. agentID
 * and transactionID are in its key. Trailing parts that are absent are left out.
 */
export function encodeRecord(t: Transaction): string {
  const { content, home } = t;
  return JSON.stringify(
    trimmed([
      stateLetters[t.state],
      t.since,
      t.userID,
      t.fingerprint,
      home && `${home.operator}:${home.origin}`,
      content && encodeContent(content),
      t.legs.map((leg) => encodeLeg(leg, t)),
      t.balance?.toString(),
      filled({
        goal: t.goal,
        lease: t.lease,
        refusal: t.refusal,
        undoRefusal: t.undoRefusal,
        promised: t.promised,
        rolledBack: t.rolledBack,
        heldBecause: t.heldBecause,
        elsewhere: t.elsewhere,
        tries: unless(0, t.tries),
        resumed: t.resumed,
        story: t.story?.map(({ at, what, leg, why }) => trimmed([at - t.since, what, leg, why])),
      }),
    ]),
  );
}

function encodeContent({ kind, roundID, bet, win, ...more }: Content): unknown[] {
  return trimmed([kindLetters[kind], roundID, bet?.toString(), win?.toString(), filled(more)]);
}

/**
 * A leg says by name only what it does not have in common with its transaction, or with a leg that went
 * straight.
 */
function encodeLeg(leg: Leg, { content, since, transactionID }: Transaction): unknown[] {
  return trimmed([
    shortened(leg.reference, transactionID),
    shortenedUndo(leg, transactionID),
    leg.lastSend - since,
    leg.receipt,
    filled({
      kind: leg.kind === content?.kind ? undefined : kindLetters[leg.kind],
      winReference: leg.winReference && shortened(leg.winReference, transactionID),
      bet: unlike(content?.bet, leg.bet),
      win: unlike(content?.win, leg.win),
      effect: unless('applied', leg.effect),
      sends: unless(1, leg.sends),
      undos: unless(0, leg.undos),
      lastUndo: unless(0, leg.lastUndo),
      vainSends: unless(0, leg.vainSends),
      vainUndos: unless(0, leg.vainUndos),
      absentSince: unless(0, leg.absentSince),
    }),
  ]);
}

const unless = <T>(usual: T, own: T): T | undefined => (own === usual ? undefined : own);

/** An amount that is not the usual one; null where there is usually one, but not here. */
function unlike(usual: Money | undefined, own: Money | undefined): string | null | undefined {
  if (own === usual) return undefined;
  const text = own?.toString();
  return text === usual?.toString() ? undefined : (text ?? null);
}

// Written out, because lists of values and of parts made for it were half of the whole (6.2 µs, now 3.1).
function filled(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | undefined {
  for (const name in fields) if (fields[name] !== undefined) return fields;
  return undefined;
}

function trimmed(parts: unknown[]): unknown[] {
  while (parts.length > 0 && parts[parts.length - 1] === undefined) parts.pop();
  return parts;
}

/**
 * References mostly hold the transactionID, which the key holds already: `~.` stands for it, and `~~` for a
 * tilde …
 */
function shortened(reference: string, transactionID: string): string {
  if (transactionID === '') return tildesDoubled(reference);
  if (!reference.includes('~')) return reference.replaceAll(transactionID, '~.');
  return reference.split(transactionID).map(tildesDoubled).join('~.');
}

const tildesDoubled = (text: string): string => text.replaceAll('~', '~~');

/** … and an undo's mostly begins with the leg's: `~<`. */
function shortenedUndo({ reference, undoReference }: Leg, transactionID: string): string {
  if (!undoReference.startsWith(reference)) return shortened(undoReference, transactionID);
  return `~<${shortened(undoReference.slice(reference.length), transactionID)}`;
}

function lengthened(text: string, transactionID: string, reference = ''): string {
  return text.replace(/~[~.<]/g, (mark) => (mark === '~~' ? '~' : mark === '~.' ? transactionID : reference));
}

/** The inverse of `encodeRecord`, exact. Throws UnreadableRecord for a text that is anything else. */
export function decodeRecord(key: TransactionKey, text: string): Transaction {
  const { agentID, transactionID } = key;
  const parts = RecordParts.safeParse(parsed(text));
  if (!parts.success) {
    const message = `the record of ${agentID} ${transactionID} cannot be read: ${whatIsWrong(parts.error)}`;
    throw new UnreadableRecord(message, isNewer(parts.error) ? 'newer' : 'damaged');
  }
  const [state, since, userID, fingerprint, home, contentParts, legs, balance, rest] = parts.data;
  const content = contentParts === null ? undefined : decodeContent(contentParts);
  const { story, ...named } = rest ?? {};
  return {
    agentID,
    transactionID,
    userID,
    fingerprint,
    ...(content && { content }),
    ...(home && { home }),
    state,
    legs: legs.map((leg) => decodeLeg(leg, key, content, since)),
    ...(balance && { balance }),
    since,
    tries: 0,
    ...named,
    ...(story && { story: story.map((entry) => decodeEntry(entry, since)) }),
  };
}

function decodeContent([kind, roundID, bet, win, rest]: z.output<typeof ContentParts>): Content {
  return { kind, roundID, ...(bet && { bet }), ...(win && { win }), ...rest };
}

function decodeEntry([at, what, leg, why]: z.output<typeof StoryParts>, since: number): StoryEntry {
  return { at: since + at, what, ...(typeof leg === 'number' && { leg }), ...(why !== undefined && { why }) };
}

function decodeLeg(
  parts: z.output<typeof LegParts>,
  key: TransactionKey,
  content: Content | undefined,
  since: number,
): Leg {
  const [shortReference, shortUndo, lastSend, receipt, named = {}] = parts;
  const { kind = content?.kind, bet = content?.bet, win = content?.win, winReference, ...rest } = named;
  if (kind === undefined) {
    const message = `the record of ${key.agentID} ${key.transactionID} cannot be read: a leg of no kind`;
    throw new UnreadableRecord(message, 'damaged');
  }
  const reference = lengthened(shortReference, key.transactionID);
  return {
    kind,
    ...(bet && { bet }),
    ...(win && { win }),
    reference,
    ...(winReference !== undefined && { winReference: lengthened(winReference, key.transactionID) }),
    undoReference: lengthened(shortUndo, key.transactionID, reference),
    effect: 'applied',
    sends: 1,
    lastSend: since + lastSend,
    undos: 0,
    lastUndo: 0,
    vainSends: 0,
    vainUndos: 0,
    absentSince: 0,
    ...rest,
    ...(typeof receipt === 'string' && { receipt }),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Nothing in it is broken: it only has parts, names or words we do not know. */
const isNewer = ({ issues }: z.ZodError): boolean =>
  issues.every(
    ({ code, message }) =>
      ['unrecognized_keys', 'too_big', 'invalid_value'].includes(code) || message === unknownLetter,
  );

/** Where, and never how the validator puts it. */
function whatIsWrong({ issues }: z.ZodError): string {
  const parts = new Set(issues.map(({ path }) => path.join('.')));
  const named = [...parts].filter((part) => part !== '').map((part) => `"${part}"`);
  return named.length === 0 ? 'it is no record' : `no bridge writes ${named.join(', ')} like this`;
}
