// What a wallet's reply became, in the words of the operator file. Only for people and examples.

import type { BalanceVerdict, Verdict } from '../../domain/outcome.js';

export interface Summary {
  readonly outcome: string;
  readonly result?: string;
  readonly balance?: string;
  readonly receipt?: string;
  /** Why nothing is known. */
  readonly because?: string;
}

export function summarize(verdict: Verdict | BalanceVerdict): Summary {
  const amount = 'balance' in verdict ? verdict.balance : undefined;
  const balance = amount === undefined ? {} : { balance: amount.toString() };
  switch (verdict.kind) {
    case 'balance':
      return { outcome: 'applied', ...balance };
    case 'applied':
      return { outcome: 'applied', ...balance, ...(verdict.receipt === undefined ? {} : { receipt: verdict.receipt }) };
    case 'refused':
      return { outcome: 'refused', result: verdict.result, ...balance };
    case 'duplicate':
    case 'notFound':
    case 'alreadyRolledBack':
      return { outcome: verdict.kind, result: verdict.kind, ...balance };
    case 'notApplied':
    case 'unknown':
      return { outcome: verdict.kind, because: verdict.because };
  }
}
