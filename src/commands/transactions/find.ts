// `transactions find`: what a player, or anybody, did in a time, finished or not. It says by which way it looked,
// because one of them knows less than the other.

import { InvalidArgumentError, Option, type Command } from 'commander';
import { findAmong, findsBack, findWords, listedFor, type FindWord } from '../../deeds/find.js';
import { recordResults } from '../../domain/transaction-rows.js';
import { resultCodes } from '../../protocol/result-codes.js';
import { indexedAgents } from '../indexed-agents.js';
import { atJournal } from '../at-journal.js';
import { formatOption, fromOption, limitOption, toOption, type Format } from '../options.js';
import { printFound } from './print-find.js';

export function declareFind(transactions: Command): void {
  transactions
    .command('find')
    .description('transactions of a player, or of anybody, finished or not, the oldest first; reads only')
    .option('--player <userID>', 'only of this player: by the list there is of each, where policy.findByPlayer says so')
    .option('--agents <agentID...>', 'only of these agents; all of OPERATORS_DIR if you do not say it', [])
    .addOption(fromOption('only what was first heard of from then on; seven days ago if you do not say it'))
    .addOption(toOption('and before then'))
    .addOption(new Option('--result <word>', `only what stands so, or was told so: ${expected}`).argParser(wordIn))
    .option('--scan', 'read every record instead of the lists, which do not have what was claimed without them')
    .addOption(limitOption())
    .addOption(formatOption())
    .action((asked: Asked) =>
      atJournal(async (journal, { OPERATORS_DIR }) => {
        const { player: userID, result: word, limit, format } = asked;
        const to = asked.to ?? journal.now();
        const wanted = { from: asked.from ?? to - findsBack, to, limit };
        const by = wayFor(asked, indexedAgents(OPERATORS_DIR, process.env));
        const records =
          'agents' in by && userID !== undefined
            ? listedFor(
                journal,
                by.agents.map((agentID) => ({ agentID, userID })),
                wanted,
              )
            : journal.walk();
        const agents = 'agents' in by ? by.agents : asked.agents;
        const found = await findAmong(journal, records, {
          ...wanted,
          ...(userID !== undefined && { userID }),
          ...(agents.length > 0 && { agents: new Set(agents) }),
          ...(word !== undefined && { word }),
        });
        return printFound(found, { ...wanted, userID, agents, by: 'agents' in by ? 'lists' : by.because }, format);
      }),
    );
}

interface Asked {
  readonly player?: string;
  readonly agents: readonly string[];
  readonly from?: number;
  readonly to?: number;
  readonly result?: FindWord;
  readonly scan?: true;
  readonly limit: number;
  readonly format: Format;
}

/** The agents in whose lists the player is looked for; or why every record is read. */
function wayFor(
  { player, agents, scan }: Asked,
  indexed: ReadonlyMap<string, boolean>,
): { readonly agents: readonly string[] } | { readonly because: string } {
  if (scan === true) return { because: '--scan' };
  if (player === undefined) return { because: 'no --player is given' };
  const asked = agents.length > 0 ? agents : [...indexed.keys()];
  if (asked.length === 0) return { because: 'OPERATORS_DIR names no agent' };
  const strange = asked.find((agentID) => indexed.get(agentID) !== true);
  if (strange === undefined) return { agents: asked };
  return {
    because: indexed.has(strange)
      ? `policy.findByPlayer is false for ${strange}`
      : `no file of OPERATORS_DIR names ${strange}`,
  };
}

const codes: ReadonlyMap<string, FindWord> = new Map(
  recordResults
    .map((result) => [String(resultCodes[result].code), result] as const)
    .sort(([a], [b]) => Number(a) - Number(b)),
);
const expected = [...codes.keys(), ...findWords].join(', ');

function wordIn(text: string): FindWord {
  const word = codes.get(text) ?? findWords.find((one) => one === text);
  // Of a callback that was told any other code there is no record.
  if (word === undefined) throw new InvalidArgumentError(`expected one of ${expected}`);
  return word;
}
