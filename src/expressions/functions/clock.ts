// What is another value for each call: the clock, as `now`, and random ids. Both come with the scope, so that
// the same scope gives the same request.

import { EvaluationFailure } from '../../codecs/evaluation-failure.js';
import { didYouMean } from '../../yaml/did-you-mean.js';
import { fromScope } from '../language.js';
import { literalText } from '../tree.js';
import { clockFormat, clockLetters, isZone } from '../../codecs/clock-format.js';
import type { ArgumentCheck, FunctionRows } from './function-row.js';

const isClockPattern: ArgumentCheck = (argument) =>
  clockFormat(literalText(argument) ?? '', 'UTC') === undefined
    ? `not a pattern of ${clockLetters}: other letters stand in single quotes`
    : undefined;

const isTimeZone: ArgumentCheck = (argument) => {
  const zone = literalText(argument) ?? '';
  if (isZone(zone)) return undefined;
  const suggestion = didYouMean(zone, Intl.supportedValuesOf('timeZone'));
  return `not a time zone: write one such as "UTC" or "Europe/Istanbul"${suggestion}`;
};

function format(now: number, pattern: string, zone: string): string {
  const write = clockFormat(pattern, zone);
  if (write === undefined) throw new EvaluationFailure('the pattern or the time zone of format is none');
  return write(Math.floor(now));
}

function uuid(): unknown {
  const maker = fromScope('uuid');
  if (!isMaker(maker)) throw new EvaluationFailure('the scope has no maker of UUIDs');
  return maker();
}

function isMaker(value: unknown): value is () => unknown {
  return typeof value === 'function';
}

/**
 * `now` is epoch milliseconds, the only binary float of the language; these are all that can be done with it.
 */
export const clock: FunctionRows = {
  unix: {
    forms: { 'double.unix(): int': (now: number) => BigInt(Math.floor(now / 1000)) },
    sentence: 'The seconds since 1970.',
    example: { expression: 'now.unix()', result: '1700000000' },
  },
  unixMs: {
    forms: { 'double.unixMs(): int': (now: number) => BigInt(Math.floor(now)) },
    sentence: 'The milliseconds since 1970.',
    example: { expression: 'now.unixMs()', result: '1700000000123' },
  },
  format: {
    forms: { 'double.format(string, string): string': format },
    literals: [isClockPattern, isTimeZone],
    sentence: `The time in a zone, by a pattern of ${clockLetters}; other letters stand in single quotes.`,
    example: { expression: 'now.format("yyyy-MM-dd HH:mm:ss", "Europe/Istanbul")', result: '"2023-11-15 01:13:20"' },
  },
  uuid: {
    forms: { 'uuid(): string': uuid },
    sentence: 'A random UUID, another one for each call; in a var it is the same wherever one request reads the var.',
    example: { expression: 'uuid()', result: '"11111111-2222-4333-8444-555555555555"' },
  },
};
