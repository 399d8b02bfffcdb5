// The words a probe has for money and for what a reply was read as.

import type { Money } from '../domain/money.js';
import type { Verdict } from '../domain/outcome.js';

/** As people write money: with two decimals at least, however few the wallet has. */
export const shownMoney = (money: Money): string => money.cut(Math.max(2, money.decimals)).toString();

/** A verdict in one phrase. */
export function readAs(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'refused':
      return `refused (${verdict.result})`;
    case 'notApplied':
    case 'unknown':
      return `${verdict.kind} (${verdict.because})`;
    case 'applied':
    case 'duplicate':
    case 'notFound':
    case 'alreadyRolledBack':
      return verdict.kind;
  }
}
