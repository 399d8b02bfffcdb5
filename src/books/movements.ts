// What a leg must have moved in the wallet, and under which references: by the journal alone.

import { Money } from '../domain/money.js';
import type { Leg } from '../domain/transaction.js';

/**
 * Under one of these the wallet may have a movement itself: a betWin made by one call may be one row or two.
 */
export const forwardReferences = (leg: Leg): string[] =>
  leg.winReference === undefined ? [leg.reference] : [leg.reference, leg.winReference];
export const referencesOf = (leg: Leg): string[] => [...forwardReferences(leg), leg.undoReference];
export const movementsOf = (leg: Leg) => [
  { name: 'it', references: forwardReferences(leg), amount: amountOf(leg) },
  { name: 'its undo', references: [leg.undoReference], amount: amountOf(leg).negated() },
];
export const moneyOf = (bet: Money | undefined, win: Money | undefined): Money =>
  (win ?? Money.zero).minus(bet ?? Money.zero);
export const amountOf = (leg: Leg): Money => moneyOf(leg.bet, leg.win);
export const dueOf = (leg: Leg): Money => (leg.effect === 'applied' ? amountOf(leg) : Money.zero);
export const sum = (amounts: readonly Money[]): Money => amounts.reduce((all, one) => all.plus(one), Money.zero);
export const times = (amount: Money, count: number): Money => Money.of(amount.units * BigInt(count), amount.decimals);
