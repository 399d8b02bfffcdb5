// Runs the production handlers from their start to where they wait for an answer nobody gave yet. A handler
// in the model is nothing but its start and the answers it has had: that can be copied, compared, and run
// again.

import { createHandleCallback } from '../../src/bridge/handle-callback.js';
import { createResolve } from '../../src/bridge/resolver.js';
import type { Effect, Work } from '../../src/bridge/effects.js';
import { assertNever, type Reply, type Verdict } from '../../src/domain/outcome.js';
import { JournalUnavailable, type Stored, type Written } from '../../src/domain/ports.js';
import { eur } from '../support/transactions.js';
import type { Transaction } from '../../src/domain/transaction.js';
import type { Scenario } from './scenario.js';

export type Answer = {
  readonly at: number;
  /** What its machine's monotonic clock has missed by then. */ readonly lost: number;
} & (
  | { readonly kind: 'written'; readonly written: Written }
  | { readonly kind: 'read'; readonly stored: Stored | undefined }
  | { readonly kind: 'said'; readonly verdict: Verdict }
  | { readonly kind: 'slept' }
  | { readonly kind: 'journalDown'; readonly neverLeft: boolean }
);

/** A handler: how it began, what it has heard, and where that brought it. */
export interface Run {
  readonly does: 'delivery' | 'rollback' | 'look';
  /** Makes its lease tokens its own. */
  readonly name: string;
  readonly startedAt: number;
  readonly answers: readonly Answer[];
  /** The same handler before the last answer. */
  readonly before?: Run;
  /** The agent had another wallet when it began. */
  readonly moved: boolean;
  /** How far behind its reading of the journal's clock is; only a write sets it right. */
  readonly lag: number;
  readonly halt: Halt;
}

export interface Replay {
  begin(does: Run['does'], name: string, startedAt: number, moved: boolean): Run;
  /** The same handler, having heard one answer more. */
  hear(run: Run, answer: Answer): Run;
}

export type WorldEffect = Extract<Effect, { kind: 'put' | 'get' | 'call' | 'sleep' }>;

type Halt =
  | { readonly kind: 'asks'; readonly effect: WorldEffect }
  /** `reply`: absent for a look of the resolver. */
  | { readonly kind: 'ends'; readonly reply?: Reply }
  | { readonly kind: 'throws'; readonly error: unknown };

const lastKnown = eur('100.00');

