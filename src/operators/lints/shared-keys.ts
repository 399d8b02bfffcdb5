// Keys that sign for more than one agent. A sign covers the agentID and the userID with nothing between, so
// where one agent's name begins with the other's, a callback of one verifies as a callback of the other, for
// another player.

import { createHmac, type KeyObject } from 'node:crypto';
import type { Report } from '../../yaml/diagnostics.js';
import type { LoadedOperator } from '../operator.js';

export interface AgentsOfFile {
  readonly file: string;
  readonly operator: Pick<LoadedOperator, 'agents'> | undefined;
  readonly report: Report;
}

interface Holder {
  readonly agentID: string;
  readonly file: string;
}

/** Looks at all files together, and reports each agent that has a key of an earlier one. */
export function reportSharedKeys(read: readonly AgentsOfFile[]): void {
  const holders = new Map<string, Holder[]>();
  for (const { file, operator, report } of read)
    for (const [index, { agentID, keys }] of (operator?.agents ?? []).entries())
      for (const made of new Set(keys.map(whatItMakes))) {
        const earlier = (holders.get(made) ?? []).filter((holder) => holder.agentID !== agentID);
        const mistaken = earlier.find((holder) => isConfusable(holder.agentID, agentID));
        const other = mistaken ?? earlier[0];
        if (other !== undefined) {
          const same = `the same key as that of agent ${other.agentID} in ${other.file === file ? 'this file' : other.file}`;
          const path = ['platform', 'agents', index, 'keys'];
          if (mistaken === undefined)
            report(path, `${same}, so who learns one can sign for both; expected a key for each agent`, {
              severity: 'warning',
            });
          else
            report(
              path,
              `${same}, and one agentID begins with the other, so a callback of one verifies as one of the other; expected a key for each agent`,
            );
        }
        holders.set(made, [...(holders.get(made) ?? []), { agentID, file }]);
      }
}

const isConfusable = (one: string, other: string): boolean => one.startsWith(other) || other.startsWith(one);

/**
 * Tells keys apart by their signs, as the platform would: HMAC fills a short key up and cuts a long one down.
 */
const whatItMakes = (key: KeyObject): string => createHmac('sha256', key).digest('base64');
