// A reply is made of a file's own rules: it must be read as exactly what was wanted, or not be made at all.

import { describe, expect, test } from '@jest/globals';
import { examplesOf } from '../../../src/commands/simulate/examples-of.js';
import { sampleCalls } from '../../../src/commands/samples/sample-callback.js';
import { summarize } from '../../../src/commands/samples/verdict-summary.js';
import { Money } from '../../../src/domain/money.js';
import type { CompiledOperator } from '../../../src/operators/compile.js';
import { loadOperators } from '../../../src/operators/load.js';
import { createReplyMaker, verdictOf, type ShownOf, type Wanted } from '../../../src/sandbox/reply-maker.js';
import { environment, fileWith, loadTexts } from '../../support/operator-text.js';
import { operatorFiles } from '../../support/rehearsed-files.js';

const balance = Money.of(123_456n, 2);
const fresh = { receipt: '100017', session: 'session-2' };
const calls = [
  ['getBalance'],
  ['withdraw'],
  ['deposit'],
  ['betWin'],
  ['rollback', 'withdraw'],
  ['rollback', 'deposit'],
  ['rollback', 'betWin'],
  ['lookup', 'withdraw'],
  ['lookup', 'deposit'],
  ['closeRound'],
] as const;

interface Made {
  readonly operation: string;
  readonly wanted: Wanted;
  /** What the mapping makes of it; undefined: no reply could be made. */
  readonly became: ReturnType<typeof summarize> | undefined;
  readonly tellsBalance: boolean;
}

/** A reply for everything the rules of each call can say, read again as the bridge reads it. */
function madeFor(operator: CompiledOperator, shownOf: ShownOf): Made[] {
  const maker = createReplyMaker(operator.file, shownOf);
  return calls.flatMap(([operation, of]) => {
    const sampled = sampleCalls(operator, { operation, of, fields: { receipt: '100003' } });
    if ('because' in sampled) return [];
    return sampled.calls.flatMap(({ call, subject }) => {
      const now = Date.now();
      const rendered = call.render(subject, now);
      if (rendered.kind === 'cannot') throw new Error(rendered.because);
      const { source } = call;
      const { request } = rendered;
      const nos = source.errors.map((rule): Wanted => {
        const kind = verdictOf(rule);
        const { result } = rule;
        const isRefusal = result !== 'duplicate' && result !== 'notFound' && result !== 'alreadyRolledBack';
        return { kind, rule, ...(kind === 'refused' && isRefusal && { result }) };
      });
      // A question is answered, refused or in doubt; nothing else can be read of it.
      const readable = nos.filter(({ kind }) => operation !== 'getBalance' || kind === 'refused' || kind === 'unknown');
      const wants: Wanted[] = [
        { kind: 'applied' },
        ...readable,
        ...(source.refused ? [{ kind: 'refused' } as const] : []),
        ...(source.absent ? [{ kind: 'notFound' } as const] : []),
      ];
      return wants.map((wanted): Made => {
        const reply = maker.make({ call, subject, request, now }, { ...wanted, balance }, fresh);
        const became = reply && summarize(call.read(subject, request, reply, now).verdict);
        return {
          operation,
          wanted,
          became,
          tellsBalance: source.balance !== undefined && source.balanceFollows !== true,
        };
      });
    });
  });
}

/** A rule that this file's own settings switch off. */
const isOff = ({ wanted }: Made): boolean => wanted.rule?.when.text.includes('settings.duplicateMeansTaken') === true;

describe.each(operatorFiles)('the rules of %s', (_name, file) => {
  const [operator] = loadOperators([file], { standIns: true }).operators;
  if (operator === undefined) throw new Error(`${file} cannot be loaded`);

  test.each([
    ['with its examples', examplesOf(operator)],
    ['alone', () => []],
  ])('%s tell every reply they read', (_how, shownOf) => {
    const made = madeFor(operator, shownOf).filter((one) => !isOff(one));

    expect(made.length).toBeGreaterThan(8);
    for (const { wanted, became, tellsBalance } of made) {
      expect(became).toMatchObject({ outcome: wanted.kind, ...(wanted.result && { result: wanted.result }) });
      if (wanted.kind === 'applied' && tellsBalance) expect(became?.balance).toMatch(/^1234\.560*$/);
    }
  });
});

