import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compile, covers, needsBody } from '../../../src/expressions/expressions.js';
import { declared, reply, scopeWith } from '../../support/expressions.js';
import { DecimalNumber } from '../../../src/codecs/decimal-number.js';
import { EvaluationFailure } from '../../../src/codecs/evaluation-failure.js';

const rule = (text: string): string => `\${${text}}`;

describe('a rule is never asked behind one that holds whenever it does', () => {
  test.each([
    ['response.body.code == 5', 'response.body.code == 5'],
    ['response.body.code == 5', 'response.body["code"]  ==  5'],
    ['response.body.code == 5', '5 == response.body.code'],
    ['response.body.code == -5', '-5 == response.body.code'],
    ['response.body.code in [4, 5]', 'response.body.code == 5'],
    ['response.body.code in [4, 5, 6]', 'response.body.code in [6, 4]'],
    ['response.body.code == 4 || response.body.code == 5', 'response.body.code in [5, 4]'],
    ['response.body.code == "a" || response.status == 402', 'response.status == 402'],
    ['response.status == 402', 'response.status == 402 && response.body.code == 5'],
    ['response.status == 402 && response.body.code in [4, 5]', 'response.body.code == 4 && response.status == 402'],
    ['response.status >= 400', 'response.status == 404'],
    ['response.status >= 400', 'response.status >= 500'],
    ['response.status > 399', 'response.status > 399 && response.body.x == 1'],
    ['response.status < 500', 'response.status <= 499 && response.status > 10'],
    ['response.status >= 400 && response.status < 500', 'response.status in [401, 403]'],
    ['has(response.body.error)', 'response.body.error == "FUNDS"'],
    ['has(response.body.error)', 'response.body.error.code == 5 || response.body["error"].code == 6'],
    ['response.body.text.like("a*")', 'response.body.text.like("a*")'],
  ])('%s covers %s', (first, second) => {
    expect(covers(rule(first), rule(second))).toBe(true);
  });

  test.each([
    ['response.body.code == 5', 'response.body.code == "5"'],
    ['response.body.code == "a b"', 'response.body.code == "ab"'],
    ['response.body.code == 5', 'response.body.kode == 5'],
    ['response.body.code in [4, 5]', 'response.body.code in [5, 6]'],
    ['response.body.code == 5', 'response.body.code in [5, 6]'],
    ['response.body.code == 5', 'response.body.code == 5 || response.status == 402'],
    ['response.status == 402 && response.body.code == 5', 'response.status == 402'],
    ['response.status > 400', 'response.status >= 400'],
    ['response.status >= 400', 'response.status < 500'],
    ['response.status >= 500', 'response.status >= 400'],
    ['response.body.size >= 400', 'response.status >= 400'],
    ['has(response.body.error)', 'response.body.?error.orValue("") == ""'],
    ['has(response.body.error.code)', 'response.body.error == "FUNDS"'],
    ['response.body.code in settings.codes', 'response.body.code == 5'],
    ['response.body.code ==', 'response.body.code == 5'],
  ])('%s does not cover %s', (first, second) => {
    expect(covers(rule(first), rule(second))).toBe(false);
  });
});

test('whether a rule can hold for a reply without a body', () => {
  expect(
    [
      'response.status == 200 && response.body.ok == true',
      'response.fault.faultcode == "x"',
      'response.status == 200',
      'response.status == 200 || response.body.ok == true',
    ].map((text) => needsBody(rule(text))),
  ).toEqual([true, true, false, false]);
});

describe('what is told of two rules is true of every reply', () => {
  const field = fc.constantFrom('response.body.a', 'response.body.b', 'response.status');
  const number = fc.integer({ min: 1, max: 3 });
  const atom = fc.oneof(
    fc.tuple(field, fc.constantFrom('==', '<', '<=', '>', '>='), number).map((parts) => parts.join(' ')),
    fc
      .tuple(field, fc.array(number, { minLength: 1, maxLength: 2 }))
      .map(([of, list]) => `${of} in [${list.join(', ')}]`),
    fc.constantFrom('has(response.body.a)', 'has(response.body.b)', 'response.body.?a.orValue(9) == 2'),
  );
  const { rule: anyRule } = fc.letrec<{ rule: string }>((tie) => ({
    rule: fc.oneof(
      { maxDepth: 2 },
      atom,
      fc
        .tuple(tie('rule'), fc.constantFrom('&&', '||'), tie('rule'))
        .map(([one, and, other]) => `(${one} ${and} ${other})`),
    ),
  }));
  // Absent, text, each number of the rules and some that are none of them.
  const values = [undefined, 'text', 1n, 2n, DecimalNumber.parse('2.5'), 3n, 4n];
  const replies = values.flatMap((a) =>
    values.flatMap((b) => {
      const body = { ...(a === undefined ? {} : { a }), ...(b === undefined ? {} : { b }) };
      return [1n, 2n, 4n].map((status) => ({ status, headers: {}, text: '', body }));
    }),
  );

  test('a covered rule holds for no reply for which the other does not', () => {
    let told = 0;
    fc.assert(
      fc.property(anyRule, anyRule, (first, second) => {
        if (!covers(rule(first), rule(second))) return;
        told++;
        const [isFirst, isSecond] = [asked(first), asked(second)];
        const stray = replies.find((response) => isSecond(response) && !isFirst(response));

        expect(stray).toBeUndefined();
      }),
      { numRuns: 1500 },
    );
    expect(told).toBeGreaterThan(20);
  });
});

/** The rule as it is asked of a reply: one that cannot be worked out does not hold. */
function asked(text: string): (response: unknown) => boolean {
  const { template, problems } = compile(rule(text), reply, declared, 'bool');
  if (template === undefined) throw new Error(problems.map(({ message }) => message).join('\n'));
  return (response) => {
    try {
      return template.evaluate(scopeWith({}, { response })) === true;
    } catch (failure) {
      if (failure instanceof EvaluationFailure) return false;
      throw failure;
    }
  };
}
