// The log: lines are collected and written in blocks, because a synchronous line costs a callback as much as
// the journal does. It must never hold a key, a sign, a token or a body: callers hand it named fields only,
// redaction is the second net.

import { openSync } from 'node:fs';
import { pino, type LevelWithSilent, type Logger } from 'pino';
import { LineWriter } from './line-writer.js';

export type Log = Logger;

const secretNames = [
  'sign',
  'key',
  'keys',
  'secret',
  'secrets',
  'token',
  'apiToken',
  'password',
  'authorization',
  'body',
  'headers',
];

/**
 * A log on standard output, or appended to `file`. What is collected is written within a second, and at the
 * latest when the process exits.
 */
export function createLog(level: LevelWithSilent, file?: string): Log {
  // A pipe is opened without blocking only when Node is asked for its stream.
  const destination = new LineWriter(file === undefined ? process.stdout.fd : openSync(file, 'a'));
  return pino(
    {
      level,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: [...secretNames], censor: '***' },
      hooks: { streamWrite: visible },
    },
    destination,
  );
}

/**
 * What a terminal obeys, and nobody sees: JSON itself leaves these as they are. A userID that holds some could
 * else hide the rest of its line, or show it in another order.
 */
const unseen = /[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Still the same JSON: such characters stand only within its texts, where each may be written as its number. */
function visible(line: string): string {
  return line.replace(unseen, (character) =>
    character.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}

/** An exception without its message, which may quote what it stumbled on: its name and where it happened. */
export function traceOf(error: unknown): { readonly error: string; readonly at: string[] } {
  if (!(error instanceof Error)) return { error: typeof error, at: [] };
  const { name, message, stack = '' } = error;
  const frames = stack.includes(message) ? stack.slice(stack.indexOf(message) + message.length).split('\n') : [];
  return { error: name, at: frames.slice(1, 9).map((line) => line.trim()) };
}
