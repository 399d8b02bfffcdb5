// What a probe's steps prove of a wallet, in plain words and as the file's own keys. Pure. Money decides,
// never what the wallet said of it; and a reply that would mislead the bridge takes an ability away however
// well the money behaved.

import type { Money } from '../../domain/money.js';
import type { Verdict } from '../../domain/outcome.js';
import type { CallTerms, LegTerms } from '../../domain/terms.js';
import {
  readAs,
  type KindObserved,
  type Observations,
  type Observed,
  type ProbedKind,
  type RefusalObserved,
} from './steps.js';

type Repeatable = CallTerms['repeatable'];

/** What was shown; an absent key was not asked of the wallet. */
export interface Abilities {
  readonly repeatable: Repeatable;
  readonly lookup?: boolean;
  readonly undo?: {
    readonly works: boolean;
    readonly repeatable: Repeatable;
    readonly cancelFirst?: boolean;
    readonly knows?: boolean;
  };
}

export type Row = readonly [tried: string, happened: string, read: string];

const words = {
  withdraw: { name: 'bet', done: 'taken', undone: 'given back' },
  deposit: { name: 'win', done: 'paid', undone: 'taken back' },
} as const;

/** How many times a step did its thing; undefined: the balance changed by something else. */
function timesDone(kind: ProbedKind, { moved }: Observed, amount: Money): bigint | undefined {
  const decimals = Math.max(moved.decimals, amount.decimals);
  const [change, unit] = [moved.cut(decimals).units, amount.cut(decimals).units];
  if (change % unit !== 0n) return undefined;
  return kind === 'withdraw' ? -change / unit : change / unit;
}

const opposite = { withdraw: 'deposit', deposit: 'withdraw' } as const;
const every = ({ verdicts }: Observed, ...kinds: readonly Verdict['kind'][]): boolean =>
  verdicts.every(({ kind }) => kinds.includes(kind));

/** What one kind of movement showed. `refusal` is the bet's for both: a win cannot be made to be refused. */
export function abilitiesOf(
  kind: ProbedKind,
  { again, atOnce, lookup, undo, early }: KindObserved,
  refusal: RefusalObserved,
  amount: Money,
): Abilities {
  const done = (step: Observed) => timesDone(kind, step, amount);
  const undone = (step: Observed) => timesDone(opposite[kind], step, amount);
  // A copy that loses the race may be told anything but a no: the bridge would believe it of the one that
  // won.
  const once = every(again, 'applied', 'duplicate') && done(again) === 0n;
  const onceOfMany = done(atOnce) === 1n && every(atOnce, 'applied', 'duplicate', 'unknown', 'notApplied');
  const successes = once && onceOfMany;
  const works = undo !== undefined && undone(undo.once) === 1n && every(undo.once, 'applied', 'alreadyRolledBack');
  const undoOnce = works && undone(undo.again) === 0n && every(undo.again, 'applied', 'alreadyRolledBack', 'duplicate');
  return {
    repeatable: !successes ? 'no' : remembersRefusals(refusal) ? 'always' : 'successes',
    ...(lookup && { lookup: every(lookup.known, 'applied') && every(lookup.unsent, 'notFound') }),
    ...(undo && {
      undo: {
        works,
        // An inverse is as good as the operation it calls, which is probed by itself.
        repeatable: !undoOnce ? 'no' : !early || remembersNo(early, undone) ? 'always' : 'successes',
        ...(early && {
          cancelFirst:
            every(early.undo, 'applied', 'alreadyRolledBack', 'notFound') &&
            [early.undo, early.original].every(({ moved }) => moved.isZero()) &&
            !every(early.original, 'applied'),
          knows: every(early.undo, 'notFound') && early.undo.moved.isZero(),
        }),
      },
    }),
  };
}

function remembersRefusals({ first, again, covered }: RefusalObserved): boolean {
  return [first, again, covered].every((step) => step !== undefined && step.moved.isZero() && every(step, 'refused'));
}

/** An undo that found nothing finds nothing for ever, though there is something by now. */
function remembersNo(
  { undo, original, undoAgain }: NonNullable<KindObserved['early']>,
  undone: (step: Observed) => bigint | undefined,
): boolean {
  const isNo = (step: Observed): boolean => step.moved.isZero() && every(step, 'notFound', 'refused');
  return isNo(undo) && undone(original) === -1n && isNo(undoAgain);
}

/** What was tried, what came of it, and how the mapping read it. */
export function rowsOf({ withdraw, refusal, deposit }: Observations, amount: Money): Row[] {
  return [...kindRows('withdraw', withdraw, amount), ...refusalRows(refusal), ...kindRows('deposit', deposit, amount)];
}