/** Handlers are deterministic: the same start and the same answers are the same run, and are run once. */
export function createReplay({ operator: first, movedOperator, original, rollback }: Scenario): Replay {
  let time = 0;
  let lost = 0;
  let lag = 0;
  let operator = first;
  let owner = '';
  let token = 0;
  const shop = {
    now: () => time - lag,
    monotonic: () => time - lost,
    wall: () => time,
    observer: {
      walletCalled: () => undefined,
      redelivered: () => undefined,
      unknownRolledBack: () => undefined,
      alarm: () => undefined,
      notAccepted: () => undefined,
      recordChanged: () => undefined,
    },
    rememberBalance: () => undefined,
    bindToNone: () => undefined,
    newOwner: () => `${owner}.${token++}`,
    random: () => 0.5,
  };
  const handle = createHandleCallback(shop);
  const resolve = createResolve(shop, () => operator);

  function work({ does, startedAt }: Start): Work<Reply | undefined> {
    switch (does) {
      case 'delivery':
        return handle(original, operator, startedAt);
      case 'rollback':
        return handle(rollback, operator, startedAt);
      case 'look':
        return looking();
      default:
        return assertNever(does);
    }
  }

  function* looking(): Work<undefined> {
    yield* resolve(original);
    return undefined;
  }

  function halt(start: Start, answers: readonly Answer[]): Halt {
    time = start.startedAt;
    [lost, lag] = [0, 0];
    operator = start.moved ? movedOperator : first;
    owner = start.name;
    token = 0;
    const working = work(start);
    let heard = 0;
    try {
      let next = working.next();
      while (next.done !== true) {
        const effect = next.value;
        // Balances are for display: what they say changes no record, so nothing is to be explored there.
        if (effect.kind === 'lastBalance') effect.give(lastKnown);
        else if (effect.kind === 'balance') effect.give({ kind: 'balance', balance: lastKnown });
        else {
          const answer = answers[heard++];
          if (answer === undefined) return { kind: 'asks', effect };
          time = answer.at;
          lag = lagAfter(lag, lost, answer);
          lost = answer.lost;
          if (answer.kind === 'journalDown') {
            next = working.throw(new JournalUnavailable('the journal is down', answer.neverLeft));
            continue;
          }
          give(effect, answer);
        }
        next = working.next();
      }
      return next.value === undefined ? { kind: 'ends' } : { kind: 'ends', reply: next.value };
    } catch (error) {
      // The resolver leaves a record it cannot read or write to a later look.
      if (start.does === 'look' && error instanceof JournalUnavailable) return { kind: 'ends' };
      return { kind: 'throws', error };
    }
  }

  const begun = new Map<string, Run>();
  const later = new WeakMap<Run, Map<string, Run>>();
  return {
    begin: (does, name, startedAt, moved) =>
      once(begun, `${name} ${startedAt}${moved ? ' moved' : ''}`, () => {
        const start = { does, name, startedAt, moved };
        return { ...start, answers: [], lag: 0, halt: halt(start, []) };
      }),
    hear(run, answer) {
      const nexts = later.get(run) ?? new Map<string, Run>();
      later.set(run, nexts);
      return once(nexts, answerKey(answer), () => {
        const answers = [...run.answers, answer];
        const before = run.answers.at(-1)?.lost ?? 0;
        return { ...run, answers, before: run, lag: lagAfter(run.lag, before, answer), halt: halt(run, answers) };
      });
    },
  };
}

type Start = Pick<Run, 'does' | 'name' | 'startedAt' | 'moved'>;

/** Each reply to a write tells the journal's time; what is missed since is not known. */
const lagAfter = (lag: number, lost: number, answer: Answer): number =>
  answer.kind === 'written' ? 0 : lag + answer.lost - lost;

function once(known: Map<string, Run>, key: string, make: () => Run): Run {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}

const ids = new WeakMap<Transaction, number>();
let nextId = 0;

function storedKey(stored: Stored | undefined): string {
  if (stored === undefined) return '-';
  const { transaction, revision } = stored;
  const id = ids.get(transaction) ?? nextId++;
  ids.set(transaction, id);
  return `${id},${revision}`;
}

function answerKey(answer: Answer): string {
  return `${saidKey(answer)}~${answer.lost}`;
}

function saidKey(answer: Answer): string {
  switch (answer.kind) {
    case 'written': {
      const { written } = answer;
      const what =
        written.kind === 'there' ? storedKey(written.stored) : written.kind === 'done' ? written.revision : '';
      return `${written.kind}${what}@${answer.at}`;
    }
    case 'read':
      return `read${storedKey(answer.stored)}@${answer.at}`;
    case 'said': {
      const { verdict } = answer;
      return `${verdict.kind === 'refused' ? verdict.result : verdict.kind}@${answer.at}`;
    }
    case 'slept':
      return `slept@${answer.at}`;
    case 'journalDown':
      return `down${answer.neverLeft}@${answer.at}`;
    default:
      return assertNever(answer);
  }
}

function give(effect: WorldEffect, answer: Exclude<Answer, { kind: 'journalDown' }>): void {
  if (effect.kind === 'put' && answer.kind === 'written') return effect.give(answer.written);
  if (effect.kind === 'get' && answer.kind === 'read') return effect.give(answer.stored);
  if (effect.kind === 'call' && answer.kind === 'said') return effect.give(answer.verdict);
  if (effect.kind === 'sleep' && answer.kind === 'slept') return effect.give();
  throw new Error(`the handler asked for ${effect.kind} where it asked for something else before`);
}
