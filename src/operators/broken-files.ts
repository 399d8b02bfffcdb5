// What broken files mean for the others, where a broken file is tolerated: nobody loses what was in use, and who is
// not answered is known.

import type { Loaded } from './load.js';
import { find, plain, type Tree } from '../yaml/tree.js';

const isUsed = ({ operators }: Loaded, { operator }: Loaded['files'][number]): boolean =>
  operator !== undefined && operators.includes(operator);

/** Whether nothing that was in use is broken now: what is broken was so, or is new. */
export function breaksNothing(before: Loaded, now: Loaded): boolean {
  const used = new Set(before.files.filter((one) => isUsed(before, one)).map(({ file }) => file));
  return now.files.every((one) => isUsed(now, one) || !used.has(one.file));
}

/** The agents of broken files, as far as those say: nobody answers for them. */
export function agentsUnanswered(loaded: Loaded): string[] {
  const answered = new Set(loaded.operators.flatMap(({ agents }) => agents.map(({ agentID }) => agentID)));
  const broken = loaded.files.filter((one) => !isUsed(loaded, one));
  return broken.flatMap(({ tree }) => agentIDsIn(tree)).filter((agentID) => !answered.has(agentID));
}

function agentIDsIn(tree: Tree | undefined): string[] {
  const written = find(tree, ['platform', 'agents']);
  const agents: unknown = written && plain(written);
  if (!Array.isArray(agents)) return [];
  return agents.flatMap((agent: unknown) =>
    typeof agent === 'object' && agent !== null && 'agentID' in agent && typeof agent.agentID === 'string'
      ? [agent.agentID]
      : [],
  );
}
