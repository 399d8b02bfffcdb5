// A finding is made to be passed on: bounded, printable, and without what is secret, whatever a service answers.

import { describe, expect, test } from '@jest/globals';
import type { Answer } from '../../../../src/stand-ins/platform-post.js';
import { Dice } from '../../../../src/stand-ins/rounds/dice.js';
import { Findings } from '../../../../src/stand-ins/rounds/findings.js';

const answered = (raw: string): Answer => ({
  httpStatus: 200,
  code: 1,
  message: '',
  balanceText: null,
  contentType: 'application/json',
  raw,
  members: null,
  failure: null,
  ms: 3.4,
});

describe('a finding', () => {
  const sign = 'AB'.repeat(32);

  test('holds neither the key nor a sign, and no line break', () => {
    const findings = new Findings('k3y');

    findings.broken('sign', 'bad-sign', 'code 0', {
      what: 'Withdraw',
      body: `{"sign":"${sign}"}`,
      answer: answered(`the key is k3y,\r\nso ${sign.toLowerCase()}`),
    });

    expect(findings.rules.get('sign')?.examples).toEqual([
      {
        scene: 'bad-sign',
        why: 'code 0',
        sent: 'Withdraw {"sign":"…"}',
        came: 'HTTP 200 application/json the key is …, so … (3 ms)',
      },
    ]);
  });

  test('is shown three times, at a bounded length, and counted for ever', () => {
    const findings = new Findings('k3y');

    for (let i = 0; i < 10; i += 1)
      findings.broken('json', 'balance', 'cut', { what: 'GetBalance', body: '', answer: answered('x'.repeat(5_000)) });

    const found = findings.rules.get('json');
    expect(found?.count).toBe(10);
    expect(findings.count).toBe(10);
    expect(found?.examples).toHaveLength(3);
    expect(found?.examples.every(({ came }) => came.length <= 401)).toBe(true);
  });
});

describe('dice', () => {
  const thrown = (dice: Dice): unknown[] => Array.from({ length: 50 }, () => [dice.below(6), dice.cents(10n, 500n)]);

  test('of one seed fall alike, of another otherwise, and so do several of one seed', () => {
    expect(thrown(new Dice(7, 1))).toEqual(thrown(new Dice(7, 1)));
    expect(thrown(new Dice(8, 1))).not.toEqual(thrown(new Dice(7, 1)));
    expect(thrown(new Dice(7, 2))).not.toEqual(thrown(new Dice(7, 1)));
  });

  test('stay within bounds, reach both, and weigh', () => {
    const dice = new Dice(1);
    const cents = new Set(Array.from({ length: 500 }, () => dice.cents(1n, 4n)));
    const picked = Array.from({ length: 1_000 }, () =>
      dice.weighed(
        new Map([
          ['often', 9],
          ['seldom', 1],
        ]),
      ),
    );

    expect([...cents].sort()).toEqual([1n, 2n, 3n, 4n]);
    expect(picked.filter((one) => one === 'seldom').length).toBeGreaterThan(50);
    expect(picked.filter((one) => one === 'seldom').length).toBeLessThan(200);
    expect(dice.shuffled([1, 2, 3]).sort()).toEqual([1, 2, 3]);
  });
});
