// Notes what the bridge's own mapping does while it runs: every request it renders, with what that is about,
// and every rule that held. It changes nothing of either.

import type { MoneyKind } from '../domain/callback.js';
import type { BalanceVerdict, Verdict } from '../domain/outcome.js';
import { moneyKinds } from '../domain/callback.js';
import type { MappedCall } from '../mapping/mapping.js';
import type { MappedWallet } from '../operators/wallet-of.js';
import type { Path } from '../yaml/tree.js';
import type { CallName } from '../wallet/calling.js';
import type { Asked, AnyCall } from './reply-maker.js';

/** A request of the bridge, and what it is about. */
export interface Note extends Asked {
  readonly name: CallName | 'freeSpin';
  /** Of a movement: what is moved, or undone, or asked after. */
  readonly kind: MoneyKind | undefined;
}

export interface TapEvents {
  rendered(note: Note): void;
  held(rule: Path): void;
  /** Milliseconds its call may take, where it is to be less than the file says. */
  patience(name: Note['name']): number | undefined;
}

/** The same wallet, listened to. */
export function tapped(wallet: MappedWallet, events: TapEvents): MappedWallet {
  const { balance, send, undo, lookup, lookupUndo, freeSpin, closeRound } = wallet;
  const each = (name: CallName, calls: Calls): Calls =>
    Object.fromEntries(
      moneyKinds.flatMap((kind) => {
        const call = calls[kind];
        return call === undefined ? [] : [[kind, tap(call, name, kind, events)]];
      }),
    );
  return {
    ...wallet,
    balance: tap(balance, 'balance', undefined, events),
    send: each('send', send),
    undo: each('undo', undo),
    lookup: each('lookup', lookup),
    lookupUndo: each('lookupUndo', lookupUndo),
    ...(freeSpin && { freeSpin: tap(freeSpin, 'freeSpin', 'withdraw', events) }),
    ...(closeRound && { closeRound: { ...closeRound, call: tap(closeRound.call, 'closeRound', 'deposit', events) } }),
  };
}

type Calls = Readonly<Partial<Record<MoneyKind, MappedCall<Verdict>>>>;

function tap<V extends Verdict | BalanceVerdict>(
  call: MappedCall<V>,
  name: Note['name'],
  kind: MoneyKind | undefined,
  events: TapEvents,
): MappedCall<V> {
  return {
    ...call,
    get timeout() {
      return Math.min(events.patience(name) ?? Infinity, call.timeout);
    },
    render(subject, now, uuid) {
      const made = call.render(subject, now, uuid);
      if (made.kind === 'request') events.rendered({ name, kind, call, subject, request: made.request, now });
      return made;
    },
    read(subject, request, reply, now) {
      for (const { path, held } of call.explain(subject, request, reply, now).rules)
        if (held === true) events.held(path);
      return call.read(subject, request, reply, now);
    },
  };
}

/** Every call of a wallet. */
export function callsOfWallet({
  balance,
  send,
  undo,
  lookup,
  lookupUndo,
  freeSpin,
  closeRound,
}: MappedWallet): AnyCall[] {
  const of = (calls: Calls): AnyCall[] => Object.values(calls);
  return [
    balance,
    ...[send, undo, lookup, lookupUndo].flatMap(of),
    ...(freeSpin ? [freeSpin] : []),
    ...(closeRound ? [closeRound.call] : []),
  ];
}
