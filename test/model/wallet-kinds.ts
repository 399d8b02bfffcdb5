// The wallets a bridge may meet, each exactly as bad as its declared terms allow: what it does not promise to remember it does
// again. Written on its own, so that no mistake of the bridge's other doubles vouches for itself.

import type { Refusal, Verdict } from '../../src/domain/outcome.js';
import type { LegTerms } from '../../src/domain/terms.js';

export const settle = 60_000;

export const walletKinds = {
  always: { repeatable: 'always', lookup: false, settle, undo: { repeatable: 'always', settle, cancelFirst: false } },
  successes: {
    repeatable: 'successes',
    lookup: false,
    settle,
    undo: { repeatable: 'successes', settle, cancelFirst: false },
  },
  lookup: { repeatable: 'no', lookup: true, settle, undo: { repeatable: 'successes', settle, cancelFirst: false } },
  cancelFirst: {
    repeatable: 'no',
    lookup: false,
    settle,
    undo: { repeatable: 'successes', settle, cancelFirst: true },
  },
  none: { repeatable: 'no', lookup: false, settle, undo: { repeatable: 'no', settle, cancelFirst: false } },
} as const satisfies Record<string, LegTerms>;

export type WalletKind = keyof typeof walletKinds;

/** What the wallet did, and remembers, under the references of one leg. */
export interface Account {
  readonly applied: number;
  readonly undone: number;
  /** An undo was taken, before or after the send: it never applies the reference again, where it is `cancelFirst`. */
  readonly cancelled: boolean;
  readonly sendRefused?: Refusal;
  readonly undoRefused?: Verdict;
}

export const untouched: Account = { applied: 0, undone: 0, cancelled: false };

/** One call reaches the wallet. `refuse`: it says no where nothing it remembers decides. */
export function execute(
  account: Account,
  terms: LegTerms,
  call: 'send' | 'undo' | 'lookup',
  refuse?: Refusal,
): { account: Account; verdict: Verdict } {
  const says = (verdict: Verdict, change: Partial<Account> = {}) => ({ account: { ...account, ...change }, verdict });
  const undo = terms.undo;
  switch (call) {
    case 'lookup':
      if (account.applied > 0) return says({ kind: 'applied' });
      return says(
        account.sendRefused === undefined ? { kind: 'notFound' } : { kind: 'refused', result: account.sendRefused },
      );
    case 'send':
      if (undo?.cancelFirst === true && account.cancelled) return says({ kind: 'alreadyRolledBack' });
      if (terms.repeatable !== 'no' && account.applied > 0) return says({ kind: 'applied' });
      if (terms.repeatable === 'always' && account.sendRefused !== undefined)
        return says({ kind: 'refused', result: account.sendRefused });
      if (refuse !== undefined) return says({ kind: 'refused', result: refuse }, { sendRefused: refuse });
      return says({ kind: 'applied' }, { applied: account.applied + 1 });
    case 'undo': {
      if (undo === undefined) throw new Error('this wallet has no undo');
      if (undo.repeatable !== 'no' && account.undone > 0) return says({ kind: 'alreadyRolledBack' });
      if (undo.repeatable === 'always' && account.undoRefused !== undefined) return says(account.undoRefused);
      const no: Verdict | undefined =
        refuse !== undefined
          ? { kind: 'refused', result: refuse }
          : account.applied === 0 && !undo.cancelFirst
            ? { kind: 'notFound' }
            : undefined;
      if (no !== undefined) return says(no, undo.repeatable === 'always' ? { undoRefused: no } : {});
      if (account.applied === 0) return says({ kind: 'applied' }, { cancelled: true });
      return says({ kind: 'applied' }, { undone: account.undone + 1, cancelled: true });
    }
  }
}
