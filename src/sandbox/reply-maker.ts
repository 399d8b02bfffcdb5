// Makes the reply of a wallet that the operator's file reads as a given verdict. It starts from the file's
// examples, then from its preset's, then from a blank, and puts in what the rules ask for. What comes of that
// is read as the bridge reads it: a reply that is not read as exactly what was wanted is never given.

import { Malformed, Unfit } from '../codecs/codec.js';
import { emptyMap } from '../codecs/codec.js';
import type { Codec } from '../codecs/codec-of.js';
import { EvaluationFailure } from '../codecs/evaluation-failure.js';
import type { Money } from '../domain/money.js';
import type { BalanceVerdict, Refusal, Verdict } from '../domain/outcome.js';
import { isSentAgain, isUndoneAgain } from '../domain/transaction.js';
import type { Draft } from '../expressions/draft.js';
import { solve, type Bench } from '../expressions/solve.js';
import type { MappedCall } from '../mapping/mapping.js';
import type { CallSource, ErrorRuleSource, Written } from '../mapping/source.js';
import type { OperatorFile } from '../operators/schema/operator-file.js';
import type { Subject } from '../wallet/compiled-wallet.js';
import type { WalletReply, WalletRequest } from '../wallet/message.js';

export type AnyCall = MappedCall<Verdict | BalanceVerdict>;
type Expected = OperatorFile['examples'][number]['expect'];

/** A reply somebody has written down, and what it is read as. */
export interface Shown {
  readonly expect: Expected;
  /** What came before, where the reply is to a reference that is known. */
  readonly repeatOf: 'applied' | 'refused' | undefined;
  /** It is to this very call, not to another one that may share its rules. */
  readonly isOwn: boolean;
  /** None where no wallet of this format could send it. */
  readonly draft: (codec: Codec) => Draft | undefined;
}
/** Replies to a call, the most fitting first. */
export type ShownOf = (source: CallSource) => readonly Shown[];

/** What a reply is to be read as. */
export interface Wanted {
  readonly kind: 'applied' | 'refused' | 'duplicate' | 'notFound' | 'alreadyRolledBack' | 'notApplied' | 'unknown';
  readonly result?: Refusal;
  /** Which of the file's rules is to say so; by its place in `source.errors`. */
  readonly rule?: ErrorRuleSource;
  /** `wallet.onBadSession` is to hold of it, and have the call sent once more. */
  readonly isTurnedAway?: true;
  /** What the player has afterwards. */
  readonly balance?: Money;
}

export interface Asked {
  readonly call: AnyCall;
  readonly subject: Subject;
  readonly request: WalletRequest;
  readonly now: number;
}

export interface ReplyMaker {
  /** Undefined: the file does not tell how. */
  make(
    asked: Asked,
    wanted: Wanted,
    fresh: { readonly receipt: string; readonly session: string },
  ): WalletReply | undefined;
}

/** Drafts that are read of one beginning; the next one may be what is wanted, so each has as many. */
const mostTries = 200;
const fillers = ['1', 'OK', '11111111-2222-4333-8444-555555555555', 'A1', '2026-01-31T12:00:00Z', '1.00'];

export function createReplyMaker(file: OperatorFile, shownOf: ShownOf): ReplyMaker {
  const variable = (name: string): string | undefined => file.vars[name];
  /** What was looked for in vain, so that it is not looked for at every call. */
  const untold = new WeakMap<CallSource, Set<string>>();

  function* candidates(asked: Asked, wanted: Wanted, bench: Bench): Iterable<Draft> {
    const { source, codecs } = asked.call;
    const shown = shownOf(source).filter(({ expect }) => fits(expect, wanted));
    const bases = [...shown.flatMap(({ draft }) => draft(codecs.response) ?? []), ...blanks(codecs.response)];
    for (const rule of rulesFor(source, wanted))
      for (const base of bases) yield* first(mostTries, from(rule.text, base));

    function* from(rule: string, base: Draft): Iterable<Draft> {
      for (const ruled of solve(rule, true, base, bench))
        // What tells the balance may have broken the rule, where both look into one text.
        for (const told of withBalance(ruled, wanted, source, bench)) yield* solve(rule, true, told, bench);
    }
  }

  function benchOf({ call, subject, request, now }: Asked, receipt: string): Bench {
    return {
      valueOf: (expression, draft) => {
        const reply = replyFrom(draft, call.codecs.response);
        return reply && call.valueOf(expression, { subject, request, now }, reply);
      },
      variable,
      fillers: [receipt, ...fillers],
    };
  }

  return {
    make(asked, wanted, { receipt, session }) {
      const { call, subject, request, now } = asked;
      const { source, codecs } = call;
      const bench = benchOf(asked, receipt);
      const readAsWanted = (draft: Draft): WalletReply | undefined => {
        const reply = replyFrom(draft, codecs.response);
        if (reply === undefined) return undefined;
        const { verdict, badSession } = call.read(subject, request, reply, now);
        if (badSession !== wanted.isTurnedAway) return undefined;
        return isRead(verdict, wanted, source) && saysRule(asked, reply, wanted) ? reply : undefined;
      };
      /** The first draft on which all of it holds, or the one that came in where none does. */
      const alsoWith = (draft: Draft, written: Written | undefined, values: readonly unknown[]): Draft => {
        for (const value of written === undefined ? [] : values)
          for (const next of solve(written?.text ?? '', value, draft, bench))
            if (readAsWanted(next) !== undefined) return next;
        return draft;
      };
      const sought = nameOf(asked, wanted);
      if (untold.get(source)?.has(sought)) return undefined;
      for (const draft of candidates(asked, wanted, bench)) {
        if (readAsWanted(draft) === undefined) continue;
        const isYes = wanted.kind === 'applied';
        const named = isYes ? alsoWith(draft, source.receipt, [receipt, BigInt(receipt)]) : draft;
        return readAsWanted(isYes ? alsoWith(named, source.session, [session]) : named);
      }
      untold.set(source, new Set([...(untold.get(source) ?? []), sought]));
      return undefined;
    },
  };
}

