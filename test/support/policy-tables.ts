// The two tables of the promise, printed from the functions that keep it, for the page that shows them.

import {
  onDelivery,
  onRollback,
  tombstone,
  type Decision,
  type Situation,
} from '../../src/domain/policy/on-callback.js';
import { learn } from '../../src/domain/policy/on-reply.js';
import type { WalletStep } from '../../src/domain/policy/plan.js';
import type { Verdict } from '../../src/domain/outcome.js';
import type { Transaction } from '../../src/domain/transaction.js';
import { resultCodes } from '../../src/protocol/result-codes.js';
import { bet, eur, someLeg, someTerms, someTransaction, undo, win } from './transactions.js';

export type Table = readonly (readonly string[])[];

const now = 5_000;
const live = { owner: 'other', until: 10_000 };
const over = { owner: 'other', until: 4_000 };
const applied = [someLeg({ effect: 'applied' })];

/** The records a callback may meet, in the order of the page. */
const records: readonly (readonly [name: string, record: Partial<Transaction>])[] = [
  ['`claimed`, its owner alive', { lease: live }],
  ['`claimed`, its owner gone', { lease: over }],
  ['`open`, to be voided', { state: 'open', goal: 'void' }],
  ['`open`, told as done', { state: 'open', goal: 'deliver', promised: true, balance: eur('9.00') }],
  ['`open`, to be delivered, nobody told', { state: 'open', goal: 'deliver' }],
  ['`applied`', { state: 'applied', legs: applied }],
  ['`applied`, its undo was refused', { state: 'applied', legs: applied, undoRefusal: 'insufficientFunds' }],
  ['`refused`', { state: 'refused', refusal: 'insufficientFunds' }],
  ['`reversed` by the bridge', { state: 'reversed' }],
  ['`reversed` by a rollback', { state: 'reversed', rolledBack: true }],
  ['`cancelled` by the bridge', { state: 'cancelled' }],
  ['`cancelled` by a rollback', { state: 'cancelled', rolledBack: true }],
  ['`held`, to be voided', { state: 'held', goal: 'void' }],
  ['`held`, told as done', { state: 'held', goal: 'deliver', promised: true, balance: eur('9.00') }],
  ['`held`, nobody told', { state: 'held' }],
  ['`writtenOff`, told as done', { state: 'writtenOff', goal: 'deliver', legs: [someLeg({ effect: 'none' })] }],
  ['`writtenOff`, told as failed', { state: 'writtenOff', goal: 'void' }],
];

/** Table 1 with the default choices: a bet `fail`, a win and a rollback `accept`. */
export function callbackTable(): Table {
  const terms = someTerms();
  const situation = { now, joined: false, projected: eur('100.00') };
  const cell = (t: Transaction, decide: (at: Situation) => Decision): string => {
    const first = decide({ ...situation, expired: false });
    if (first.kind === 'answer') return said(t, first);
    const [soon, late] = [said(t, first), said(t, decide({ ...situation, expired: true }))];
    return soon === late ? soon : `${soon}; at the deadline ${late}`;
  };
  const other = someTransaction({ state: 'applied', fingerprint: 'another', userID: 'another' });
  const at = { ...situation, expired: false };
  return [
    ['record', 'Withdraw, BetWin', 'Deposit', 'RollbackTransaction'],
    [
      'none',
      'claims it, calls the wallet',
      'claims it, calls the wallet',
      `8 → \`${placeOf(tombstone(undo(), now))}\``,
    ],
    [
      'same transactionID, other content or player',
      said(other, onDelivery(other, bet(), terms, at)),
      said(other, onDelivery(other, win(), terms, at)),
      said(other, onRollback(other, undo(), terms, at)),
    ],
    ...records.map(([name, record]) => {
      const ofBet = someTransaction(record);
      const { content, fingerprint } = win();
      const ofWin = someTransaction({ ...record, content, fingerprint });
      return [
        name,
        cell(ofBet, (situated) => onDelivery(ofBet, bet(), terms, situated)),
        cell(ofWin, (situated) => onDelivery(ofWin, win(), terms, situated)),
        cell(ofBet, (situated) => onRollback(ofBet, undo(), terms, situated)),
      ];
    }),
  ];
}

