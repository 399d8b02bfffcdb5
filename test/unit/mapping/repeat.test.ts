// `repeat` in a mapping: true for every send, and every undo, that may not be the first to leave, by the
// record alone, so that every replica says the same.

import { describe, expect, test } from '@jest/globals';
import { sampleCalls } from '../../../src/commands/samples/sample-callback.js';
import { runExamples } from '../../../src/commands/check/run-examples.js';
import type { Verdict } from '../../../src/domain/outcome.js';
import { learn } from '../../../src/domain/policy/on-reply.js';
import { intend, plan } from '../../../src/domain/policy/plan.js';
import { markNotApplied } from '../../../src/domain/person.js';
import type { Transaction } from '../../../src/domain/transaction.js';
import type { MappedCall } from '../../../src/mapping/mapping.js';
import type { CompiledOperator } from '../../../src/operators/compile.js';
import { createReplyMaker } from '../../../src/sandbox/reply-maker.js';
import { fileWith, operatorOf, problemsOf } from '../../support/operator-text.js';
import { eur, player, someLeg, someTransaction, win } from '../../support/transactions.js';

const debit = "body: { reference: '${reference}', cents: '${request.amount.minor()}' }";
/** One whose agent is that of made-up transactions. */
const fileOf = (...changes: readonly (readonly [string, string])[]) =>
  fileWith(['SOUND01', player.agentID], ...changes);

const telling = fileOf(
  [debit, "body: { reference: '${reference}', cents: '${request.amount.minor()}', again: '${repeat}' }"],
  [
    "{ path: /credits, body: { reference: '${reference}'",
    "{ path: /credits, body: { reference: '${reference}', again: '${repeat}'",
  ],
  ['rollback: inverse', 'rollback: { withdraw: { request: { path: /undo, body: { again: "${repeat}" } } } }'],
);

const lease = { owner: 'a', until: 1_000 };
const saysRepeat = (call: MappedCall<Verdict> | undefined, transaction: Transaction): boolean | undefined => {
  const [leg] = transaction.legs;
  const made = leg && call?.render({ transaction, leg }, 0);
  if (made?.kind !== 'request') throw new Error('no request');
  const [, said] = /"again":(true|false)/.exec(Buffer.from(made.request.body ?? []).toString()) ?? [];
  return said === undefined ? undefined : said === 'true';
};

/** The record before its next send leaves, and after the wallet has said `verdict` to it. */
function sent({ terms }: CompiledOperator, t: Transaction, verdict: Verdict): { sent: Transaction; said: Transaction } {
  const now = 1_000_000;
  const step = plan(t, terms, now);
  if (step.kind !== 'send' && step.kind !== 'undo') throw new Error(`a ${step.kind}`);
  const leaving = intend(t, step, lease);
  return { sent: leaving, said: learn(leaving, step, verdict, now) };
}

