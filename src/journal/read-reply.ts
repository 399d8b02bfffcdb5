// What Redis' replies mean. What is not understood is an error that names the record, and never repeats what
// is in it.

import { UnreadableRecord, type Stored, type TransactionKey, type Unreadable } from '../domain/ports.js';
import { decodeRecord } from './record-codec.js';

/** A due time in the index; Infinity where only a person moves the record on. */
export const scoreOf = (text: string | undefined): number => (text === 'inf' ? Infinity : Number(text));

/** Members and scores come in one flat list, by turns. */
export function membersIn(reply: unknown): { member: string; due: number }[] {
  const flat = Array.isArray(reply) ? reply.map(String) : [];
  return flat.flatMap((member, i) => (i % 2 === 0 ? [{ member, due: scoreOf(flat[i + 1]) }] : []));
}

/** Epoch ms, of a reply to TIME: seconds and microseconds. */
export function timeIn(reply: unknown): number {
  const [seconds = 0, micros = 0] = Array.isArray(reply) ? reply.map(Number) : [];
  return seconds * 1000 + Math.floor(micros / 1000);
}

/** Reads "<revision> <write id> <text>". Throws UnreadableRecord for anything else. */
export function storedIn(key: TransactionKey, value: unknown): Stored {
  const name = `${key.agentID} ${key.transactionID}`;
  if (typeof value !== 'string') throw new UnreadableRecord(`the record of ${name} is gone`, 'gone');
  const head = /^(\d+) \S+ /.exec(value);
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
