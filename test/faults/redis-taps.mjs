// Why: most faults strike anywhere; these strike where a mistake would do harm: at one write of one record,
// before Redis has it or before the bridge hears that it has. And it is a witness: no write may be accepted
// after the instant its writer gave up.
// Never: changes what is written, or lets a write pass that it said was lost.
/** @import { Put, RecordFormat } from './redis-wire.mjs' */
/** @import { TransactionKey } from '../../src/domain/ports.js' */
import { setTimeout as pause } from 'node:timers/promises';
import { messageCutter, putIn } from './redis-wire.mjs';

/** @typedef {{ isRunning: boolean, isPaused: boolean, freeze(): void, thaw(): void }} Replica */
/**
 * What can be waited for: `asked`, a write on its way to Redis; `answered`, Redis' word that it is done, on
 * its way back.
 * @typedef {'asked' | 'answered'} Moment
 */
/** @typedef {(put: Put, replica: Replica) => unknown} Spring */
/** @typedef {{ moment: Moment, fits: (put: Put, replica: Replica) => boolean, spring: Spring }} Trap */

/** @param {RecordFormat} format */
export function createTaps(format) {
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

    /**
     * The tap of one replica's link.
     * @param {Replica} replica
     */
    of: (replica) => (/** @type {() => void} */ cut) => {
      const [cutUp, cutDown] = [messageCutter(), messageCutter()];
      /** @type {(Put | undefined)[]} */
      const unanswered = [];
      return {
        /** @param {Uint8Array} chunk */
        up: (chunk) =>
          cutUp(chunk).map(({ bytes, value }) => {
            const put = putIn(value, format);
            unanswered.push(put);
            return { bytes, before: put && onPut(put, replica, cut) };
          }),
        /** @param {Uint8Array} chunk */
        down: (chunk) =>
          cutDown(chunk).map(({ bytes, value }) => {
            const put = unanswered.shift();
            return { bytes, before: put && Array.isArray(value) ? onReply(put, value, replica) : undefined };
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
