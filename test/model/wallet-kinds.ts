// The wallets a bridge may meet, each exactly as bad as its declared terms allow: what it does not promise to
// remember it does again. Written on its own, so that no mistake of the bridge's other doubles vouches for
// itself.

import type { Refusal, Verdict } from '../../src/domain/outcome.js';
import type { WalletCallKind } from '../../src/domain/ports.js';
import type { LegTerms } from '../../src/domain/terms.js';

export const settle = 60_000;

type Undo = NonNullable<LegTerms['undo']>;

const undo = (repeatable: Undo['repeatable'], more: Partial<Undo> = {}): Undo => ({
  repeatable,
  settle,
  cancelFirst: false,
  lookup: 'no',
  ...more,
});
const wallet = (repeatable: LegTerms['repeatable'], lookup: boolean, own: Undo): LegTerms & { undo: Undo } => ({
  repeatable,
  lookup,
  settle,
  undo: own,
});

export const walletKinds = {
  always: wallet('always', false, undo('always')),
  successes: wallet('successes', false, undo('successes')),
  lookup: wallet('no', true, undo('successes')),
  cancelFirst: wallet('no', false, undo('successes', { cancelFirst: true })),
  none: wallet('no', false, undo('no')),
  // A cancellation that is never repeated, and that a lookup may find.
  findsUndo: wallet('no', true, undo('no', { lookup: 'finds' })),
  // An undo that says truthfully that it has not seen what it is to undo. One forgets that it was asked, one
  // undoes again what it is asked twice to undo, and one says the same for ever, though the original lands later.
  undoKnows: wallet('no', false, undo('successes', { knows: true })),
  undoKnowsOnce: wallet('no', false, undo('no', { knows: true })),
  undoKnowsAlways: wallet('no', false, undo('always', { knows: true })),
  // The undo is the opposite movement, under a reference of its own: the wallet does not know what it undoes.
  alwaysInverse: wallet('always', false, undo('always')),
  successesInverse: wallet('successes', false, undo('successes')),
  lookupInverse: wallet('no', true, undo('no', { lookup: 'proves' })),
  noneInverse: wallet('no', false, undo('no')),
};

export type WalletKind = keyof typeof walletKinds;

const isInverse = (kind: WalletKind): boolean => kind.endsWith('Inverse');

/** What the wallet did, and remembers, under the references of one leg. */
export interface Account {
  readonly applied: number;
  readonly undone: number;
  /**
   * An undo was taken, before or after the send: it never applies the reference again, where it is
   * `cancelFirst`.
   */
  readonly cancelled: boolean;
  readonly sendRefused?: Refusal;
  readonly undoRefused?: Verdict;
}

export const untouched: Account = { applied: 0, undone: 0, cancelled: false };

/** A no to an undo is kept where the same undo gets the same answer, and where it can be asked after. */
const remembersNo = ({ undo }: LegTerms): boolean => undo?.repeatable === 'always' || undo?.lookup !== 'no';

/** One call reaches the wallet. `refuse`: it says no where nothing it remembers decides. */
export function execute(
  account: Account,
  kind: WalletKind,
  call: WalletCallKind,
  refuse?: Refusal,
): { account: Account; verdict: Verdict } {
  const says = (verdict: Verdict, change: Partial<Account> = {}) => ({ account: { ...account, ...change }, verdict });
  const terms: LegTerms = walletKinds[kind];
  const undo = terms.undo;
  switch (call) {
    case 'lookupUndo':
      if (account.undone > 0 || account.cancelled) return says({ kind: 'applied' });
      return says(account.undoRefused?.kind === 'refused' ? account.undoRefused : { kind: 'notFound' });
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
      if (undo.repeatable !== 'no' && account.undone > 0)
        return says({ kind: isInverse(kind) ? 'duplicate' : 'alreadyRolledBack' });
      if (undo.repeatable === 'always' && account.undoRefused !== undefined) return says(account.undoRefused);
      const no: Verdict | undefined =
        refuse !== undefined
          ? { kind: 'refused', result: refuse }
          : account.applied === 0 && !undo.cancelFirst && !isInverse(kind)
            ? { kind: 'notFound' }
            : undefined;
      if (no !== undefined) return says(no, remembersNo(terms) ? { undoRefused: no } : {});
      if (account.applied === 0 && !isInverse(kind)) return says({ kind: 'applied' }, { cancelled: true });
      return says({ kind: 'applied' }, { undone: account.undone + 1, cancelled: true });
    }
  }
}
