// Why: most faults strike anywhere; these strike where a mistake would do harm: at one write of one record,
// before Redis has it or before the bridge hears that it has. And it is a witness: no write may be accepted
// after the instant its writer gave up, and what was acknowledged must be there.
// Never: changes what is written, or lets a write pass that it said was lost.
/** @import { Put, RecordFormat } from './redis-wire.mjs' */
/** @import { TransactionKey } from '../../src/domain/ports.js' */
import { setTimeout as pause } from 'node:timers/promises';
import { isWait, messageCutter, putIn } from './redis-wire.mjs';

/** @typedef {{ isRunning: boolean, isPaused: boolean, freeze(): void, thaw(): void }} Replica */
/**
 * What can be waited for: `asked`, a write on its way to Redis; `answered`, Redis' word that it is done, on
 * its way back.
 * @typedef {'asked' | 'answered'} Moment
 */
/** @typedef {(put: Put, replica: Replica) => unknown} Spring */
/** @typedef {{ moment: Moment, fits: (put: Put, replica: Replica) => boolean, spring: Spring }} Trap */
/**
 * The newest revision of a record that some replica was told is stored.
 * @typedef {{ key: TransactionKey, revision: number }} Acknowledged
 */

/**
 * `waitsFor`: how many replicas of Redis must have a write before it is acknowledged.
 * @param {RecordFormat} format
 * @param {number} [waitsFor]
 */
export function createTaps(format, waitsFor = 0) {
  /** @type {Set<Trap>} */
  const traps = new Set();
  /** @type {Set<string>} */
  const lost = new Set();
  /**
   * By write id: when it was first let through to Redis.
   * @type {Map<string, number>}
   */
  const letThrough = new Map();
  /** @type {(TransactionKey & { by: number })[]} */
  const lateWrites = [];
  /** @type {Map<string, Acknowledged>} */
  const acknowledged = new Map();

  /** @param {Acknowledged} what */
  function acknowledge({ key, revision }) {
    const name = `${key.agentID}:${key.transactionID}`;
    acknowledged.set(name, { key, revision: Math.max(revision, acknowledged.get(name)?.revision ?? 0) });
  }

  /**
   * The first trap that this springs, which is then gone.
   * @param {Moment} moment
   * @param {Put} put
   * @param {Replica} replica
   */
  function sprung(moment, put, replica) {
    const trap = [...traps].find((one) => one.moment === moment && one.fits(put, replica));
    if (trap !== undefined) traps.delete(trap);
    return trap;
  }

  /** @param {Put} put @param {Replica} replica @param {() => void} cut */
  function onPut(put, replica, cut) {
    const trap = sprung('asked', put, replica);
    return async () => {
      const goesOn = trap === undefined || (await trap.spring(put, replica));
      if (goesOn === false) lost.add(put.writeId);
      if (lost.has(put.writeId)) {
        cut();
        return false;
      }
      if (!letThrough.has(put.writeId)) letThrough.set(put.writeId, Date.now());
      return true;
    };
  }

  /** @param {Put} put @param {unknown[]} reply @param {Replica} replica */
  function onReply(put, [word, time], replica) {
    if (word !== 'done') return undefined;
    const at = Number(time);
    // The same write may have been done in time, and its reply been lost.
    if (at > put.notAfter && (letThrough.get(put.writeId) ?? 0) > put.notAfter)
      lateWrites.push({ ...put.key, by: at - put.notAfter });
    return () => sprung('answered', put, replica)?.spring(put, replica);
  }

  return {
    /**
     * Transactions of which a write was accepted later than its writer allowed, and by how many milliseconds.
     */
    lateWrites,
    /** By transaction. */
    acknowledged,

    /**
     * The tap of one replica's link.
     * @param {Replica} replica
     */
    of: (replica) => (/** @type {() => void} */ cut) => {
      const [cutUp, cutDown] = [messageCutter(), messageCutter()];
      /** @type {(Put | 'wait' | undefined)[]} */
      const unanswered = [];
      /**
       * What the next WAIT of this connection vouches for.
       * @type {Acknowledged[]}
       */
      const unconfirmed = [];
      /** @param {Put | 'wait'} what @param {unknown} value */
      const heard = (what, value) => {
        if (what === 'wait') {
          const confirmed = unconfirmed.splice(0);
          if (Number(value) >= waitsFor) confirmed.forEach(acknowledge);
          return;
        }
        const revision = revisionIn(what, value);
        if (revision === undefined) return;
        if (waitsFor === 0) acknowledge({ key: what.key, revision });
        else unconfirmed.push({ key: what.key, revision });
      };
      return {
        /** @param {Uint8Array} chunk */
        up: (chunk) =>
          cutUp(chunk).map(({ bytes, value }) => {
            const put = putIn(value, format);
            unanswered.push(put ?? (isWait(value) ? 'wait' : undefined));
            return { bytes, before: put && onPut(put, replica, cut) };
          }),
        /** @param {Uint8Array} chunk */
        down: (chunk) =>
          cutDown(chunk).map(({ bytes, value }) => {
            const what = unanswered.shift();
            if (what === undefined) return { bytes };
            const before = what !== 'wait' && Array.isArray(value) ? onReply(what, value, replica) : undefined;
            return { bytes, before, after: () => heard(what, value) };
          }),
      };
    },

    /**
     * Waits, until it `isHopeless`, for the first write that `fits`, and does `spring` to it before it goes
     * on; what that resolves with false for is lost, however often it is tried. Resolves with what was sprung
     * on, or undefined when nothing came.
     * @param {Moment} moment
     * @param {Trap['fits']} fits
     * @param {Spring} spring
     * @param {() => boolean} isHopeless
     */
    async next(moment, fits, spring, isHopeless) {
      /** @type {{ put: Put, replica: Replica } | undefined} */
      let found;
      /** @type {Trap} */
      const trap = {
        moment,
        fits,
        spring: (put, replica) => {
          found = { put, replica };
          return spring(put, replica);
        },
      };
      traps.add(trap);
      while (found === undefined && !isHopeless()) await pause(20);
      traps.delete(trap);
      return found;
    },
  };
}

/**
 * Of the record that a put says it left or found there: its replica may answer by that.
 * @param {Put} put
 * @param {unknown} reply
 */
function revisionIn({ expected }, reply) {
  const [kind, , value] = Array.isArray(reply) ? reply : [];
  if (kind === 'done') return expected + 1;
  return kind === 'there' ? Number(String(value).split(' ')[0]) : undefined;
}
