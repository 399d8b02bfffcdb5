// The names of everything the journal keeps in Redis. A record and the index that lists it share a hash tag,
// so that one script reaches both. Names must stay unambiguous whatever characters the ids hold: two
// transactions never share a key.

import type { Player } from '../domain/callback.js';
import type { Round, TransactionKey } from '../domain/ports.js';
import type { Transaction } from '../domain/transaction.js';

const buckets = Array.from({ length: 16 }, (_, bucket) => bucket.toString(16));

/**
 * The sorted sets of unfinished records, one for each bucket; a member names a record, its score is when to
 * look at it.
 */
export const dueKeys: readonly string[] = buckets.map(dueKeyOf);

function dueKeyOf(bucket: string): string {
  return `wb:{${bucket}}:due`;
}

/** FNV-1a, its upper four bits. It may never change: records would be looked for where they are not. */
function bucketOf(transactionID: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < transactionID.length; i++) hash = Math.imul(hash ^ transactionID.charCodeAt(i), 0x01000193);
  return (hash >>> 28).toString(16);
}

// A lone surrogate has no UTF-8 form: sent as it is, it would become the same replacement character as every
// other one.
const UNSAFE = /[%:\p{Cs}]/gu;

const escaped = (id: string): string =>
  id.replace(UNSAFE, (character) => `%${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

const restored = (text: string): string =>
  text.replace(/%([0-9a-f]{4})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));

/** What a record is called in the index: both ids, told apart by the only bare colon. */
export function memberOf(key: TransactionKey): string {
  return `${escaped(key.agentID)}:${escaped(key.transactionID)}`;
}

/** The record a member of the index stands for; the inverse of `memberOf`. */
export function keyOf(member: string): TransactionKey {
  const [agentID = '', transactionID = ''] = member.split(':');
  return { agentID: restored(agentID), transactionID: restored(transactionID) };
}

/** Matches the keys of all records, and nothing else. */
export const recordPattern = 'wb:{?}:tx:*';

/** The record that is kept under this key. */
export function keyOfRecord(record: string): TransactionKey {
  return keyOf(record.slice('wb:{0}:tx:'.length));
}

/** The id of the journal as a whole: gone when Redis was emptied. */
export const epochKey = 'wb:epoch';

export interface Place {
  readonly record: string;
  readonly due: string;
  readonly member: string;
}

/** Where the record of a transaction lives, and where it is listed while it is unfinished. */
export function placeOf(key: TransactionKey): Place {
  const bucket = bucketOf(key.transactionID);
  const member = memberOf(key);
  return { record: `wb:{${bucket}}:tx:${member}`, due: dueKeyOf(bucket), member };
}

/**
 * What was told as done for an operator and its wallet has not got yet, oldest first. Named by the operator
 * the record was begun for, which never changes.
 */
export function trustKey({ home }: Pick<Transaction, 'home'>): string {
  return `wb:trust:${home?.operator ?? ''}`;
}

/** A sign is hex, and 128 bits of it are enough. Upper case, because a sender may write it either way. */
export function signKey(agentID: string, sign: string): string {
  return `wb:sign:${escaped(agentID)}:${sign.slice(0, 32).toUpperCase()}`;
}

/** What a sign is bound to that belongs to no record; the name of no key. */
export const noRecord = 'none';

export function balanceKey(player: Player): string {
  return `wb:balance:${escaped(player.agentID)}:${escaped(player.userID)}`;
}

/** Milliseconds a player's last balance is worth knowing. */
export const balanceLifetime = 86_400_000;

export function sessionKey({ agentID, userID }: Player): string {
  return `wb:session:${escaped(agentID)}:${escaped(userID)}`;
}

export function roundKey({ agentID, userID, roundID }: Round): string {
  return `wb:round:${escaped(agentID)}:${escaped(userID)}:${escaped(roundID)}`;
}

/** Milliseconds in which a round's wins are expected to come. */
export const roundLifetime = 7 * 86_400_000;

/**
 * A name of each family that nothing is ever kept under: there each of them can be touched, and nothing is
 * changed.
 */
export const emptyNames: string[] = [
  ...buckets.map((bucket) => `wb:{${bucket}}:tx:?`),
  ...['trust', 'sign', 'balance', 'session', 'round', 'token'].map((family) => `wb:${family}:?`),
];
