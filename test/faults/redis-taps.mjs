// Why: most faults strike anywhere; these strike where a mistake would do harm: at one write of one record, before Redis has it or
// before the bridge hears that it has. And it is a witness: no write may be accepted after the instant its writer gave up.
// Never: changes what is written, or lets a write pass that it said was lost.
import { setTimeout as pause } from 'node:timers/promises';
import { messageCutter, putIn } from './redis-wire.mjs';

/** What can be waited for: `asked`, a write on its way to Redis; `answered`, Redis' word that it is done, on its way back. */
export function createTaps(modules) {
  const traps = new Set();
  const lost = new Set();
  /** By write id: when it was first let through to Redis. */
  const letThrough = new Map();
  const lateWrites = [];

  /** The first trap that this springs, which is then gone. */
  function sprung(moment, put, replica) {
    const trap = [...traps].find((one) => one.moment === moment && one.fits(put, replica));
    traps.delete(trap);
    return trap;
  }

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

  function onReply(put, [word, time], replica) {
    if (word !== 'done') return undefined;
    // The same write may have been done in time, and its reply been lost.
    if (time > put.notAfter && letThrough.get(put.writeId) > put.notAfter)
      lateWrites.push({ ...put.key, by: time - put.notAfter });
    return () => sprung('answered', put, replica)?.spring(put, replica);
  }

  return {
    /** Transactions of which a write was accepted later than its writer allowed, and by how many milliseconds. */
    lateWrites,

    /** The tap of one replica's link. */
    of: (replica) => (cut) => {
      const [cutUp, cutDown] = [messageCutter(), messageCutter()];
      const unanswered = [];
      return {
        up: (chunk) =>
          cutUp(chunk).map(({ bytes, value }) => {
            const put = putIn(value, modules);
            unanswered.push(put);
            return { bytes, before: put && onPut(put, replica, cut) };
          }),
        down: (chunk) =>
          cutDown(chunk).map(({ bytes, value }) => {
            const put = unanswered.shift();
            return { bytes, before: put && Array.isArray(value) ? onReply(put, value, replica) : undefined };
          }),
      };
    },

    /**
     * Waits, until it `isHopeless`, for the first write that `fits`, and does `spring` to it before it goes on; what that resolves
     * with false for is lost, however often it is tried. Resolves with what was sprung on, or undefined when nothing came.
     */
    async next(moment, fits, spring, isHopeless) {
      let found;
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
