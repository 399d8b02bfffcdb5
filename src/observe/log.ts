// The log: lines are collected and written in blocks, because a synchronous line costs a callback as much as
// the journal does. It must never hold a key, a sign, a token or a body: callers hand it named fields only,
// redaction is the second net.

import { pino, type LevelWithSilent, type Logger } from 'pino';

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
  const destination = pino.destination({
    dest: file ?? 1,
    sync: false,
    minLength: 8192,
    periodicFlush: 1000,
    // A reader that stalls costs log lines, never memory.
    maxLength: 8 * 1024 * 1024,
  });
  return pino(
    {
      level,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: [...secretNames], censor: '***' },
    },
    destination,
  );
}

/** An exception without its message, which may quote what it stumbled on: its name and where it happened. */
export function traceOf(error: unknown): { readonly error: string; readonly at: string[] } {
  if (!(error instanceof Error)) return { error: typeof error, at: [] };
  const { name, message, stack = '' } = error;
  const frames = stack.includes(message) ? stack.slice(stack.indexOf(message) + message.length).split('\n') : [];
  return { error: name, at: frames.slice(1, 9).map((line) => line.trim()) };
}
