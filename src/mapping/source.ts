// What a mapping is compiled from: pieces of an operator file that still know where they stand, and what the
// file declares around them. It knows nothing of how files are read.

import type { MoneyKind } from '../domain/callback.js';
import { refusals } from '../domain/outcome.js';
import type { Report } from '../yaml/diagnostics.js';
import type { Path, Tree } from '../yaml/tree.js';
import type { Credentials } from '../wallet/auth/credentials.js';
import type { CharsetName } from '../codecs/charset.js';
import type { Format } from '../codecs/codec-of.js';
import type { CallOperation } from '../expressions/name-rows.js';
import type { Declared } from '../expressions/scope.js';

/** Text of the file, usually with `${…}` in it. */
export interface Written {
  readonly text: string;
  readonly path: Path;
}

/** What a rule may say of a reply: a no of ours, or what the wallet remembers of the movement. */
export const remembered = ['duplicate', 'notFound', 'alreadyRolledBack'] as const;
export const ruleResults = [...refusals, ...remembered] as const;
/** What a rule may say of the money. */
export const ruleOutcomes = ['refused', 'notApplied', 'unknown'] as const;

export interface ErrorRuleSource {
  readonly when: Written;
  readonly result: (typeof ruleResults)[number];
  readonly outcome: (typeof ruleOutcomes)[number] | undefined;
}

export interface RequestSource {
  readonly path: Path;
  readonly parts: ReadonlyMap<string, Tree>;
}

export interface CallSource {
  readonly path: Path;
  readonly operation: CallOperation;
  /** For an undo or a lookup: which kind of movement it is about. */
  readonly about?: MoneyKind;
  readonly request: RequestSource;
  /** What the bodies are, there and back. */
  readonly format: { readonly request: Format; readonly response: Format };
  readonly applied: Written | undefined;
  readonly refused?: Written | undefined;
  readonly absent?: Written | undefined;
  readonly balance: Written | undefined;
  readonly receipt: Written | undefined;
  /** What the reply says of a balance is not to be trusted. */
  readonly balanceFollows?: boolean;
  readonly session?: Written | undefined;
  /** When the wallet turned the session away; and what stands in for it, where the call is owed. */
  readonly badSession?: { readonly when: Written; readonly instead?: Written } | undefined;
  /** The condition for the call to be made at all. */
  readonly when?: Written | undefined;
  readonly errors: readonly ErrorRuleSource[];
}

/** The same for all calls of one operator. */
export interface MappingContext {
  readonly declared: Declared;
  readonly settings: unknown;
  readonly secrets: ReadonlyMap<string, string>;
  readonly vars: ReadonlyMap<string, Written>;
  /** By agentID; `minorDecimals`: of the unit the wallet counts in. */
  readonly currencies: ReadonlyMap<string, { readonly code: string; readonly minorDecimals: number | undefined }>;
  readonly credentials: Credentials;
  /** Of the wallet's bodies and parameters. */
  readonly charset: CharsetName;
  readonly timeout: number;
  readonly reference: (id: string) => string;
  /** Paths such as `request.userID` whose values mean nothing in any format: letters, digits and `._-`. */
  readonly harmless: ReadonlySet<string>;
  readonly report: Report;
}
