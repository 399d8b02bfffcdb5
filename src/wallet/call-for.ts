// Which of a wallet's calls is the one for a movement: the bridge and the commands that show a mapping must
// agree on it.

import type { MoneyKind } from '../domain/callback.js';
import type { WalletCallKind } from '../domain/ports.js';
import type { Leg, Transaction } from '../domain/transaction.js';

type Calls<Call> = Readonly<Partial<Record<MoneyKind, Call>>>;

/** The call of one leg; a free spin's bet has its own where the file gives it one. */
export function callFor<Call>(
  wallet: Readonly<Record<WalletCallKind, Calls<Call>>> & { readonly freeSpin?: Call },
  which: WalletCallKind,
  { content }: Transaction,
  { kind }: Leg,
): Call | undefined {
  const isFree = which === 'send' && kind === 'withdraw' && content?.freeSpin === true;
  return (isFree ? wallet.freeSpin : undefined) ?? wallet[which][kind];
}