describe('a rule of this kind is turned round', () => {
  const yes = (applied: string, balanceText = 'money.fromMinor(response.body.balance)') =>
    fileWith(
      ['applied: ${response.status == 200}', `applied: '\${${applied.replaceAll("'", "''")}}'`],
      [
        "{ balance: '${money.fromMinor(response.body.balance)}', receipt: '${response.body.id}' }",
        `\n      balance: '\${${balanceText}}'`,
      ],
    );
  const made = (text: string): Made | undefined => {
    const { operators, problems } = loadTexts({ 'sound.yaml': text }, { env: environment });
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    const [operator] = operators;
    return (
      operator &&
      madeFor(operator, () => []).find(({ operation, wanted }) => operation === 'withdraw' && wanted.kind === 'applied')
    );
  };

  test.each([
    ['a value in a list', 'response.status in [200, 201] && response.body.state in ["DONE", "BOOKED"]'],
    ['one of two ways', 'response.body.ok == true || response.body.code == 0'],
    ['an echo of what was sent', 'response.body.ref == sent.body.reference'],
    ['what must be there', 'response.status == 200 && has(response.body.movement.id)'],
    ['a number within bounds', 'response.body.code >= 100 && response.body.code < 200'],
    ['a pattern', 'like(response.body.id, "[0-9]+") && response.body.ok == true'],
    ['a header', 'response.headers["x-result"] == "OK"'],
    ['the beginning of a text', 'response.body.message.startsWith("Booked")'],
    ['an item among others', 'response.body.moves.exists(m, m.ref == sent.body.reference && m.state == "OK")'],
    ['all items', 'response.body.moves.all(m, m.state == "OK") && size(response.body.moves) == 2'],
    ['letters of one case', 'upper(response.body.state) == "OK"'],
    ['a choice', 'response.body.kind == "x" ? response.body.a == 1 : response.body.b == 1'],
    ['a value that may be missing', 'response.status == 200 && response.body.?state.orValue("") == "OK"'],
  ])('%s', (_what, rule) => {
    expect(made(yes(rule))?.became).toMatchObject({ outcome: 'applied', balance: '1234.56' });
  });

  test.each([
    ['a sum', 'money.fromMajor(response.body.cash) + money.fromMajor(response.body.bonus)'],
    ['a difference from nothing', '-money.fromMinor(response.body.owed)'],
    ['a unit of its own', 'money.fromScaled(response.body.balance, 100000)'],
    ['commas and dots', 'money.fromMajor(replace(replace(response.body.balance, ".", ""), ",", "."))'],
    ['a piece of a text', 'money.fromMajor(split(response.body.line, "|")[1])'],
    [
      'one place or another',
      'has(response.body.b) ? money.fromMajor(response.body.b) : money.fromMajor(response.body.a)',
    ],
  ])('a balance by %s', (_what, balanceText) => {
    expect(made(yes('response.status == 200', balanceText))?.became).toMatchObject({
      outcome: 'applied',
      balance: expect.stringMatching(/^1234\.56/),
    });
  });

  test.each([
    ['form', 'response.body.code == "0"', 'response.body.cents'],
    ['xml', 'response.body.reply["@code"] == "0"', 'response.body.reply.cents'],
    ['soap', 'only(response.body).code == "0"', 'only(response.body).cents'],
    ['text', 'response.text.startsWith("OK")', 'split(response.text, ";")[1]'],
  ])('a balance in minor units where every value is a text: %s', (format, rule, cents) => {
    const text = yes(rule, `money.fromMinor(${cents})`)
      .replace('repeatable: always', `repeatable: always\n  format: { request: json, response: ${format} }`)
      .replace('money.fromMinor(response.body.balance)', `money.fromMinor(${cents})`)
      .replace('response.body.error == "FUNDS"', 'response.status == 402');

    expect(made(text)?.became).toMatchObject({
      outcome: 'applied',
      balance: '1234.56',
    });
  });

  test.each([
    ['a contradiction', 'response.body.state == "A" && response.body.state == "B"'],
    [
      'a hash of what the reply says',
      'hex(sha256(text(response.body.seal))) == "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"',
    ],
  ])('but not %s', (_what, rule) => {
    expect(made(yes(rule))).toMatchObject({ became: undefined });
  });
});
