// The names of everything the journal keeps in Redis. All that is about transactions lives in buckets. A
// bucket is one hash tag, so on a Cluster it is one slot, on one master, and one script reaches all of it.
// Names must stay unambiguous whatever characters the ids hold: two transactions never share a key.

import type { Player } from '../domain/callback.js';
import type { Movement, Round, TransactionKey } from '../domain/ports.js';

/**
 * So many that a dozen masters get about the same share, and so few that every replica can look at each of
 * them four times a second. It may never change: records would be looked for where they are not.
 */
const bucketCount = 64;

/** What a bucket keeps, apart from its records and signs. */
export interface Bucket {
  readonly tag: string;
  /** The id of the journal: gone where the bucket was emptied, another one where a person adopted it since. */
  readonly epoch: string;
  /** For each process when it last wrote here: what a Redis that lost writes does not know any more. */
  readonly last: string;
  /** Sorted set of unfinished records; a member names a record, its score is when to look at it. */
  readonly due: string;
  /** Hash: how many are unfinished, by agent, state and goal, and what they are worth. */
  readonly tally: string;
  /** Sorted set of the same records by group and age, which are in their names: the scores say nothing. */
  readonly ages: string;
  /** Sorted set of what may or may not be on trust; its score is when that can be found out. */
  readonly pending: string;
}

export const buckets: readonly Bucket[] = Array.from({ length: bucketCount }, (_, n) => {
  const tag = `wb:{b-${String(n).padStart(2, '0')}}`;
  return {
    ...{ tag, epoch: `${tag}:epoch`, last: `${tag}:last`, due: `${tag}:due` },
    ...{ tally: `${tag}:tally`, ages: `${tag}:ages`, pending: `${tag}:pending` },
  };
});

/** FNV-1a, its upper six bits. */
function bucketOf(text: string): Bucket {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  const found = buckets[hash >>> 26];
  if (found === undefined) throw new Error('there is no such bucket');
  return found;
}

// A lone surrogate has no UTF-8 form: sent as it is, it would become the same replacement character as every
// other one.
const UNSAFE = /[%:\p{Cs}]/gu;
/** No such character is without one of these, and few ids have any: looked for in a quarter of the time. */
const PERHAPS_UNSAFE = /[%:\ud800-\udfff]/;

/** An id as a part of a name: without a colon. */
const escaped = (id: string): string =>
  PERHAPS_UNSAFE.test(id)
    ? id.replace(UNSAFE, (character) => `%${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
    : id;

export const restored = (text: string): string =>
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

/** Match the keys of all records, and of all that is on trust, and nothing else. */
export const recordPattern = 'wb:{b-??}:tx:*';
export const trustPattern = 'wb:{b-??}:trust:*';

/** The record that is kept under this key. */
export function keyOfRecord(record: string): TransactionKey {
  return keyOf(record.slice('wb:{b-00}:tx:'.length));
}

export interface Place {
  readonly bucket: Bucket;
  readonly record: string;
  readonly member: string;
}

/** Where the record of a transaction lives, and what it is called there. */
export function placeOf(key: TransactionKey): Place {
  const bucket = bucketOf(key.transactionID);
  const member = memberOf(key);
  return { bucket, record: `${bucket.tag}:tx:${member}`, member };
}

/** A key, and the bucket it is in. */
export interface Kept {
  readonly bucket: Bucket;
  readonly key: string;
}

/**
 * What was told as done for an operator and its wallet has not got yet, oldest first. Named by the operator
 * the record was begun for, which never changes.
 */
export function trustOf(operator: string): Kept {
  const bucket = bucketOf(operator);
  return { bucket, key: `${bucket.tag}:trust:${operator}` };
}

/** The operator whose trust is kept under this key. */
export const operatorOfTrust = (key: string): string => key.slice('wb:{b-00}:trust:'.length);

/** Counted from 1970 on, UTC. */
export const dayOf = (at: number): number => Math.floor(at / 86_400_000);

/**
 * List of what a player began on one day, in the order it came. All days of a player are in one bucket. An entry
 * is what follows the agent in a record's member.
 */
export function playerDay({ agentID, userID }: Player, day: number): Kept {
  const player = `${escaped(agentID)}:${escaped(userID)}`;
  const bucket = bucketOf(player);
  return { bucket, key: `${bucket.tag}:player:${player}:${day}` };
}

/** A sign is hex, and 128 bits of it are enough. Upper case, because a sender may write it either way. */
export function signOf(agentID: string, sign: string): Kept {
  const short = sign.slice(0, 32).toUpperCase();
  const bucket = bucketOf(short);
  return { bucket, key: `${bucket.tag}:sign:${escaped(agentID)}:${short}` };
}

/** What a sign is bound to that belongs to no record; the name of none. */
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

export function sentWithKey({ agentID, transactionID, reference }: Movement): string {
  return `wb:sentwith:${escaped(agentID)}:${escaped(transactionID)}:${escaped(reference)}`;
}

/** Milliseconds in which a round's wins are expected to come. */
export const roundLifetime = 7 * 86_400_000;

/** What all replicas share of one thing, and who fetches it. The name is ours, and holds no colon. */
export const sharedKey = (name: string, what: 'text' | 'claim' = 'text'): string => `wb:token:${name}:${what}`;

/**
 * A name of each family that nothing is ever kept under: there each of them can be touched, and nothing is
 * changed.
 */
export const emptyNames: string[] = [
  ...buckets.flatMap(({ tag }) => ['tx', 'sign', 'trust', 'player'].map((family) => `${tag}:${family}:?`)),
  ...['balance', 'session', 'round', 'sentwith', 'token'].map((family) => `wb:${family}:?`),
];
