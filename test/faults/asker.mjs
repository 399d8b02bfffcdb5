// Why: says when callbacks are answered again after a failover, by callbacks of its own: the last transactions of
// a run may have reasons of theirs to go unanswered, and then say nothing of Redis. Never: moves money.
/** @import { PlatformPlayer } from '../../src/stand-ins/platform-player.js' */
/** @import { JournalView } from './journal-view.mjs' */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

const ASKS_EVERY_MS = 100;
const PATIENCE_MS = 2500;
const GIVES_UP_AFTER_MS = 60_000;

/** @typedef {ReturnType<typeof createAsker>} Asker */
/**
 * @param {PlatformPlayer} player
 * @param {JournalView} journal
 */
export function createAsker(player, journal) {
  /** @param {readonly string[]} tags */
  function newIdIn(tags) {
    for (;;) {
      const transactionID = randomBytes(16).toString('hex');
      if (tags.includes(journal.bucketOf({ agentID: '', transactionID }))) return transactionID;
    }
  }

  return {
    /**
     * Rolls back what never came, in one of these buckets after the other, until that is answered; resolves with
     * the milliseconds since `at`, or undefined where it took too long.
     * @param {readonly string[]} tags
     * @param {number} at
     */
    async answeredAfter(tags, at) {
      for (let base = 0; tags.length > 0 && Date.now() < at + GIVES_UP_AFTER_MS; base += 1) {
        const rollback = player.rollback('nobody', newIdIn(tags));
        const { code } = await player.deliver(rollback, { base, timeoutMs: PATIENCE_MS });
        if (code !== null) return Date.now() - at;
        await pause(ASKS_EVERY_MS);
      }
      return undefined;
    },
  };
}
