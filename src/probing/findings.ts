// What a probe's steps prove of a wallet. Pure. Money decides, never what the wallet said of it; and a reply
// that would mislead the bridge takes an ability away however well the money behaved. What could not be
// brought about, was not answered, or cannot be read by the file, proves nothing either way. It is long because it has a
// part for each ability.

import type { Money } from '../domain/money.js';
import type { Verdict } from '../domain/outcome.js';
import type { KindStep, FundsStep, Observations, Seen } from './steps.js';
import { copiesAtOnce } from './steps.js';
import { wordsOf, type Answer, type Observed, type ProbedKind } from './test-player.js';
import { readAs, shownMoney } from './wording.js';

export type Finding =
  | { readonly is: 'shown' }
  | { readonly is: 'refuted'; readonly because: string }
  /** The money was right, and the file cannot tell so from the reply: a rule is missing, not an ability. */
  | { readonly is: 'unread'; readonly because: string }
  /** Neither shown nor refuted. */
  | { readonly is: 'notSeen'; readonly because: string };

/** The two promises of `repeatable: always`; `successes` is the first alone. */
export interface Repeating {
  readonly successes: Finding;
  readonly refusals: Finding;
}

/** An absent key is nothing this file can have asked of the wallet. */
export interface Abilities extends Repeating {
  readonly lookup?: Finding;
  readonly undo?: Repeating & { readonly works: Finding; readonly cancelFirst?: Finding; readonly knows?: Finding };
}

export type Row = readonly [tried: string, happened: string, read: string];

export const words = {
  withdraw: { name: 'bet', done: 'taken', undone: 'given back' },
  deposit: { name: 'win', done: 'paid', undone: 'taken back' },
} as const;
const opposite = { withdraw: 'deposit', deposit: 'withdraw' } as const;
const shown: Finding = { is: 'shown' };
const notSeen = (because: string): Finding => ({ is: 'notSeen', because });
export const notTried = 'not tried';

/** The first that is refuted, else the first that was not read, else the first that was not seen. */
export function together(...findings: readonly Finding[]): Finding {
  const firstThat = (is: Finding['is']) => findings.find((finding) => finding.is === is);
  return firstThat('refuted') ?? firstThat('unread') ?? firstThat('notSeen') ?? shown;
}

/** Where what comes before was not shown, what comes after it shows nothing. */
const provided = (before: Finding, after: () => Finding): Finding => (before.is === 'shown' ? after() : before);

/** How many times a step did its thing; undefined: the balance changed by something else. */
function timesDone(kind: ProbedKind, { moved, amount }: Observed): bigint | undefined {
  const decimals = Math.max(moved.decimals, amount.decimals);
  const [change, unit] = [moved.cut(decimals).units, amount.cut(decimals).units];
  if (change % unit !== 0n) return undefined;
  return kind === 'withdraw' ? -change / unit : change / unit;
}

/** What a step is to show: how its replies are read, and how often it is done. */
interface Due {
  readonly tried: string;
  /** Whose movement it would be: an undo of a bet is one of a win. */
  readonly as: ProbedKind;
  /** Absent: it is a question, and does nothing. */
  readonly verb: string | undefined;
  readonly times: bigint;
  /** `anyReply`: the bridge never hears it, so money alone decides. */
  readonly read: readonly Verdict['kind'][] | 'anyReply';
}

/** Nothing came back, so the call itself may not have come there. */
const isSilent = ({ verdict, said }: Answer): boolean =>
  said === undefined && (verdict.kind === 'unknown' || verdict.kind === 'notApplied');

const isReadAsDue = (answer: Answer, { read }: Due): boolean =>
  read === 'anyReply' ? !isSilent(answer) : read.includes(answer.verdict.kind);

/** The bridge believes nothing of it, or rightly that nothing was done. */
const isHarmless = ({ verdict }: Answer, { times }: Due): boolean =>
  verdict.kind === 'unknown' || (verdict.kind === 'notApplied' && times === 0n);

function judged(step: Observed | undefined, due: Due): Finding {
  if (step === undefined) return notSeen(notTried);
  const isDone = timesDone(due.as, step) === due.times;
  const surprises = step.answers.filter((answer) => !isReadAsDue(answer, due));
  if (isDone && surprises.length === 0) return shown;
  // Either the call never came there, or it did its work and only the reply was lost.
  const isLost = isDone ? surprises.every(isSilent) : step.moved.isZero() && step.answers.some(isSilent);
  if (isLost) return notSeen(storyOf(step, due, surprises));
  const isUnread = isDone && surprises.every((answer) => isHarmless(answer, due));
  return { is: isUnread ? 'unread' : 'refuted', because: storyOf(step, due, surprises, isUnread) };
}

