// What a comparison may find: what each means, and what whoever compares does about it. The page shows the same
// sentences.

import type { Money } from '../domain/money.js';

interface Meaning {
  readonly means: string;
  readonly remedy: string;
}

export const findingKinds = [
  'missing',
  'double',
  'different',
  'unfinished',
  'unreadable',
  'unrecorded',
  'explained',
] as const;
export type FindingKind = (typeof findingKinds)[number];

export const findingMeanings: Readonly<Record<FindingKind, Meaning>> = {
  missing: {
    means: 'The journal has it as moved, and the list does not.',
    remedy:
      'Export more time and look for the reference; if it is really not there, settle it with the wallet’s owner, for the platform was told that it is done.',
  },
  double: {
    means: 'The ledger has one movement more than once.',
    remedy:
      'The wallet did not keep a reference apart: give one back by hand, and correct `repeatable` in the operator file.',
  },
  different: {
    means: 'It moved by another amount, or in another currency.',
    remedy: 'Compare both amounts: a unit or a currency may be mapped wrongly in the operator file.',
  },
  unfinished: {
    means: 'The bridge is still at work on it, or a person must look.',
    remedy: 'Wait, and compare again; what is `held` needs you.',
  },
  unreadable: {
    means: 'This version cannot read the record.',
    remedy: 'See the runbook: use the version that wrote it, or put the record back from a copy of Redis.',
  },
  unrecorded: {
    means: 'A row the journal does not know.',
    remedy:
      'Older than `policy.retention`, not the bridge’s (`--prefix`), or from before an emptied Redis; if it is none of these, find out who moved it.',
  },
  explained: {
    means: 'A person wrote it off, and said why.',
    remedy: 'Nothing; it does not change the exit code.',
  },
};

/**
 * One thing that does not agree; `explained`: a person wrote it off, and said why. Amounts are what a
 * player's balance gains by it; `due` is the journal's, absent where nobody knows.
 */
export interface Finding {
  readonly kind: FindingKind;
  readonly book: 'wallet' | 'platform';
  readonly agentID?: string;
  readonly transactionID?: string;
  readonly due?: Money;
  /** Absent where nobody can say what of the books belongs to it. */
  readonly found?: Money;
  readonly what: string;
}
