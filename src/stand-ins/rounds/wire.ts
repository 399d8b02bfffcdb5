// How an answer must be written, whatever it says. The first thing that is wrong is told, because the rest
// mostly follows from it.
import { isLosslessNumber } from 'lossless-json';
import { isDone } from '../platform-book.js';
import type { Callback, Wire } from '../platform-callback.js';
import type { Answer } from '../platform-post.js';
import type { Rule } from './rules.js';

export interface Fault {
  readonly rule: Rule;
  readonly why: string;
}

const KNOWN_CODES: ReadonlySet<string> = new Set(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '11']);

/** What is wrong with an answer as it is written; null where nothing is. */
export function faultOnWire(operation: Callback['operation'], answer: Answer, wire: Wire): Fault | null {
  const { httpStatus, failure, contentType, members } = answer;
  if (failure !== null || httpStatus === null) return { rule: 'answered', why: failure ?? 'no answer' };
  if (httpStatus !== 200) return { rule: 'http-200', why: `HTTP ${httpStatus}` };
  if (!/^application\/json\s*(?:;|$)/i.test(contentType ?? ''))
    return { rule: 'content-type', why: `Content-Type: ${contentType ?? 'none'}` };
  if (members === null) return { rule: 'json', why: 'the body is not one JSON object' };
  const { [wire.code]: code, message } = members;
  if (!isLosslessNumber(code) || !KNOWN_CODES.has(code.value))
    return { rule: 'code', why: `${wire.code} is ${shown(code)}; due is an integer the platform knows` };
  if (typeof message !== 'string') return { rule: 'message', why: `message is ${shown(message)}` };
  return isDone(Number(code.value)) ? faultOfSuccess(operation, members, wire) : null;
}

function faultOfSuccess(
  operation: Callback['operation'],
  { balance, ...members }: Readonly<Record<string, unknown>>,
  wire: Wire,
): Fault | null {
  if (!isLosslessNumber(balance)) return { rule: 'balance-number', why: `balance is ${shown(balance)}` };
  if (!/^-?\d+\.\d\d$/.test(balance.value))
    return { rule: 'balance-decimals', why: `balance is ${balance.value}; due are exactly two decimals` };
  if (operation === 'GetBalance') {
    const currency = wire.currency === undefined ? 'none' : members[wire.currency];
    const isThere = wire.currency === undefined || (typeof currency === 'string' && /^[A-Z]{3}$/.test(currency));
    return isThere ? null : { rule: 'currency', why: `${wire.currency} is ${shown(currency)}` };
  }
  const reference = wire.reference === undefined ? undefined : members[wire.reference];
  const isThere = wire.reference === undefined || operation === 'RollbackTransaction' || isReference(reference);
  return isThere ? null : { rule: 'reference', why: `${wire.reference} is ${shown(reference)}` };
}

/** What the service calls a transaction, as text; undefined where it does not say. */
export function referenceIn({ members }: Answer, wire: Wire): string | undefined {
  const reference = wire.reference === undefined ? undefined : members?.[wire.reference];
  return isReference(reference) ? String(reference) : undefined;
}

function isReference(value: unknown): value is string | { toString(): string } {
  return (typeof value === 'string' && value !== '') || isLosslessNumber(value);
}

function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  return isLosslessNumber(value) ? value.value : JSON.stringify(value);
}