function storyOf(step: Observed, due: Due, surprises: readonly Answer[], isUnread = false): string {
  const { tried, as, verb } = due;
  const came = verb === undefined && step.moved.isZero() ? '' : `${happened(step, as, verb)}, `;
  const missing = isUnread ? ', which tells nothing; write a rule that reads the reply' : '';
  const surprise = surprises.find((answer) => !isSilent(answer));
  return `${tried}: ${came}read as ${reading(step)}${missing}${wordsOf(surprise?.said)}`;
}

/** What was asked of the wallet, which the file decides. */
export interface Asked {
  readonly lookup: boolean;
  /** `byName`: the undo names its original; an inverse is one more bet or win. */
  readonly undo?: 'byName' | 'inverse' | undefined;
}

/** What one kind of movement showed. A refused win cannot be brought about: it is judged by the bets. */
export function abilitiesOf(kind: ProbedKind, asked: Asked, { funds, ...seen }: Observations): Abilities {
  const steps: Seen<KindStep> = seen[kind];
  const due = duesOf(kind);
  const successes = together(
    judged(steps.again, due.forward('the same NAME again', 0n, 'applied', 'duplicate')),
    // A copy that loses the race may be told anything but a no: the bridge would believe it of the one that won.
    judged(
      steps.atOnce,
      due.forward(`${copiesAtOnce} copies of a NAME at once`, 1n, 'applied', 'duplicate', 'unknown', 'notApplied'),
    ),
    ...(kind === 'withdraw' ? [repeatedWithNothingLeft(funds)] : []),
  );
  return {
    successes,
    refusals: refusalsRemembered(funds),
    ...(asked.lookup && {
      lookup: together(
        judged(steps.lookup, due.ask('the lookup of a NAME', 0n, 'applied')),
        judged(steps.lookupUnsent, due.ask('the lookup of a NAME never sent', 0n, 'notFound')),
      ),
    }),
    ...(asked.undo && { undo: undoOf(steps, due, asked.undo) }),
  };
}

function undoOf(steps: Seen<KindStep>, due: Dues, as: NonNullable<Asked['undo']>): NonNullable<Abilities['undo']> {
  const works = judged(steps.undo, due.back('the undo of a NAME', 1n, 'applied', 'alreadyRolledBack'));
  const again = due.back('the same undo of a NAME again', 0n, 'applied', 'alreadyRolledBack', 'duplicate');
  return {
    works,
    successes: provided(works, () => judged(steps.undoAgain, again)),
    // An inverse is as good as the operation it calls, which is probed by itself.
    refusals: as === 'inverse' ? shown : undoRefusalsRemembered(steps, due),
    ...(as === 'byName' && {
      cancelFirst: lateOriginalKeptOut(steps, due),
      knows: judged(steps.earlyUndo, due.back('the undo of a NAME never sent', 0n, 'notFound')),
    }),
  };
}

type DueOf = (tried: string, times: bigint, ...read: readonly Verdict['kind'][]) => Due;
interface Dues {
  readonly forward: DueOf;
  readonly back: DueOf;
  readonly ask: DueOf;
}

function duesOf(kind: ProbedKind): Dues {
  const { name, done, undone } = words[kind];
  const due =
    (as: ProbedKind, verb?: string): DueOf =>
    (tried, times, ...read) => ({ tried: tried.replace('NAME', name), as, verb, times, read });
  return { forward: due(kind, done), back: due(opposite[kind], undone), ask: due(kind) };
}
const bet = duesOf('withdraw').forward;

/** What only had to happen first: it refutes nothing that it did not. */
const asNotSeen = (finding: Finding): Finding => (finding.is === 'shown' ? finding : notSeen(finding.because));

/** A wallet that looks for the money first says no to a bet it has taken: the bridge would believe that. */
function repeatedWithNothingLeft({ all, allAgain }: Seen<FundsStep>): Finding {
  return provided(asNotSeen(judged(all, bet('a bet of all the player has', 1n, 'applied'))), () =>
    judged(allAgain, bet('the same bet of all he had again', 0n, 'applied', 'duplicate')),
  );
}

/**
 * Only where the very same bet would be taken under another reference is its refusal one of memory, and not of
 * bonus money or a limit.
 */
