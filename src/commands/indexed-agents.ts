// For which agents claims are listed by their player: the operator files say it.

import { loadOperators } from '../operators/load.js';

/** Of the agents that the files of a directory name; a file with a mistake names none. */
export function indexedAgents(
  directory: string,
  env: Readonly<Record<string, string | undefined>>,
): ReadonlyMap<string, boolean> {
  const { operators } = loadOperators([directory], { env, standIns: true });
  return new Map(
    operators.flatMap(({ agents, terms }) => agents.map(({ agentID }) => [agentID, terms.findByPlayer] as const)),
  );
}
