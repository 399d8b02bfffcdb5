// What an unusual record remembers of its own past, so that a person can be told. It is read off two states
// of the record where they are stored; nothing is ever decided by it, and a record that goes straight from
// claim to end has none.

import type { Verdict } from './outcome.js';
import type { StoryEntry, Transaction } from './transaction.js';

type Happening = Omit<StoryEntry, 'at'>;

const mostEntries = 40;
/** Of what is told of a reply, in characters: a rule's place may be long. */
const longestWhy = 160;

/** Adds to the story; of one that grows too long the beginning and the end stay. */
export function remember(t: Transaction, happened: readonly Happening[], at: number): Transaction {
  if (happened.length === 0) return t;
  const story = [...(t.story ?? []), ...happened.map((happening) => ({ at, ...happening }))];
  const half = mostEntries / 2;
  const cut = story[half];
  if (story.length <= mostEntries || cut === undefined) return { ...t, story };
  return { ...t, story: [...story.slice(0, half - 1), { at: cut.at, what: 'omitted' }, ...story.slice(-half)] };
}

/** What the wallet said last, and how long that took (ms). */
interface Heard {
  readonly verdict: Verdict;
  readonly ms: number;
}

/**
 * What became of the record between two states that were stored one after the other, as far as it is out of
 * the ordinary; `heard` between them.
 */
export function storyOf(before: Transaction | undefined, after: Transaction, heard?: Heard): Happening[] {
  if (before === undefined) return [];
  const told = toldBetween(before, after);
  const why = wordsOf(heard);
  const doubted = told === undefined ? [] : doubt(after, why);
  const moved = movements(before, after);
  const ended = endings(before, after);
  const isAnswer = isRefusedBetween(before, after) || [...moved, ...ended].some(({ what }) => restsOnAnswer.has(what));
  return [
    ...doubted,
    ...turn(before, after, told),
    ...(isAnswer && doubted.length === 0 ? answered(why) : []),
    ...moved,
    ...ended,
  ];
}

const restsOnAnswer: ReadonlySet<Happening['what']> = new Set(['absent', 'held', 'undoRefused']);
const isRefusedBetween = (before: Transaction, after: Transaction): boolean =>
  after.state === 'refused' && before.state !== 'refused';
const answered = (why: string | undefined): Happening[] => (why === undefined ? [] : [{ what: 'answered', why }]);

/** "errors[0] holds (HTTP 402), after 23 ms" */
function wordsOf(heard: Heard | undefined): string | undefined {
  if (heard === undefined || !('because' in heard.verdict)) return undefined;
  const {
    verdict: { because },
    ms,
  } = heard;
  return because && `${because.slice(0, longestWhy)}${ms > 0 ? `, after ${ms} ms` : ''}`;
}

type Told = 'failed' | 'accepted' | 'promised' | 'askAgain';

/** What somebody was told while the wallet had not confirmed it. */
function toldBetween(before: Transaction, after: Transaction): Told | undefined {
  const isNewGoal = after.goal !== before.goal;
  if (after.promised && after.goal !== undefined && (!before.promised || isNewGoal)) {
    if (after.goal === 'deliver') return 'accepted';
    return isNewGoal && !after.rolledBack ? 'failed' : 'promised';
  }
  return after.state === 'claimed' && before.lease !== undefined && after.lease === undefined ? 'askAgain' : undefined;
}

/** Why it was told so. Once is enough: later tries are counted, not listed. */
function doubt({ legs, story = [], goal }: Transaction, why: string | undefined): Happening[] {
  const what = legs.some(({ effect }) => effect === 'unknown') ? 'unclear' : 'unreached';
  if (what === 'unreached' && goal !== 'deliver') return [];
  return story.some((entry) => entry.what === what) ? [] : [{ what, ...(why !== undefined && { why }) }];
}

function turn(before: Transaction, after: Transaction, told: Told | undefined): Happening[] {
  const isNewGoal = after.goal !== undefined && after.goal !== before.goal;
  const isRolledBack = isNewGoal && after.rolledBack === true && !before.rolledBack;
  const rollback: Happening[] = isRolledBack ? [{ what: 'rollback' }] : [];
  if (told !== undefined && told !== 'askAgain') return [...rollback, { what: told }];
  return isNewGoal && !isRolledBack ? [{ what: 'lapsed' }] : rollback;
}

function movements(before: Transaction, after: Transaction): Happening[] {
  const isVoid = after.goal === 'void' || after.state === 'cancelled' || after.state === 'reversed';
  return after.legs.flatMap((leg, index) => {
    const was = before.legs[index];
    if (was === undefined) return [];
    const which = after.legs.length > 1 ? { leg: index } : {};
    const known: Happening[] = [];
    if (isVoid && was.effect === 'unknown' && leg.effect === 'none') known.push({ what: 'absent', ...which });
    if (isVoid && was.effect === 'unknown' && leg.effect === 'applied') known.push({ what: 'found', ...which });
    if (was.undos === 0 && leg.undos > 0 && !isTold(after, 'undoing', which.leg))
      known.push({ what: 'undoing', ...which });
    if (was.effect !== 'undone' && leg.effect === 'undone') known.push({ what: 'undone', ...which });
    return known;
  });
}

const isTold = ({ story = [] }: Transaction, what: Happening['what'], leg: number | undefined): boolean =>
  story.some((entry) => entry.what === what && entry.leg === leg);

function endings(before: Transaction, after: Transaction): Happening[] {
  if (after.state === 'held' && (before.state !== 'held' || after.heldBecause !== before.heldBecause))
    return [{ what: 'held', ...(after.heldBecause === undefined ? {} : { why: after.heldBecause }) }];
  if (after.undoRefusal !== undefined && before.undoRefusal === undefined)
    return [{ what: 'undoRefused', why: after.undoRefusal }];
  // What a person said is applied was not delivered by anybody.
  const wallet = after.legs.some(({ effect }, i) => effect === 'applied' && before.legs[i]?.effect !== 'applied');
  return before.goal === 'deliver' && after.state === 'applied' && wallet ? [{ what: 'delivered' }] : [];
}