function refusalsRemembered({ above, aboveAgain, covered, control }: Seen<FundsStep>): Finding {
  const first = asNotSeen(judged(above, bet('a bet above the balance', 0n, 'refused')));
  if (first.is !== 'shown') return first;
  const again = judged(aboveAgain, bet('the same refused bet again', 0n, 'refused'));
  if (again.is !== 'shown') return again;
  if (covered === undefined) return notSeen('the refused bet was not tried again with money for it');
  const late = judged(covered, bet('the same refused bet, now covered', 0n, 'refused'));
  if (late.is !== 'shown') return late;
  const fresh = asNotSeen(judged(control, bet('a new bet of the same amount', 1n, 'applied')));
  return fresh.is === 'notSeen' ? notSeen(`${fresh.because}; so it is not memory that refuses it`) : fresh;
}

/** An undo that found nothing finds nothing for ever, though there is something by now. */
function undoRefusalsRemembered({ earlyUndo, lateOriginal, lateUndo }: Seen<KindStep>, due: Dues): Finding {
  const early = judged(earlyUndo, due.back('the undo of a NAME never sent', 0n, 'notFound', 'refused'));
  const late = judged(lateOriginal, due.forward('the NAME after its undo', 1n, 'applied'));
  return provided(asNotSeen(early), () =>
    provided(asNotSeen(late), () =>
      judged(lateUndo, due.back('the undo of a NAME that was not there before', 0n, 'notFound', 'refused')),
    ),
  );
}

/**
 * However the late one is read: the bridge sends nothing after its undo, so what comes late was under way then,
 * and whoever waited for its reply has given up.
 */
function lateOriginalKeptOut({ earlyUndo, lateOriginal }: Seen<KindStep>, due: Dues): Finding {
  const early = due.back('the undo of a NAME never sent', 0n, 'applied', 'alreadyRolledBack', 'notFound');
  return provided(judged(earlyUndo, early), () =>
    judged(lateOriginal, { ...due.forward('the NAME after its undo', 0n), read: 'anyReply' }),
  );
}

/** In the order in which they were made. */
const kindRows: readonly (readonly [KindStep, (name: string) => string, 'done' | 'undone' | 'asked'])[] = [
  ['first', (name) => `a ${name}`, 'done'],
  ['lookup', () => '  its lookup', 'asked'],
  ['again', () => '  the same again', 'done'],
  ['atOnce', () => `  another, ${copiesAtOnce} copies at once`, 'done'],
  ['lookupUnsent', (name) => `the lookup of a ${name} never sent`, 'asked'],
  ['undo', (name) => `the undo of a ${name}`, 'undone'],
  ['undoAgain', () => '  the same undo again', 'undone'],
  ['earlyUndo', (name) => `the undo of a ${name} never sent`, 'undone'],
  ['lateOriginal', (name) => `  then the ${name}`, 'done'],
  ['lateUndo', () => '  then its undo again', 'undone'],
];
const fundsRows: readonly (readonly [FundsStep, string])[] = [
  ['all', 'a bet of all he has'],
  ['allAgain', '  the same again'],
  ['above', 'a bet above the balance'],
  ['aboveAgain', '  the same again'],
  ['covered', '  the same, now covered'],
  ['control', '  a new one of that amount'],
];

/** What was tried, what came of it, and how the mapping read it. */
export function rowsOf({ withdraw, funds, deposit }: Observations): Row[] {
  const ofKind = (kind: ProbedKind, seen: Seen<KindStep>): Row[] =>
    kindRows.flatMap(([step, tried, what]): Row[] => {
      const observed = seen[step];
      if (observed === undefined) return [];
      const { name, done, undone } = words[kind];
      const verb = { done, undone, asked: undefined }[what];
      const came = happened(observed, what === 'undone' ? opposite[kind] : kind, verb);
      return [[tried(name), came, reading(observed)]];
    });
  const ofFunds = fundsRows.flatMap(([step, tried]): Row[] => {
    const observed = funds[step];
    return observed === undefined ? [] : [[tried, happened(observed, 'withdraw', 'taken'), reading(observed)]];
  });
  return [...ofKind('withdraw', withdraw), ...ofFunds, ...ofKind('deposit', deposit)];
}

function happened(step: Observed, as: ProbedKind, verb: string | undefined): string {
  const times = timesDone(as, step);
  if (verb === undefined || times === undefined || times < 0n) return changeOf(step.moved);
  return times === 0n ? `not ${verb}` : times === 1n ? `${verb} once` : `${verb} ${times} times`;
}

const changeOf = (moved: Money): string => `the balance changed by ${shownMoney(moved)}`;

function reading({ answers }: Observed): string {
  const counted = new Map<string, number>();
  for (const { verdict } of answers) counted.set(readAs(verdict), (counted.get(readAs(verdict)) ?? 0) + 1);
  return [...counted].map(([text, count]) => (answers.length === 1 ? text : `${count} × ${text}`)).join(', ');
}
