// A wallet's reply is a stranger's text: what is shown of it to a person is short, one line, and without
// anything that could open a door.

import { describe, expect, test } from '@jest/globals';
import { beginningOf } from '../../../src/probing/overheard.js';

describe('what is shown of a reply', () => {
  test.each([
    [
      '{"error":{"code":"LOW_FUNDS","message":"Not enough money"}}',
      '{"error":{"code":"LOW_FUNDS","message":"Not enough money"}}',
    ],
    ['ERR_4001_INSUFFICIENT_FUNDS', 'ERR_4001_INSUFFICIENT_FUNDS'],
    ['<r><code>-7</code>\n  <text>unknown   player</text></r>\n', '<r><code>-7</code> <text>unknown player</text></r>'],
    ['{"balance":123456789012345678}', '{"balance":123456789012345678}'],
    [
      '{"at":"2026-01-31T12:00:00Z","errorCode":"SESSION_EXPIRED"}',
      '{"at":"2026-01-31T12:00:00Z","errorCode":"SESSION_EXPIRED"}',
    ],
    ['OK|1250.00|TX99', 'OK|1250.00|TX99'],
    ['', ''],
  ])('%s is', (text, shown) => {
    expect(beginningOf(text)).toBe(shown);
  });

  test.each([
    '{"token":"hunter2"}',
    '{"sessionId": "hunter2"}',
    "{'apiKey':'hunter2 and more'}",
    '<Session>hunter2</Session>',
    '<r auth="hunter2"/>',
    'status=ok&password=hunter2&x=1',
    'Set-Cookie: hunter2',
    '{"secret":["hunter2"]}',
    '{"x":"hunter2aB9kQz77xYw"}',
    '{"x":"eyJhbGciOiJIUzI1NiJ9.hunter2JzdWIiOiIxMjM0NTY3ODkw.dBjftJeZ4CVP"}',
    '{"x":"hunter2-1234-4abc-9def-0123456789ab"}',
  ])('nothing of a secret is: %s', (text) => {
    expect(beginningOf(text)).toContain('‹…›');
    expect(beginningOf(text)).not.toContain('hunter2');
  });

  test('no more than its beginning, and no secret that is cut in two', () => {
    const long = `${'word '.repeat(79)}{"token":"hunter2hunter2hunter2"} and more`;

    expect(Array.from(beginningOf(long)).length).toBeLessThanOrEqual(401);
    expect(beginningOf(long)).not.toContain('hunter2');
    expect(beginningOf('😀 '.repeat(300))).toMatch(/^(😀 ){200}…$/u);
  });

  test('no half of a word, for half of one may decide otherwise', () => {
    const before = 'x '.repeat(195);

    expect(beginningOf(`${before}Duplicate transaction`)).toBe(`${before}Duplicate …`);
    expect(beginningOf('z'.repeat(12) + ' '.repeat(3) + 'aB3-'.repeat(200))).toContain('…');
  });
});
