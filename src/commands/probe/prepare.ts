// What a probe is asked, read before anything is called: the file, one of its agents, and what every callback
// of the made-up player says. Or why it cannot begin.

import { Money } from '../../domain/money.js';
import type { CompiledOperator } from '../../operators/compile.js';
import { isError, loadOperators } from '../../operators/load.js';
import type { Agent } from '../../protocol/agent.js';
import { formatProblem } from '../../yaml/diagnostics.js';
import { didYouMean } from '../../yaml/did-you-mean.js';
import { madeUpID } from '../samples/sample-callback.js';

export interface ProbeQuestion {
  readonly player: string;
  /** Decimal text of the major unit. */
  readonly amount: string;
  /** The session of the player's launch. */
  readonly session?: string | undefined;
  /** Fields of all the player's callbacks, as text. */
  readonly fields?: Readonly<Record<string, string>> | undefined;
}

export interface Prepared {
  readonly operator: CompiledOperator;
  readonly agent: Agent;
  readonly amount: Money;
  readonly fields: Readonly<Record<string, string>>;
  readonly session: string | undefined;
}

/** Fields that are made up anew for each bet and win, or said by another option. */
const ownWays: Readonly<Record<string, string>> = {
  userID: 'say it with --player',
  session: 'say it with --session',
  amount: 'say it with --amount',
  transactionID: 'each bet and win has a new one',
  roundID: 'each bet has a new one',
  refTransactionID: 'a win names the bet of its own round',
  freeSpin: 'a free spin takes no money, so nothing could be seen',
};

export function prepareProbe(
  file: string,
  { player, amount: written, session, fields = {} }: ProbeQuestion,
  env: Readonly<Record<string, string | undefined>>,
): Prepared | readonly string[] {
  const { operators, problems } = loadOperators([file], { env });
  const [operator, ...others] = operators;
  if (operator === undefined || problems.some(isError)) return problems.filter(isError).map(formatProblem);
  if (others.length > 0) return ['expected one operator file'];
  const agents = operator.agents.map(({ agentID }) => agentID);
  const agent = operator.agents.find(({ agentID }) => agentID === (fields['agentID'] ?? agents[0]));
  if (agent === undefined) return [`--field agentID: the file has no such agent; expected one of ${agents.join(', ')}`];
  const amount = Money.parse(written)?.in(2);
  if (amount === undefined || amount <= 0n)
    return ['--amount: expected a positive amount such as 1.00, of two decimals at most'];
  if (agent.formats['userID']?.(player) === false)
    return ['--player: does not fit its pattern in platform.formats.userID'];
  const known = ['agentID', 'gameID', ...agent.dialect.brings].filter((name) => !(name in ownWays));
  const strange = Object.keys(fields).filter((name) => !known.includes(name));
  if (strange.length > 0) return strange.map((name) => strangeField(name, known));
  const { gameID = agent.dialect.signsGameID ? madeUpID(agent, 'gameID') : undefined } = fields;
  if (gameID !== undefined && agent.formats['gameID']?.(gameID) === false)
    return ['--field gameID: does not fit its pattern in platform.formats.gameID'];
  const all = { ...fields, ...(gameID !== undefined && { gameID }) };
  return { operator, agent, amount: Money.of(amount, 2), fields: all, session };
}

function strangeField(name: string, known: readonly string[]): string {
  const way = ownWays[name];
  return way === undefined
    ? `--field ${name}: there is no such field${didYouMean(name, known)}; expected one of ${known.join(', ')}`
    : `--field ${name}: not taken; ${way}`;
}
