// Looks into signs that do not verify, for the log. A flood of them must cost next to nothing, so most are not
// looked into: one in a second of each agent, and a few in all. What is looked into was answered already.

import type { Operation } from '../domain/callback.js';
import type { Agent } from '../protocol/agent.js';
import { readJson } from '../protocol/read-json.js';
import { diagnose, nothingFound } from '../protocol/sign-clinic.js';

/** What the log says of it; undefined where it is not looked into. */
export type ExamineSign = (
  operation: Operation,
  body: Uint8Array,
  agent: Agent,
) => { readonly suspicions: readonly string[]; readonly what: string } | undefined;

/** Milliseconds; and how many in such a time, of all agents together. */
const each = 1_000;
const most = 4;

/** `now`: monotonic ms. */
export function createSignClinic(agents: () => Iterable<Agent>, now: () => number): ExamineSign {
  /** Since when the second lasts, and whose signs were looked into in it. */
  let began = -Infinity;
  const seen = new Set<string>();
  return (operation, body, agent) => {
    const moment = now();
    if (moment - began >= each) {
      began = moment;
      seen.clear();
    }
    if (seen.size >= most || seen.has(agent.agentID)) return undefined;
    seen.add(agent.agentID);
    const members = readJson(body) ?? {};
    const sign = members[agent.dialect.sign];
    const found =
      typeof sign === 'string' ? diagnose(sign, { operation, members, agent, agents: agents() }) : undefined;
    if (found === undefined) return undefined;
    const what = found.length === 0 ? nothingFound : found.map(({ says }) => says).join('; ');
    return { suspicions: found.map(({ name }) => name), what };
  };
}
