// The words a probe has for money and for what a reply was read as.

import type { Money } from '../domain/money.js';
import type { Verdict } from '../domain/outcome.js';

/**
 * As people write money: with so many decimals at least, however few the wallet has, and of those it has
 * beyond them only what is not zero.
 */
export function shownMoney(money: Money, least = 2): string {
  let decimals = least;
  while (money.in(decimals) === undefined) decimals += 1;
  return money.cut(decimals).toString();
}

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