function said(before: Transaction, decision: Decision): string {
  switch (decision.kind) {
    case 'wait':
      return `waits${becomes(before, decision.store)}`;
    case 'drive':
      return `works on it${becomes(before, decision.transaction)}`;
    case 'answer': {
      const { reply, store, alarm } = decision;
      const told =
        reply.kind === 'success' ? '0' : reply.kind === 'askAgain' ? '503' : String(resultCodes[reply.result].code);
      return `${told}${becomes(before, store)}${alarm === undefined ? '' : ', alarm'}`;
    }
  }
}

/** What is stored with it, where that says more than before. */
function becomes(before: Transaction, after: Transaction | undefined): string {
  if (after === undefined) return '';
  const [was, is] = [placeOf(before), placeOf(after)];
  return was === is ? '' : ` → \`${is}\``;
}

const placeOf = ({ state, goal, promised }: Transaction): string =>
  [state, goal, goal !== undefined && promised ? 'told' : undefined].filter((word) => word !== undefined).join(' ');

const verdicts: readonly (readonly [name: string, verdict: Verdict])[] = [
  ['yes', { kind: 'applied' }],
  ['no', { kind: 'refused', result: 'insufficientFunds' }],
  ['no such player', { kind: 'refused', result: 'userNotFound' }],
  ['certainly not reached', { kind: 'notApplied', because: 'connection refused' }],
  ['"I have that already"', { kind: 'duplicate' }],
  ['"I do not know that", for the second time', { kind: 'notFound' }],
  ['"that is rolled back"', { kind: 'alreadyRolledBack' }],
  ['anything else', { kind: 'unknown', because: 'timeout' }],
];

/** Table 2: every column is a call that left late enough after those before it. */
export function replyTable(): Table {
  const step: WalletStep = { kind: 'send', leg: 0, settled: true, undoSettled: true, absenceProves: false, earlier: 0 };
  const ofWin = { content: win().content };
  const leg = (change: Parameters<typeof someLeg>[0]) => [someLeg(change)];
  const winLeg = (change: Parameters<typeof someLeg>[0]) => [someLeg({ kind: 'deposit', ...change })];
  const again = { sends: 2, absentSince: 1_000 };
  const columns: readonly (readonly [name: string, step: WalletStep, record: Partial<Transaction>])[] = [
    ['first send of a bet', step, { legs: leg({}) }],
    ['first send of a win', step, { ...ofWin, legs: winLeg({}) }],
    ['repeat or lookup, to be voided', step, { state: 'open', goal: 'void', legs: leg(again) }],
    [
      'repeat or lookup, told as done',
      step,
      { ...ofWin, state: 'open', goal: 'deliver', promised: true, legs: winLeg(again) },
    ],
    [
      'first undo',
      { ...step, kind: 'undo' },
      { state: 'open', goal: 'void', legs: leg({ effect: 'applied', undos: 1 }) },
    ],
    [
      'undo again, told as undone',
      { ...step, kind: 'undo' },
      { state: 'open', goal: 'void', promised: true, legs: leg({ effect: 'applied', undos: 2, absentSince: 1_000 }) },
    ],
    [
      'lookup of an undo',
      { ...step, kind: 'lookupUndo', absenceProves: true },
      { state: 'open', goal: 'void', legs: leg({ effect: 'applied', undos: 1, absentSince: 1_000 }) },
    ],
  ];
  return [
    ['it says', ...columns.map(([name]) => name)],
    ...verdicts.map(([name, verdict]) => [
      name,
      ...columns.map(([, call, record]) => {
        const before = someTransaction(record);
        const after = learn(before, call, verdict, now);
        const [was, is] = [`${placeOf(before)} ${effectOf(before)}`, `${placeOf(after)} ${effectOf(after)}`];
        return was === is ? '–' : `\`${placeOf(after)}\`${after.state === 'open' ? ` (${effectOf(after)})` : ''}`;
      }),
    ]),
  ];
}

/** What is known of the movement, and of its undo. */
function effectOf({ legs: [leg] }: Transaction): string {
  if (leg === undefined) return '';
  return leg.effect === 'applied' && leg.undos === leg.vainUndos ? 'the wallet has it' : words[leg.effect];
}
const words = {
  none: 'the wallet does not have it',
  unknown: 'nobody knows',
  applied: 'an undo is under way',
  undone: 'undone',
} as const;

/** As a table of a page. */
export const asMarkdown = ([head = [], ...rows]: Table): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