function* first<T>(most: number, all: Iterable<T>): Iterable<T> {
  let taken = 0;
  for (const one of all) {
    if (++taken > most) return;
    yield one;
  }
}

/** What a repeat is answered may have words that a first call has not. */
const nameOf = ({ subject }: Asked, { kind, result, rule, isTurnedAway }: Wanted): string =>
  JSON.stringify([
    kind,
    result,
    rule?.when.path,
    isTurnedAway,
    'leg' in subject && [isSentAgain(subject.leg), isUndoneAgain(subject.leg)],
  ]);

/** With the balance where the reply is to tell it. */
function* withBalance(draft: Draft, { kind, balance }: Wanted, source: CallSource, bench: Bench): Iterable<Draft> {
  if (balance === undefined || !tellsBalance(source) || source.balance === undefined) {
    yield draft;
    return;
  }
  yield* solve(source.balance.text, balance, draft, bench);
  // A no need not tell one.
  if (kind !== 'applied') yield draft;
}

const tellsBalance = ({ balance, balanceFollows }: CallSource): boolean =>
  balance !== undefined && balanceFollows !== true;

function isRead(verdict: Verdict | BalanceVerdict, wanted: Wanted, source: CallSource): boolean {
  if (verdict.kind === 'balance') return wanted.kind === 'applied' && isSame(verdict.balance, wanted.balance);
  if (verdict.kind !== wanted.kind) return false;
  if (verdict.kind === 'refused' && wanted.result !== undefined) return verdict.result === wanted.result;
  const told = 'balance' in verdict ? verdict.balance : undefined;
  return verdict.kind !== 'applied' || !tellsBalance(source) || isSame(told, wanted.balance);
}

const isSame = (one: Money | undefined, other: Money | undefined): boolean =>
  one === undefined || other === undefined ? one === other : one.compare(other) === 0;

/** Where one certain rule was wanted: it holds, and none before it. */
function saysRule({ call, subject, request, now }: Asked, reply: WalletReply, { rule }: Wanted): boolean {
  if (rule === undefined) return true;
  const errors = call.explain(subject, request, reply, now).rules.slice(1);
  return errors.find(({ held }) => held === true)?.path === rule.when.path;
}

function rulesFor(
  { operation, applied, refused, absent, errors, badSession }: CallSource,
  { kind, result, rule, isTurnedAway }: Wanted,
): Written[] {
  if (isTurnedAway === true) return badSession === undefined ? [] : [badSession.when];
  if (rule !== undefined) return [rule.when];
  if (operation === 'lookup') {
    const asked =
      kind === 'applied' ? applied : kind === 'refused' ? refused : kind === 'notFound' ? absent : undefined;
    return asked === undefined ? [] : [asked];
  }
  if (kind === 'applied') return applied === undefined ? [] : [applied];
  return errors
    .filter((error) => verdictOf(error) === kind && (result ?? error.result) === error.result)
    .map(({ when }) => when);
}

/** What the verdict of an error rule is, as `mapping/reply.ts` reads it. */
export function verdictOf({ result, outcome }: ErrorRuleSource): Wanted['kind'] {
  if (outcome === 'notApplied' || outcome === 'unknown') return outcome;
  if (result === 'duplicate' || result === 'notFound' || result === 'alreadyRolledBack') return result;
  return outcome === undefined && result === 'generalError' ? 'unknown' : 'refused';
}

function fits({ outcome, result }: NonNullable<Expected> = {}, { kind, result: wanted }: Wanted): boolean {
  return (outcome ?? kind) === kind && (wanted === undefined || result === undefined || result === wanted);
}

function blanks({ format }: Codec): Draft[] {
  const bodies: Record<Codec['format'], readonly unknown[]> = {
    json: [emptyMap()],
    form: [{ reply: '1' }],
    xml: [undefined, { reply: null }],
    soap: [undefined, { reply: null }],
    text: ['OK'],
  };
  // A no may need a status that is no yes.
  return [200n, 400n].flatMap((status) => bodies[format].map((body) => ({ status, headers: {}, body })));
}

/** The bytes of a draft; undefined where no wallet of this format could send it. */
function replyFrom({ status, headers, body }: Draft, codec: Codec): WalletReply | undefined {
  const type = codec.headers['Content-Type'] ?? 'text/plain';
  try {
    const bytes = body === undefined ? new Uint8Array() : codec.write(body);
    return { status: Number(status), headers: { 'content-type': type, ...headers }, body: bytes };
  } catch (failure) {
    if (failure instanceof Malformed || failure instanceof Unfit || failure instanceof EvaluationFailure)
      return undefined;
    throw failure;
  }
}
