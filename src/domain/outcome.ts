// What one wallet call turned out to be. Only an explicit yes is `applied`, only an explicit no is `refused`;
// the rest is `unknown`.

import type { Money } from './money.js';

/** The results an operator's rules may name for a no. */
export const refusals = ['insufficientFunds', 'userNotFound', 'wrongInput', 'generalError'] as const;
export type Refusal = (typeof refusals)[number];

/** The results that tell the platform a no, whoever says it. */
export const failures = [
  ...refusals,
  'invalidSign',
  'invalidAgent',
  'transactionNotFound',
  'alreadyRolledBack',
] as const;
export type Failure = (typeof failures)[number];

/** Every code the platform understands, by name. */
export type ResultName = 'success' | Failure | 'duplicate';

/**
 * `because`: in words of ours, which rule of the operator's file said it of which reply, or what went wrong. It
 * is for people; nothing is decided by it.
 */
export type Verdict =
  | { readonly kind: 'applied'; readonly balance?: Money; readonly receipt?: string }
  /** `unmade`: no request could be made of what the platform sent, and the wallet was not even asked. */
  | {
      readonly kind: 'refused';
      readonly result: Refusal;
      readonly balance?: Money;
      readonly unmade?: true;
      readonly because?: string;
    }
  /** The wallet has taken this reference before. */
  | { readonly kind: 'duplicate'; readonly balance?: Money; readonly because?: string }
  /** The wallet does not know what the call refers to (in a lookup: the reference itself). */
  | { readonly kind: 'notFound'; readonly because?: string }
  | { readonly kind: 'alreadyRolledBack'; readonly balance?: Money; readonly because?: string }
  /** Proven that no byte of it took effect; `reached`: the wallet got it, and says that it did nothing. */
  | { readonly kind: 'notApplied'; readonly because: string; readonly reached?: true }
  | { readonly kind: 'unknown'; readonly because: string };

/** Every kind there is; one that is left out does not compile. */
const everyVerdict: Readonly<Record<Verdict['kind'], true>> = {
  applied: true,
  refused: true,
  duplicate: true,
  notFound: true,
  alreadyRolledBack: true,
  notApplied: true,
  unknown: true,
};
export const verdictKinds: readonly string[] = Object.keys(everyVerdict);

export type BalanceVerdict =
  | { readonly kind: 'balance'; readonly balance: Money }
  | { readonly kind: 'refused'; readonly result: Refusal; readonly because?: string }
  | { readonly kind: 'unknown'; readonly because: string };

/** What the platform is told. `askAgain` is HTTP 503: we do not know, or could not record. */
export type Reply =
  | { readonly kind: 'success'; readonly duplicate: boolean; readonly balance: Money | undefined }
  | { readonly kind: 'failure'; readonly result: Failure }
  | { readonly kind: 'askAgain'; readonly because: string };

/** Ends a switch that must know every case: an unknown one is a bug, not a default. */
export function assertNever(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`);
}
