// Brings unfinished records to their goal: one loop in every replica, one lease for each record, so that two never act on the
// same one and a stuck one never stands in another's way. It uses today's mapping and the references on record.

import { onLook } from '../domain/policy.js';
import { JournalUnavailable, type Operator, type TransactionKey } from '../domain/ports.js';
import { hold, isUnfinished, leaseIsLive, withoutLease, type Transaction } from '../domain/transaction.js';
import { createDrive, type Workshop } from './drive.js';

export interface ResolverSettings {
  /** Milliseconds between two looks at what is due. */
  readonly every: number;
  /** Records worked on at once. */
  readonly atOnce: number;
}

const putOffFor = 60_000;

export interface Resolver {
  start(): void;
  /** One round over what is due now; resolves when each record taken was worked on once. */
  round(): Promise<void>;
  /** Ends the loop when what is in hand is done. */
  stop(): Promise<void>;
}

export function createResolver(
  shop: Workshop,
  operatorOf: (agentID: string) => Operator | undefined,
  settings: ResolverSettings,
  failed: (error: unknown, key?: TransactionKey) => void,
): Resolver {
  const { journal, clock } = shop;
  const { drive, save } = createDrive(shop);

  async function work(key: TransactionKey): Promise<void> {
    const stored = await journal.get(key);
    if (stored === undefined || leaseIsLive(stored.transaction, journal.now())) return;
    const operator = operatorOf(key.agentID);
    if (operator === undefined) throw new Error(`no operator file names agent ${key.agentID}: its unfinished transactions wait`);
    const before = onLook(stored.transaction, journal.now());
    const start = { transaction: before, revision: stored.revision, dirty: before !== stored.transaction };
    if (before.state === 'open' && journal.now() - before.since > operator.terms.giveUpAfter) {
      await save(start, hold(before, 'it could not be brought to its end in time'), operator);
      return;
    }
    const after = await drive(start, operator, clock.monotonic() + operator.terms.lease);
    // Another replica may have been faster: then what is there is its business.
    if (!after.dirty && (after.revision !== stored.revision || after.transaction.lease !== undefined)) return;
    const tries = moved(before, after.transaction) ? 0 : before.tries + 1;
    const next = { ...withoutLease(after.transaction), tries };
    const { saved } = await save(after, next, operator);
    if (saved && !isUnfinished(next.state)) shop.observer.moved({ operator: operator.name, transaction: next });
  }

  /** A record that cannot be worked on goes to the back, so that it never stands before the others. */
  async function putOff(key: TransactionKey): Promise<void> {
    const stored = await journal.get(key);
    if (stored !== undefined) await journal.put({ transaction: stored.transaction, expected: stored.revision, due: journal.now() + putOffFor });
  }

  const active = new Map<string, Promise<void>>();
  function take(key: TransactionKey): Promise<void> {
    const name = JSON.stringify([key.agentID, key.transactionID]);
    const done = work(key)
      .catch(async (error: unknown) => {
        failed(error, key);
        if (!(error instanceof JournalUnavailable)) await putOff(key);
      })
      .catch((error: unknown) => failed(error, key))
      .finally(() => active.delete(name));
    active.set(name, done);
    return done;
  }

  /** Takes what is due and not yet in hand, up to the limit. */
  async function begin(): Promise<Promise<void>[]> {
    const due = await journal.due(settings.atOnce);
    const free = due.filter((key) => !active.has(JSON.stringify([key.agentID, key.transactionID])));
    return free.slice(0, settings.atOnce - active.size).map(take);
  }

  let running: Promise<void> | undefined;
  let stopping = false;
  async function loop(): Promise<void> {
    while (!stopping) {
      await begin().catch((error: unknown) => {
        if (!(error instanceof JournalUnavailable)) failed(error);
      });
      if (!stopping) await clock.sleep(settings.every);
    }
    await Promise.all(active.values());
  }

  return {
    start() {
      running ??= loop();
    },
    async round() {
      await Promise.all(await begin());
    },
    async stop() {
      stopping = true;
      await running;
    },
  };
}

function moved(before: Transaction, after: Transaction): boolean {
  return before.legs.some((leg, i) => leg.effect !== after.legs[i]?.effect || leg.absences !== after.legs[i]?.absences);
}
