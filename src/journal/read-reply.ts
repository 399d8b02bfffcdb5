// What Redis' replies mean. What is not understood is an error that names the record, and never repeats what
// is in it.

import { UnreadableRecord, type Stored, type TransactionKey, type Unreadable } from '../domain/ports.js';
import { decodeRecord } from './record-codec.js';

/** A due time in the index; Infinity where only a person moves the record on. */
export const scoreOf = (text: string | undefined): number => (text === 'inf' ? Infinity : Number(text));

/** The same, as Redis is asked for it. */
export const scoreIn = (due: number): string => String(due).replace('Infinity', 'inf');

/** What a sorted set lists: of the due index, when it is to be looked at. */
export interface Member {
  readonly member: string;
  readonly due: number;
}

/** Members and scores come in one flat list, by turns. */
export function membersIn(reply: unknown): Member[] {
  const flat = textsIn(reply);
  return flat.flatMap((member, i) => (i % 2 === 0 ? [{ member, due: scoreOf(flat[i + 1]) }] : []));
}

export const textsIn = (reply: unknown): string[] => (Array.isArray(reply) ? reply.map(String) : []);

/** Epoch ms, of a reply to TIME: seconds and microseconds; or as a script said it. */
export function timeIn(reply: unknown): number {
  if (typeof reply === 'number') return reply;
  const [seconds = 0, micros = 0] = textsIn(reply).map(Number);
  return seconds * 1000 + Math.floor(micros / 1000);
}

/** Reads "<revision> <write id> <standing> <text>". Throws UnreadableRecord for anything else. */
export function storedIn(key: TransactionKey, value: unknown): Stored {
  const name = `${key.agentID} ${key.transactionID}`;
  if (typeof value !== 'string') throw new UnreadableRecord(`the record of ${name} is gone`, 'gone');
  const head = /^(\d+) \S+ \S+ /.exec(value);
  if (head === null) throw new UnreadableRecord(`what is in the place of ${name} is no record`, 'damaged');
  return { transaction: decodeRecord(key, value.slice(head[0].length)), revision: Number(head[1]) };
}

/** The same, for a caller that reads many and must not stop at one that cannot be read. */
export function storedOrNot(key: TransactionKey, value: unknown): Stored | Unreadable {
  try {
    return storedIn(key, value);
  } catch (error) {
    if (error instanceof UnreadableRecord) return { key, unreadable: error.unreadable };
    throw error;
  }
}
