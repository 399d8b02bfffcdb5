// Puts an operator's wallet together: which mapping makes each call, and about what. It compiles everything
// there is, also after a mistake, so that all mistakes come in one run.

import { moneyKinds, type MoneyKind } from '../domain/callback.js';
import type { BalanceVerdict, Verdict } from '../domain/outcome.js';
import type { WalletCallKind } from '../domain/ports.js';
import type { CompiledWallet } from '../wallet/compiled-wallet.js';
import { compileMapping, type MappedCall } from '../mapping/mapping.js';
import { readBalance, readLookup, readMoney } from '../mapping/reply.js';
import { balanceNames, closeNames, inverseNames, recordNames, sendNames, undoLookupNames } from '../mapping/scope.js';
import type { CallSource, MappingContext } from '../mapping/source.js';
import { callSource, type About, type OwnMapping } from './call-sources.js';
import { afterOf } from './flows.js';
import type { OperatorFile } from './schema/operator-file.js';
import type { Turns } from './turns.js';
import type { UndoPlan, UndoPlans } from './undo-plans.js';
import type { Path, Tree } from '../yaml/tree.js';

type Calls = Partial<Record<MoneyKind, MappedCall<Verdict>>>;

/** A compiled wallet whose calls can also say how they read a reply. */
export interface MappedWallet extends CompiledWallet {
  readonly balance: MappedCall<BalanceVerdict>;
  readonly send: Readonly<Calls>;
  readonly undo: Readonly<Calls>;
  readonly lookup: Readonly<Calls>;
  readonly lookupUndo: Readonly<Calls>;
  readonly freeSpin?: MappedCall<Verdict>;
  readonly closeRound?: Omit<NonNullable<CompiledWallet['closeRound']>, 'call'> & {
    readonly call: MappedCall<Verdict>;
  };
}
type MappedCalls = Pick<
  MappedWallet,
  'balance' | WalletCallKind | 'freeSpin' | 'closeRound' | 'knowsNobody' | 'keepsBets' | 'sentWithLifetime'
>;

/**
 * The calls of a wallet, each noted as it is compiled. What is missing here has a mistake, which was then
 * reported.
 */
export function* callsOf(
  file: OperatorFile,
  tree: Tree,
  plans: UndoPlans,
  context: MappingContext,
  note: (source: CallSource) => void,
): Turns<MappedCalls | undefined> {
  const { getBalance, withdraw, deposit, betWin, lookup, freeSpin, closeRound } = file.operations;
  const owed: readonly CallSource['operation'][] = ['deposit', 'undo', 'lookup', 'closeRound'];
  const source = (
    about: About,
    own: OwnMapping,
    path: Path = ['operations', about.operation],
    isOwed = owed.includes(about.operation),
  ) => {
    const made = callSource(file, tree, path, about, own, isOwed);
    note(made);
    return made;
  };
  function* undoing(kind: MoneyKind, plan: UndoPlan): Turns<MappedCall<Verdict> | undefined> {
    if (plan.kind === 'mapping')
      return (yield* compileMapping(
        source({ operation: 'undo', about: kind }, plan.mapping, plan.path),
        readMoney,
        context,
      ))?.(recordNames('undo'));
    const way = plan.calls === 'withdraw' ? withdraw : deposit;
    const opposite = source({ operation: plan.calls }, way, ['operations', plan.calls], true);
    return (yield* compileMapping(opposite, readMoney, context))?.(inverseNames(plan.calls));
  }
  const own = { withdraw, deposit, ...(betWin === 'legs' ? {} : { betWin }) };

  const balance = (yield* compileMapping(source({ operation: 'getBalance' }, getBalance), readBalance, context))?.(
    balanceNames,
  );
  const calls: Record<WalletCallKind, Calls> = { send: {}, undo: {}, lookup: {}, lookupUndo: {} };
  const put = (into: Calls, kind: MoneyKind, call: MappedCall<Verdict> | undefined) => {
    if (call !== undefined) into[kind] = call;
  };
  for (const kind of moneyKinds) {
    const mapping = own[kind];
    const plan = plans[kind];
    if (mapping === undefined) continue;
    const sent = yield* compileMapping(source({ operation: kind }, mapping), readMoney, context);
    put(calls.send, kind, sent?.(sendNames(kind)));
    if (plan !== undefined) put(calls.undo, kind, yield* undoing(kind, plan));
    if (lookup !== undefined)
      put(
        calls.lookup,
        kind,
        (yield* compileMapping(source({ operation: 'lookup', about: kind }, lookup), readLookup, context))?.(
          recordNames('lookup'),
        ),
      );
    if (lookup !== undefined && plan !== undefined) {
      const about = plan.kind === 'inverse' ? plan.calls : kind;
      put(
        calls.lookupUndo,
        kind,
        (yield* compileMapping(source({ operation: 'lookup', about }, lookup), readLookup, context))?.(
          undoLookupNames(about),
        ),
      );
    }
  }
  const free =
    freeSpin &&
    (yield* compileMapping(
      source({ operation: 'withdraw' }, freeSpin, ['operations', 'freeSpin']),
      readMoney,
      context,
    ))?.(sendNames('withdraw'));
  const closing =
    closeRound &&
    (yield* compileMapping(source({ operation: 'closeRound' }, closeRound), readMoney, context))?.(closeNames);
  if (balance === undefined) return undefined;
  const isReadLater = [calls.undo, calls.lookup].some((some) =>
    Object.values(some).some(({ needs }) => needs?.sentWith),
  );
  if (isReadLater) for (const kind of moneyKinds) put(calls.send, kind, withPlayer(calls.send[kind]));
  const all: readonly (MappedCall<unknown> | undefined)[] = [
    ...Object.values(calls).flatMap((some) => Object.values(some)),
    ...[balance, free, closing],
  ];
  const knowsNobody = all.every((call) => call?.needs === undefined && call?.source.session === undefined);
  return {
    balance,
    ...calls,
    ...(free && { freeSpin: isReadLater ? withPlayer(free) : free }),
    ...(closing && {
      closeRound: {
        call: closing,
        after: new Set((['deposit', 'betWin'] as const).filter((kind) => afterOf(file, kind).includes('closeRound'))),
      },
    }),
    ...(knowsNobody && { knowsNobody }),
    keepsBets: all.some((call) => call?.needs?.round === true),
    ...(isReadLater && { sentWithLifetime: file.policy.retention }),
  };
}

/** What a movement is sent with is asked for, whether its own request reads it or not. */
function withPlayer(call: MappedCall<Verdict>): MappedCall<Verdict>;
function withPlayer(call: MappedCall<Verdict> | undefined): MappedCall<Verdict> | undefined;
function withPlayer(call: MappedCall<Verdict> | undefined): MappedCall<Verdict> | undefined {
  return call && { ...call, needs: { round: false, ...call.needs, player: true } };
}
