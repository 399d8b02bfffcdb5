// What a rehearsal needs of an operator file before anything is played: the compiled operator, one of its
// agents, players and ids in the shapes it takes, and the words its wallet has. Or why it cannot begin.

import type { CompiledOperator } from '../../operators/compile.js';
import { isError, loadOperators } from '../../operators/load.js';
import type { Agent } from '../../protocol/agent.js';
import { formatProblem } from '../../yaml/diagnostics.js';
import type { Tree } from '../../yaml/tree.js';
import type { SampleRequest } from '../samples/sample-callback.js';
import { wordsOf, type Words } from './due-of.js';
import { examplesOf } from './examples-of.js';
import type { Untold } from '../../sandbox/findings.js';
import { castOf, idMaker, type Cast } from '../../sandbox/cast.js';
import { createReplyMaker, type ReplyMaker, type ShownOf } from '../../sandbox/reply-maker.js';

export interface Prepared {
  readonly file: string;
  readonly tree: Tree | undefined;
  readonly operator: CompiledOperator;
  readonly agent: Agent;
  readonly players: Cast;
  readonly stranger: string | undefined;
  readonly ids: () => { readonly transactionID: string; readonly roundID: string };
  readonly examples: ShownOf;
  readonly replies: ReplyMaker;
  readonly words: Words;
}

export interface CannotRehearse {
  readonly because: readonly string[];
  readonly untold: readonly Untold[];
}

export interface Asked {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly agent?: string | undefined;
  /** Who plays all roles. */
  readonly player?: string | undefined;
}

/** Without a yes to each of these that the file has, nothing can be played. */
const essentials: readonly Pick<SampleRequest, 'operation' | 'of'>[] = [
  { operation: 'getBalance' },
  { operation: 'withdraw' },
  { operation: 'deposit' },
  { operation: 'betWin' },
  { operation: 'rollback', of: 'withdraw' },
  { operation: 'rollback', of: 'deposit' },
];

export function prepare(file: string, { env, agent: wanted, player }: Asked): Prepared | CannotRehearse {
  const cannot = (...because: readonly string[]): CannotRehearse => ({ because, untold: [] });
  const { operators, problems, files } = loadOperators([file], { env, standIns: true });
  const [operator, another] = operators;
  if (operator === undefined || problems.some(isError)) return cannot(...problems.filter(isError).map(formatProblem));
  if (another !== undefined) return cannot('expected one operator file');
  const names = operator.agents.map(({ agentID }) => agentID);
  const agent = operator.agents.find(({ agentID }) => agentID === (wanted ?? names[0]));
  if (agent === undefined) return cannot(`the file has no agent ${wanted ?? ''}; expected one of ${names.join(', ')}`);
  const ids = [idMaker(agent, 'transactionID'), idMaker(agent, 'roundID')] as const;
  const [newTransactionID, newRoundID] = ids;
  if (newTransactionID === undefined || newRoundID === undefined)
    return cannot('no made-up transactionID or roundID fits its pattern in platform.formats');
  if (player !== undefined && agent.formats['userID']?.(player) === false)
    return cannot('--player does not fit its pattern in platform.formats.userID');
  const cast = castOf(agent, player);
  if (cast === undefined)
    return cannot('no made-up player fits its pattern in platform.formats.userID; expected one with --player');

  const examples = examplesOf(operator);
  const replies = createReplyMaker(operator.file, examples);
  const words = wordsOf(operator, agent.agentID, replies);
  const essential = essentials.filter(({ operation, of }) => words.has(operation, of));
  const unsent = essential.flatMap(({ operation, of }) => {
    const because = words.cannotSend(operation, of);
    const name = of === undefined ? operation : `${operation} of a ${of}`;
    return because === undefined ? [] : [`no request of a ${name} can be made: ${because}`];
  });
  if (unsent.length > 0) return cannot(...unsent);
  const untold = essential
    .filter(({ operation, of }) => !words.says(operation, { kind: 'applied' }, of))
    .map(({ operation, of }): Untold => {
      const isShown = operator.file.examples.some(
        (one) => one.operation === operation && (of ?? one.of) === one.of && one.expect?.outcome === 'applied',
      );
      return { operation, ...(of && { of }), outcome: 'applied', ...(isShown && { isShown }) };
    });
  if (untold.length > 0) return { because: ['no reply can be made that the file reads as a yes'], untold };
  return {
    ...cast,
    file,
    tree: files[0]?.tree,
    operator,
    agent,
    ids: () => ({ transactionID: newTransactionID(), roundID: newRoundID() }),
    examples,
    replies,
    words,
  };
}
