// What was found of a wallet, beside what its file says: keys to paste, promises that were broken, and what a
// probe could not see.

import type { CallTerms, LegTerms } from '../../domain/terms.js';
import { together, words, type Abilities, type Finding, type Repeating } from '../../probing/findings.js';
import type { ProbedKind } from '../../probing/test-player.js';

type Repeatable = CallTerms['repeatable'];
export type Found = Readonly<Record<ProbedKind, Abilities>>;

export const probedKinds = ['withdraw', 'deposit'] as const;

/** Both in lines of their own. */
export interface Compared {
  readonly broken: readonly string[];
  readonly unseen: readonly string[];
}

/** One promise a file can make of a wallet. */
interface Promised {
  /** For a sentence such as: `unseen`, as the file says. */
  readonly unseen: string;
  /** The sentence where it was not kept. */
  readonly broken: string;
  readonly isMade: boolean;
  readonly finding: Finding;
}

/** Each promise of the file the wallet was seen not to keep, and whatever nobody saw. */
export function compare(kind: ProbedKind, declared: LegTerms, found: Abilities): Compared {
  const { name } = words[kind];
  const { undo } = declared;
  const promises: Promised[] = repeating(`a ${name}`, declared.repeatable, found);
  const add = (finding: Finding, unseen: string, broken: string, isMade = true): unknown =>
    promises.push({ unseen, broken, isMade, finding });
  if (found.lookup !== undefined)
    add(
      found.lookup,
      `a ${name}: whether the lookup tells what was done from what was never sent`,
      `a ${name}: the lookup does not tell what was done from what was never sent`,
    );
  if (undo && found.undo) {
    const { works, cancelFirst, knows } = found.undo;
    const ofUndo = `the undo of a ${name}`;
    add(
      works,
      `a ${name}: whether the undo gives back what was moved`,
      `a ${name}: the undo is not seen to give back what was moved`,
    );
    promises.push(...repeating(ofUndo, undo.repeatable, found.undo));
    if (cancelFirst !== undefined)
      add(
        cancelFirst,
        `${ofUndo}: cancelFirst: safe`,
        `${ofUndo}: the file says cancelFirst: safe, and a ${name} that came after its undo was not kept out`,
        undo.cancelFirst,
      );
    if (knows !== undefined && undo.knows === true)
      add(
        knows,
        `${ofUndo}: undoKnows: yes`,
        `${ofUndo}: the file says undoKnows: yes, and an undo of a ${name} that was never sent was not answered with notFound`,
      );
  }
  const broken = promises.flatMap(({ unseen: what, broken: sentence, isMade, finding }) => {
    if (!isMade) return [];
    if (finding.is === 'refuted') return [`- ${sentence} (${finding.because})`];
    return finding.is === 'unread' ? [`- ${what}, as the file says: ${finding.because}`] : [];
  });
  const unseen = promises.flatMap(({ unseen: what, isMade, finding }) => {
    if (finding.is === 'notSeen') return [`- ${what}${isMade ? ', as the file says' : ''}: ${finding.because}`];
    return finding.is === 'unread' && !isMade ? [`- ${what}: ${finding.because}`] : [];
  });
  return { broken, unseen };
}

/** `always` adds one promise to `successes`, and means nothing without it. */
function repeating(of: string, says: Repeatable, { successes, refusals }: Repeating): Promised[] {
  const broken = (shown: Repeatable): string => `${of}: the file says repeatable: ${says}, the wallet showed ${shown}`;
  const first = {
    unseen: `${of}: repeatable: successes`,
    broken: broken('no'),
    isMade: says !== 'no',
    finding: successes,
  };
  if (successes.is === 'refuted') return [first];
  const second = {
    unseen: `${of}: repeatable: always`,
    broken: broken('successes'),
    isMade: says === 'always',
    finding: refusals,
  };
  return [first, second];
}

/** Keys to paste; what was not seen is left for a person to say. `undoAt`: where the file can take those of undos. */
export function abilitiesAsYaml(found: Found, undoAt: 'one mapping' | ReadonlySet<ProbedKind>): string[] {
  const undoKeys = (of: readonly ProbedKind[], indent: string): string[] => {
    const undos = of.flatMap((kind) => found[kind].undo ?? []);
    if (undos.length === 0) return [];
    const least = {
      successes: together(...undos.map(({ successes }) => successes)),
      refusals: together(...undos.map(({ refusals }) => refusals)),
    };
    const safe = together(...undos.flatMap(({ cancelFirst }) => cancelFirst ?? []));
    const cancelFirst = {
      shown: 'cancelFirst: safe',
      refuted: 'cancelFirst: no',
      unread: '# cancelFirst: not seen',
      notSeen: '# cancelFirst: not seen',
    };
    const knows = together(...undos.flatMap((undo) => undo.knows ?? []));
    // An undo that keeps its original out is asked for at once, whatever it knows.
    const isOfUse = safe.is !== 'shown' && knows.is === 'shown';
    return [
      `${indent}${repeatableKey(least)}`,
      `${indent}${cancelFirst[safe.is]}`,
      ...(isOfUse ? [`${indent}undoKnows: yes`] : []),
    ];
  };
  const undo =
    undoAt === 'one mapping'
      ? undoKeys(probedKinds, '    ')
      : probedKinds
          .filter((kind) => undoAt.has(kind))
          .flatMap((kind) => under(`    ${kind}:`, undoKeys([kind], '      ')));
  return [
    'operations:',
    ...probedKinds.flatMap((kind) => under(`  ${kind}:`, [`    ${repeatableKey(found[kind])}`])),
    ...under('  rollback:', undo),
  ];
}

/** A key without anything under it would say something else. */
function under(key: string, lines: readonly string[]): readonly string[] {
  const isEmpty = lines.every((line) => line.trim().startsWith('#'));
  const head = isEmpty ? key.replace(/^ */, '$&# ') : key;
  return lines.length === 0 ? [] : [head, ...lines];
}

function repeatableKey({ successes, refusals }: Repeating): string {
  if (successes.is === 'refuted') return 'repeatable: no';
  if (successes.is !== 'shown') return '# repeatable: not seen';
  const also = {
    shown: 'always',
    refuted: 'successes',
    unread: 'successes # always: not seen',
    notSeen: 'successes # always: not seen',
  };
  return `repeatable: ${also[refusals.is]}`;
}
