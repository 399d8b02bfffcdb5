// What counts as a traceparent: the exact shape, and nothing else of what anybody may send.

import { describe, expect, test } from '@jest/globals';
import { newTrace } from '../../../src/bridge/new-trace.js';
import { readTraceparent, traceparentOf } from '../../../src/domain/trace.js';

const traceID = '4bf92f3577b34da6a3ce929d0e0e4736';
const caller = '00f067aa0ba902b7';

describe('a traceparent', () => {
  test.each([
    [`00-${traceID}-${caller}-01`, true],
    [`00-${traceID}-${caller}-00`, false],
    [`00-${traceID}-${caller}-03`, true],
    [`01-${traceID}-${caller}-01`, true],
    [`cc-${traceID}-${caller}-01-what-the-future-will-be-like`, true],
  ])('%s is read', (header, isRecorded) => expect(readTraceparent(header)).toEqual({ traceID, isRecorded }));

  test.each([
    [undefined],
    [''],
    [`ff-${traceID}-${caller}-01`],
    [`00-${traceID}-${caller}-01-more`],
    [`cc-${traceID}-${caller}-01.more`],
    [`00-${traceID}-${caller}-1`],
    [`00-${traceID.toUpperCase()}-${caller}-01`],
    [`00-${'0'.repeat(32)}-${caller}-01`],
    [`00-${traceID}-${'0'.repeat(16)}-01`],
    [` 00-${traceID}-${caller}-01`],
    [`00-${traceID}-${caller}-01\n`],
    [`00-${traceID}-${caller}-01, 00-${traceID}-${caller}-01`],
  ])('%j is none', (header) => expect(readTraceparent(header)).toBeUndefined());

  test('is written as it is read', () => {
    for (const isRecorded of [true, false]) {
      const trace = { traceID, isRecorded };
      expect(readTraceparent(traceparentOf(trace, caller))).toEqual(trace);
    }
  });
});

test('traces of our own are valid, and each is another one', () => {
  const made = Array.from({ length: 1000 }, newTrace);

  expect(new Set(made.map((trace) => trace.traceID)).size).toBe(1000);
  for (const trace of made) expect(readTraceparent(traceparentOf(trace, caller))).toEqual(trace);
});
