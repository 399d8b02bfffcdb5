// Calls as the layers of a wallet hand them on, and an innermost layer that ends them as a test says.

import type { Verdict } from '../../src/domain/outcome.js';
import type { CallName, Ended, MakeCall, Ready, Wanted } from '../../src/wallet/calling.js';
import type { CompiledCall } from '../../src/wallet/compiled-wallet.js';
import type { WalletReply } from '../../src/wallet/message.js';
import { someLeg, someTransaction } from './transactions.js';

const request = { method: 'POST', path: '/bet', headers: {}, sent: {} };
export const created: WalletReply = { status: 201, headers: {}, body: Buffer.from('{}') };

/** A call the mapping reads as this verdict, whatever the reply is. */
export const callReadAs = (verdict: Verdict, change: Partial<CompiledCall<Verdict>> = {}): CompiledCall<Verdict> => ({
  timeout: 5_000,
  render: () => ({ kind: 'request', request }),
  read: () => ({ verdict }),
  ...change,
});

export const wanted = (name: CallName, change: Partial<Wanted<Verdict>> = {}): Wanted<Verdict> => ({
  name,
  call: callReadAs({ kind: 'applied' }),
  subject: { transaction: someTransaction(), leg: someLeg() },
  settings: { within: 5_000, mayStillSend: () => true },
  ...change,
});

export const ready = (name: CallName, change: Partial<Ready<Verdict>> = {}): Ready<Verdict> => ({
  ...wanted(name),
  call: callReadAs({ kind: 'applied' }),
  request,
  ...change,
});

/** Ends each call in what its mapping reads, and keeps what it was handed. */
export class Innermost {
  readonly seen: Wanted<unknown>[] = [];

  constructor(private readonly ended: Partial<Omit<Ended<never>, 'verdict'>> = {}) {}

  readonly make: MakeCall = (wanted) => {
    this.seen.push(wanted);
    const { call, subject } = wanted;
    if (call === undefined) return Promise.reject(new Error('there is no such call'));
    const { verdict } = call.read(subject, request, created, 0);
    return Promise.resolve({ verdict, ms: 7, isFailure: false, ...this.ended });
  };
}
