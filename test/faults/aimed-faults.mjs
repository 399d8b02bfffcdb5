// Why: faults that strike one transaction at the one instant where a mistake would cost money, which chance
// alone hardly ever hits. Never: strikes what it was not aimed at; a fault whose instant does not come did
// not happen.
/** @import { Inflict, Inflicted } from './injector.mjs' */
/** @import { JournalView } from './journal-view.mjs' */
/** @import { Plan } from './plan.mjs' */
/** @import { createTaps, Replica, Spring } from './redis-taps.mjs' */
/** @import { Put } from './redis-wire.mjs' */
/** @import { Stage } from './stage.mjs' */
import { setTimeout as pause } from 'node:timers/promises';
import { walletIn } from './stage.mjs';
import { kindOf, TIMES, walletOf } from './wallet-kinds.mjs';

/** For the instant to come, and for a signal to have stopped its process. */
const COMES_WITHIN_MS = 6000;
const STOPS_WITHIN_MS = 10;
const CALL_LEAVES_WITHIN_MS = 500;
const LATER_BY_MS = 60;
/**
 * A replica that stands still is left so until others have had every chance to end its work, and longer where
 * they have not.
 */
const STANDS_STILL_MS = TIMES.lease + TIMES.settle + 500;
const AT_MOST_MS = STANDS_STILL_MS + TIMES.settle + 3000;
const LOOKS_EVERY_MS = 100;

/**
 * What lets faults be aimed at single writes.
 * @typedef {{ taps: ReturnType<typeof createTaps>, journal: JournalView, plans: readonly Plan[] }} AimingAt
 */

/**
 * `isOver`: nothing that could be aimed at will come any more.
 * @param {Stage} stage
 * @param {AimingAt} aimingAt
 * @param {() => boolean} isOver
 */
export function createAimedFaults(stage, { taps, journal, plans }, isOver) {
  // Where the wallet itself fails the call, nothing would be seen of its having left too late.
  /** @param {Put} put */
  const isSound = ({ key: { transactionID } }) =>
    plans.some(
      ({ callback, walletFaults }) =>
        callback.transactionID === transactionID &&
        walletFaults.every(({ match }) => match.method !== 'POST' || match.reference !== transactionID),
    );
  function soon() {
    const late = performance.now() + COMES_WITHIN_MS;
    return () => isOver() || performance.now() > late;
  }
  /** @param {Replica} replica */
  const runs = (replica) => replica.isRunning && !replica.isPaused;
  /** @param {Inflicted} fault @param {Replica} found */
  const isMeant = ({ replica }, found) => replica === undefined || stage.replicas[replica] === found;
  /** @param {Put} put */
  const isAtWork = ({ transaction: { lease } }) => lease !== undefined && lease.until > Date.now();

  /**
   * Once others have proven the transaction of `put` absent, done or undone, or left it to a person.
   * @param {Replica} replica
   * @param {Put} put
   */
  async function thawLater(replica, { key }) {
    const began = performance.now();
    const stoodFor = () => performance.now() - began;
    while (stoodFor() < STANDS_STILL_MS) await pause(LOOKS_EVERY_MS);
    while (stoodFor() < AT_MOST_MS && /^(claimed|open)$/.test((await journal.record(key))?.state ?? ''))
      await pause(LOOKS_EVERY_MS);
    replica.thaw();
  }

  /**
   * `until`: what the replica stands still before, having stored that it is at work.
   * @param {'send' | 'reply'} until
   * @returns {Inflict}
   */
  const standStill = (until) => async (fault) => {
    /** @param {Put} put */
    const wanted = (put) => (fault.bets ? isFirstSendOfBet(put) && isSound(put) : isIntent(put));
    let release = () => false;
    const found = await taps.next(
      'answered',
      (put, replica) => isMeant(fault, replica) && runs(replica) && isAtWork(put) && wanted(put),
      async (put, replica) => {
        const freeze = async () => {
          replica.freeze();
          await pause(STOPS_WITHIN_MS);
        };
        if (until === 'send') await freeze();
        else release = walletIn(stage, kindOf(put.key.agentID)).watch.next(leaving(put), freeze);
      },
      soon(),
    );
    if (found === undefined) return undefined;
    if (until === 'reply') {
      for (const late = performance.now() + CALL_LEAVES_WITHIN_MS; !found.replica.isPaused; await pause(5))
        if (performance.now() > late) break;
      release();
      if (!found.replica.isPaused) return undefined;
    }
    fault.transactionID = found.put.key.transactionID;
    return () => thawLater(found.replica, found.put);
  };

  /**
   * What `spring` resolves with false for is lost.
   * @param {Spring} spring
   * @returns {Inflict}
   */
  const onAnswer = (spring) => async (fault) => {
    const found = await taps.next('asked', (put, replica) => runs(replica) && isAnswer(put), spring, soon());
    if (found === undefined) return undefined;
    fault.transactionID = found.put.key.transactionID;
    return () => undefined;
  };

  return {
    'freeze-before-send': standStill('send'),
    'freeze-before-reply': standStill('reply'),
    'answer-lost': onAnswer(() => false),
    'answer-late': onAnswer(({ notAfter }) => pause(notAfter + LATER_BY_MS - Date.now())),
  };
}

/**
 * The first send of a bet to a wallet that can be asked: proven absent while its sender stands still, it must
 * never leave.
 * @param {Put} put
 */
const isFirstSendOfBet = ({ key, transaction: { state, legs } }) =>
  walletOf(kindOf(key.agentID)).lookup === true &&
  state === 'claimed' &&
  legs[0] !== undefined &&
  legs[0].kind !== 'deposit' &&
  legs[0].effect === 'unknown' &&
  legs[0].sends === 1;

/** @param {Put} put */
const isIntent = ({ transaction: { legs } }) => legs.some(({ sends, undos }) => sends + undos > 0);

/**
 * What the wallet will be asked to do for it.
 * @param {Put} put
 */
const leaving = ({ transaction: { legs } }) => {
  const leg = legs.find(({ effect }) => effect === 'unknown') ?? legs[0];
  if (leg === undefined) throw new Error('what has no leg is sent nowhere');
  return leg.undos > 0 ? leg.undoReference : leg.reference;
};

/**
 * A record that came to rest, or took the goal that is told: its answer leaves when Redis has it.
 * @param {Put} put
 */
const isAnswer = ({ expected, transaction: { lease } }) => expected > 0 && lease === undefined;