describe('repeat in a request', () => {
  const operator = operatorOf(telling);
  const { send, undo } = operator.wallet;
  const owed = (): Transaction =>
    someTransaction({
      content: win().content,
      goal: 'deliver',
      state: 'open',
      promised: true,
      legs: [someLeg({ kind: 'deposit', win: eur('20.00'), effect: 'none', sends: 0 })],
    });

  test.each<[string, Verdict, boolean]>([
    ['got no answer', { kind: 'unknown', because: 'timeout' }, true],
    ['reached a wallet that says it did nothing', { kind: 'notApplied', because: 'a rule', reached: true }, true],
    ['certainly never left', { kind: 'notApplied', because: 'connection refused' }, false],
  ])('is false for the first send, and after one that %s it is %s', (_what, verdict, again) => {
    const first = sent(operator, owed(), verdict);
    const second = sent(operator, first.said, verdict);
    const third = sent(operator, second.said, verdict);

    expect(saysRepeat(send.deposit, first.sent)).toBe(false);
    expect([second, third].map((one) => saysRepeat(send.deposit, one.sent))).toEqual([again, again]);
  });

  test('stays true where a person says that the first did nothing', () => {
    const first = sent(operator, owed(), { kind: 'unknown', because: 'timeout' });
    const word = markNotApplied(first.said, { now: 2_000, reason: 'not in the back office' });
    if (word.kind !== 'moved') throw new Error(word.kind);

    expect(saysRepeat(send.deposit, sent(operator, word.transaction, { kind: 'applied' }).sent)).toBe(true);
  });

  test.each<[string, Verdict, boolean]>([
    ['got no answer', { kind: 'unknown', because: 'timeout' }, true],
    ['reached a wallet that says it did nothing', { kind: 'notApplied', because: 'a rule', reached: true }, true],
    ['certainly never left', { kind: 'notApplied', because: 'connection refused' }, false],
  ])('in an undo is of the undo, not of the bet: after one that %s it is %s', (_what, verdict, again) => {
    const bet = someTransaction({
      state: 'open',
      goal: 'void',
      legs: [someLeg({ effect: 'applied', sends: 3, undos: 0 })],
    });
    const first = sent({ ...operator, terms: undoRepeatable(operator) }, bet, verdict);

    expect(saysRepeat(undo.withdraw, first.sent)).toBe(false);
    const second = sent({ ...operator, terms: undoRepeatable(operator) }, first.said, verdict);
    expect(saysRepeat(undo.withdraw, second.sent)).toBe(again);
  });

  test('in an inverse is of the undo, too', () => {
    const inverse = operatorOf(telling.replace(/rollback: \{ withdraw.*/, 'rollback: inverse')).wallet.undo.withdraw;
    const undone = (undos: number) => someTransaction({ legs: [someLeg({ effect: 'applied', sends: 3, undos })] });

    expect([1, 2].map((undos) => saysRepeat(inverse, undone(undos)))).toEqual([false, true]);
  });

  test('in the call that closes a round is true once anybody may have closed it', () => {
    const closing = operatorOf(
      fileOf([
        'deposit:\n',
        "closeRound:\n    request: { path: /close, body: { again: '${repeat}' } }\n  deposit:\n    after: closeRound\n",
      ]),
    ).wallet.closeRound?.call;
    const [first, later] = [1, 2].map((sends) =>
      someTransaction({ content: win().content, legs: [someLeg({ kind: 'deposit', win: eur('20.00'), sends })] }),
    );
    if (first === undefined || later === undefined || first.legs[0] === undefined) throw new Error('no win');
    const found = closing?.render({ transaction: first, leg: first.legs[0], again: true }, 0);
    if (found?.kind !== 'request') throw new Error('no request');

    expect([first, later].map((one) => saysRepeat(closing, one))).toEqual([false, true]);
    expect(Buffer.from(found.request.body ?? []).toString()).toBe('{"again":true}');
  });

  test('is made at load both ways', () => {
    const failing = (value: string) =>
      problemsOf(fileWith([debit, `body: { reference: '\${reference}', x: '${value}' }`]));

    expect(failing('${repeat ? integer("x") : 1}')).toEqual([
      expect.stringMatching(
        /body.x: warning: no request can be made when it is sent again: the text is not a whole number/,
      ),
    ]);
    expect(failing('${repeat ? 1 : integer("x")}')).toEqual([
      expect.stringMatching(
        /body.x: warning: no request can be made when it is sent for the first time: the text is not a whole number/,
      ),
    ]);
  });

  test('is a name of wallet.request that a lookup must take out', () => {
    const shared = (more: string) =>
      problemsOf(
        fileWith(
          ['repeatable: always', "repeatable: successes\n  request: { headers: { X-Again: '${repeat}' } }"],
          [
            'rollback: inverse',
            `rollback: inverse\n  lookup: { request: { path: /l${more} }, response: { applied: '\${response.body.done == true}' } }`,
          ],
        ),
      );

    expect(shared('')).toEqual([
      expect.stringContaining(
        'repeat exists only in calls that move money or follow them: a lookup may be asked any number of times',
      ),
    ]);
    expect(shared(', headers: { X-Again: null }')).toEqual([]);
  });
});

/** As the file has it, but for an undo that may be sent again. */
function undoRepeatable({ terms }: CompiledOperator): CompiledOperator['terms'] {
  const { withdraw } = terms.legs;
  if (withdraw.undo === undefined) throw new Error('no undo');
  return {
    ...terms,
    legs: { ...terms.legs, withdraw: { ...withdraw, undo: { ...withdraw.undo, repeatable: 'always' } } },
  };
}

describe('a rule that holds on a repeat alone', () => {
  const rules = (...lines: string[]) =>
    fileOf(['errors:\n', `errors:\n${lines.map((line) => `  - ${line}\n`).join('')}`]);
  const twoFacts = rules(
    '{ when: \'${repeat && response.body.error == "EXISTS"}\', result: duplicate }',
    '{ when: \'${!repeat && response.body.error == "EXISTS"}\', result: wrongInput }',
  );
  const read = (text: string, repeat: string) => {
    const sampled = sampleCalls(operatorOf(text), { operation: 'withdraw', fields: { repeat } });
    const [one] = 'because' in sampled ? [] : sampled.calls;
    const made = one?.call.render(one.subject, 0);
    if (one === undefined || made?.kind !== 'request') throw new Error('no request');
    const reply = { status: 400, headers: {}, body: Buffer.from('{"error":"EXISTS"}') };
    return one.call.read(one.subject, made.request, reply, 0).verdict;
  };

  test('gives one word of the wallet two meanings, also among the common rules', () => {
    expect(read(twoFacts, 'true')).toEqual({ kind: 'duplicate', because: 'errors[0] holds (HTTP 400)' });
    expect(read(twoFacts, 'false')).toEqual({
      ...{ kind: 'refused', result: 'wrongInput' },
      because: 'errors[1] holds (HTTP 400)',
    });
  });

  test('is shown by an example of a repeat, and by one that is given as one', () => {
    const examples = [
      '{ operation: withdraw, repeatOf: applied, reply: { status: 400, body: { error: EXISTS } }, expect: { outcome: duplicate } }',
      '{ operation: withdraw, given: { repeat: true }, reply: { status: 400, body: { error: EXISTS } }, expect: { outcome: duplicate } }',
      '{ operation: withdraw, reply: { status: 400, body: { error: EXISTS } }, expect: { result: wrongInput } }',
      '{ operation: withdraw, given: { repeat: maybe }, reply: { status: 400 }, expect: { outcome: unknown } }',
    ];

    expect(
      problemsOf(`${twoFacts}examples:\n${examples.map((one) => `  - ${one}\n`).join('')}`, { inspect: runExamples }),
    ).toEqual(['29:5 examples[3]: repeat is neither yes nor no; expected true or false']);
  });

  test('can be turned round by the sandbox for repeats, whatever it found no word for before', () => {
    const { file, wallet } = operatorOf(twoFacts);
    const call = wallet.send.withdraw;
    const replies = createReplyMaker(file, () => []);
    const answered = [1, 2].map((sends) => {
      const transaction = someTransaction({ legs: [someLeg({ sends })] });
      const [leg] = transaction.legs;
      if (leg === undefined || call === undefined) throw new Error('no call');
      const made = call.render({ transaction, leg }, 0);
      if (made.kind !== 'request') throw new Error(made.because);
      const asked = { call, subject: { transaction, leg }, request: made.request, now: 0 };
      return replies.make(asked, { kind: 'duplicate' }, { receipt: '1', session: 's' }) !== undefined;
    });

    expect(answered).toEqual([false, true]);
  });

  test.each([
    ['a no', '{ when: "${repeat}", result: insufficientFunds }'],
    ['a no beside one that looks', '{ when: \'${repeat || response.body.error == "X"}\', result: duplicate }'],
    ['a no by a choice', '{ when: "${repeat ? true : response.status == 400}", result: wrongInput }'],
    ['a no by the amount', '{ when: "${sent.path == \'/debits\'}", result: wrongInput }'],
  ])('must look at the reply: %s', (_what, rule) => {
    expect(problemsOf(rules(rule))).toEqual(
      expect.arrayContaining([
        expect.stringContaining(
          'can hold whatever the reply says, so it proves nothing; expected a condition on response',
        ),
      ]),
    );
  });

  test.each(['${repeat}', '${repeat || response.status == 200}'])('must look at the reply: a yes, %s', (applied) => {
    expect(problemsOf(fileWith(['applied: ${response.status == 200}', `applied: '${applied}'`]))).toEqual(
      expect.arrayContaining([expect.stringContaining('can hold whatever the reply says')]),
    );
  });

  test.each([
    '{ when: \'${repeat ? response.body.error == "A" : response.body.error == "B"}\', result: wrongInput }',
    '{ when: \'${repeat ? response.body.error == "A" : false}\', result: wrongInput }',
    "{ when: '${repeat}', result: generalError }",
  ])('is fine where it does: %s', (rule) => {
    expect(problemsOf(rules(rule))).toEqual([]);
  });
});
