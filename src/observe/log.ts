// The log: lines are collected and written in blocks, because a synchronous line costs a callback as much as
// the journal does. It must never hold a key, a sign, a token or a body: callers hand it named fields only,
// redaction is the second net.

import { openSync } from 'node:fs';
import { pino, type Logger } from 'pino';
import { eventOf, type Fields, type Line } from './events.js';
import { LineWriter } from './line-writer.js';
import { prettyLine } from './pretty-line.js';
import { visible } from './visible.js';

/** A line of the closed list, with fields that it may have. */
type Say = <L extends Line>(fields: Fields<L>, line: L) => void;

export interface Log {
  info: Say;
  warn: Say;
  error: Say;
  debug: Say;
  /** Writes at once what is collected. */
  flush(flushed: () => void): void;
}

export const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
/** `pretty` is for somebody at a terminal. */
export const logFormats = ['json', 'pretty'] as const;

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
export function createLog(
  level: (typeof levels)[number],
  file?: string,
  format: (typeof logFormats)[number] = 'json',
): Log {
  // A pipe is opened without blocking only when Node is asked for its stream.
  const writer = new LineWriter(file === undefined ? process.stdout.fd : openSync(file, 'a'));
  const logger = pino(
    {
      level,
      timestamp: timeOfLine(),
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: [...secretNames], censor: '***' },
      hooks: { streamWrite: format === 'pretty' ? prettyLine : visible },
    },
    writer,
  );
  // One for each event, which has its name written out already: a callback's line costs no more for it.
  const named = new Map<string, Logger>();
  for (const [line, event] of eventOf) named.set(line, logger.child({ event }));
  const say =
    (at: 'info' | 'warn' | 'error' | 'debug') =>
    (fields: object, line: string): void =>
      (named.get(line) ?? logger)[at](fields, line);
  return {
    info: say('info'),
    warn: say('warn'),
    error: say('error'),
    debug: say('debug'),
    flush: (flushed) => writer.flush(flushed),
  };
}

/** pino's `isoTime`, of which the lines of a second share all but the milliseconds (0.8 µs a line, so 0.1). */
function timeOfLine(): () => string {
  let second = NaN;
  let beginning = '';
  return () => {
    const now = Date.now();
    const ms = now % 1000;
    if (now - ms !== second) {
      second = now - ms;
      beginning = `,"time":"${new Date(second).toISOString().slice(0, -4)}`;
    }
    return `${beginning}${String(ms).padStart(3, '0')}Z"`;
  };
}

/** An exception without its message, which may quote what it stumbled on: its name and where it happened. */
export function traceOf(error: unknown): { readonly error: string; readonly at: string[] } {
  if (!(error instanceof Error)) return { error: typeof error, at: [] };
  const { name, message, stack = '' } = error;
  const frames = stack.includes(message) ? stack.slice(stack.indexOf(message) + message.length).split('\n') : [];
  return { error: name, at: frames.slice(1, 9).map((line) => line.trim()) };
}
