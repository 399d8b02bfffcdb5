// What each agent's players play in: the operator files say it, and no record does.

import { loadOperators } from '../operators/load.js';

/** Of the agents that the files of a directory name; a file with a mistake names none. */
export function agentCurrencies(
  directory: string,
  env: Readonly<Record<string, string | undefined>>,
): (agentID: string) => string | undefined {
  const { operators } = loadOperators([directory], { env, standIns: true });
  const known = new Map(
    operators.flatMap(({ agents }) => agents.map(({ agentID, currency }) => [agentID, currency] as const)),
  );
  return (agentID) => known.get(agentID);
}
