// Raises an alarm for an unfinished record that cannot be read, once in an hour: nobody acts on it, so nobody
// else would say.

import type { Observer, Unreadable } from '../domain/ports.js';
import { whyUnreadable } from '../domain/tell-story.js';

const again = 3_600_000;
/** Of more than so many in an hour the rest is only counted. */
const mostTold = 10_000;
/**
 * Milliseconds a record may be overdue: while replicas are replaced, the newer ones work on what the older
 * cannot read.
 */
const patience = 10_000;

/** `now` is the journal's clock, epoch ms. */
export function createUnreadableAlarm(observer: Observer, now: () => number) {
  const told = new Map<string, number>();
  return (operator: string, { key, due, unreadable }: Unreadable & { readonly due: number }): void => {
    const at = now();
    if (due !== Infinity && at < due + patience) return;
    for (const [name, when] of told) {
      if (at - when < again) break;
      told.delete(name);
    }
    const name = JSON.stringify([key.agentID, key.transactionID]);
    if (told.has(name) || told.size >= mostTold) return;
    told.set(name, at);
    const { agentID, transactionID } = key;
    observer.alarm({
      kind: 'unreadable',
      operator,
      agentID,
      transactionID,
      what: `its record cannot be read: ${whyUnreadable(unreadable)}`,
    });
  };
}