function kindRows(kind: ProbedKind, { first, again, atOnce, lookup, undo, early }: KindObserved, amount: Money): Row[] {
  const { name, done, undone } = words[kind];
  const row = (tried: string, step: Observed, what: string, as: ProbedKind = kind): Row => [
    tried,
    happened(timesDone(as, step, amount), what, step.moved),
    reading(step),
  ];
  const looked = (tried: string, step: Observed): Row => [
    tried,
    `the balance changed by ${step.moved.toString()}`,
    reading(step),
  ];
  const back = (tried: string, step: Observed) => row(tried, step, undone, opposite[kind]);
  return [
    row(`a ${name}`, first, done),
    ...(lookup ? [looked('  its lookup', lookup.known)] : []),
    row('  the same again', again, done),
    row(`  another, ${atOnce.verdicts.length} copies at once`, atOnce, done),
    ...(undo ? [back(`the undo of a ${name}`, undo.once), back('  the same undo again', undo.again)] : []),
    ...(lookup ? [looked(`the lookup of a ${name} never sent`, lookup.unsent)] : []),
    ...(early
      ? [
          back(`the undo of a ${name} never sent`, early.undo),
          row(`  then the ${name}`, early.original, done),
          back('  then its undo again', early.undoAgain),
        ]
      : []),
  ];
}

function refusalRows({ first, again, covered }: RefusalObserved): Row[] {
  const row = (tried: string, step: Observed): Row => [
    tried,
    step.moved.isZero() ? 'not taken' : 'taken',
    reading(step),
  ];
  return [
    row('a bet above the balance', first),
    row('  the same again', again),
    ...(covered ? [row('  the same, now covered', covered)] : []),
  ];
}

function happened(times: bigint | undefined, done: string, moved: Money): string {
  if (times === undefined || times < 0n) return `the balance changed by ${moved.toString()}`;
  return times === 0n ? `not ${done}` : times === 1n ? `${done} once` : `${done} ${times} times`;
}

function reading({ verdicts }: Observed): string {
  const counted = new Map<string, number>();
  for (const verdict of verdicts) counted.set(readAs(verdict), (counted.get(readAs(verdict)) ?? 0) + 1);
  return [...counted].map(([text, count]) => (verdicts.length === 1 ? text : `${count} × ${text}`)).join(', ');
}

const rank = { no: 0, successes: 1, always: 2 } as const;

/** Each promise of the file the wallet did not keep. */
export function brokenPromises(kind: ProbedKind, declared: LegTerms, found: Abilities): string[] {
  const { name } = words[kind];
  const less = (what: string, promised: Repeatable, shown: Repeatable): string[] =>
    rank[promised] > rank[shown] ? [`${what}: the file says repeatable: ${promised}, the wallet showed ${shown}`] : [];
  const { undo } = declared;
  return [
    ...less(`a ${name}`, declared.repeatable, found.repeatable),
    ...(found.lookup === false ? [`a ${name}: the lookup does not tell what was done from what was never sent`] : []),
    ...(found.undo?.works === false ? [`a ${name}: the undo is not seen to give back what was moved`] : []),
    ...(undo && found.undo ? less(`the undo of a ${name}`, undo.repeatable, found.undo.repeatable) : []),
    ...(undo?.cancelFirst === true && found.undo?.cancelFirst !== true
      ? [
          `the undo of a ${name}: the file says cancelFirst: safe, and a ${name} that came after its undo was not kept out`,
        ]
      : []),
    ...(undo?.knows === true && found.undo?.knows === false
      ? [
          `the undo of a ${name}: the file says undoKnows: yes, and an undo of a ${name} that was never sent was not answered with notFound`,
        ]
      : []),
  ];
}

/** Keys to paste. `undoAt`: where the file has a mapping that can take the keys of undos. */
export function abilitiesAsYaml(
  found: Readonly<Record<ProbedKind, Abilities>>,
  undoAt: 'one mapping' | ReadonlySet<ProbedKind>,
): string[] {
  const kinds = ['withdraw', 'deposit'] as const;
  const undoKeys = (of: readonly ProbedKind[], indent: string): string[] => {
    const undos = of.flatMap((kind) => found[kind].undo ?? []);
    const least = undos.map(({ repeatable }) => repeatable).sort((a, b) => rank[a] - rank[b])[0] ?? 'no';
    const safe = undos.length > 0 && undos.every(({ cancelFirst }) => cancelFirst === true);
    const knows = !safe && undos.length > 0 && undos.every((undo) => undo.knows === true);
    return [
      `${indent}repeatable: ${least}`,
      `${indent}cancelFirst: ${safe ? 'safe' : 'no'}`,
      ...(knows ? [`${indent}undoKnows: yes`] : []),
    ];
  };
  const undo =
    undoAt === 'one mapping'
      ? undoKeys(kinds, '    ')
      : kinds.filter((kind) => undoAt.has(kind)).flatMap((kind) => [`    ${kind}:`, ...undoKeys([kind], '      ')]);
  return [
    'operations:',
    ...kinds.flatMap((kind) => [`  ${kind}:`, `    repeatable: ${found[kind].repeatable}`]),
    ...(undo.length > 0 ? ['  rollback:', ...undo] : []),
  ];
}
