import { describe, expect, test } from '@jest/globals';
import { compileFormat } from '../../../src/protocol/formats.js';

describe('formats', () => {
  test('match the whole value only', () => {
    const matches = compileFormat('[0-9]{1,3}');

    expect(['1', '123', '1234', 'a1', '1\n'].map((text) => matches?.(text))).toEqual([true, true, false, false, false]);
  });

  test.each(['(a)\\1', '(?=a)b', '[', '(?<!a)b'])('%s does not run in linear time, so it is none', (pattern) => {
    expect(compileFormat(pattern)).toBeUndefined();
  });
});
