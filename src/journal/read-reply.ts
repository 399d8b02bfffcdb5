// What Redis' replies mean. What is not understood is an error that names the record, and never repeats what is in it.

import type { Stored, TransactionKey } from '../domain/ports.js';
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

/** Reads "<revision> <write id> <text>". Throws, naming the record, for anything else. */
export function storedIn(key: TransactionKey, value: unknown): Stored {
  if (typeof value !== 'string') throw new Error(`the record of ${key.agentID} ${key.transactionID} is gone`);
  const head = /^(\d+) \S+ /.exec(value);
  if (head === null) throw new Error(`what is in the place of ${key.agentID} ${key.transactionID} is no record`);
  return { transaction: decodeRecord(key, value.slice(head[0].length)), revision: Number(head[1]) };
}
