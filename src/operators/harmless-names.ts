// Which names of expressions hold nothing but letters, digits and `._-`, so that they mean nothing in any
// text they are put into.

import { rawProblems } from '../expressions/by-hand.js';
import { formatOf, isHarmless, type Formats } from '../protocol/formats.js';
import type { OperatorFile } from './schema/operator-file.js';
import type { Declared } from '../expressions/scope.js';

const ids = ['userID', 'transactionID', 'roundID', 'gameID', 'refTransactionID'] as const;

/**
 * Paths as in `request.userID`, by what `platform.formats` says of the platform's ids and the file of its own
 * names.
 */
export function harmlessNames({ platform, wallet }: OperatorFile, declared: Declared): ReadonlySet<string> {
  const { agents } = platform;
  const formats: Formats = platform.formats;
  const names = new Set(['currency']);
  if (agents.every(({ agentID }) => /^[\w.-]*$/.test(agentID))) names.add('agent');
  for (const id of ids) if (isHarmless(formats[formatOf(id)])) names.add(`request.${id}`).add(`original.${id}`);
  const harmless = new Set(isHarmless(formats.transactionID) ? ['id'] : []);
  const raw = rawProblems(wallet.reference, { kind: 'reference' }, declared, {
    format: 'form',
    harmless,
    vars: new Map(),
  });
  if (raw.length > 0) return names;
  for (const owner of ['', 'original.']) names.add(`${owner}reference`).add(`${owner}winReference`);
  return names.add('round.bet.reference');
}
