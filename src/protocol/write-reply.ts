// From what the bridge decided to the bytes the platform reads. The text is built by hand because a balance
// must be a JSON number with exactly two decimals, which no serialiser of doubles writes. It holds nothing
// but codes, fixed texts, balances and, where the dialect asks for it, what we find the transaction by. The
// names are the dialect's.

import type { Callback } from '../domain/callback.js';
import { Money } from '../domain/money.js';
import { assertNever, type Reply, type ResultName } from '../domain/outcome.js';
import type { Terms } from '../domain/terms.js';
import type { Agent } from './agent.js';
import { everyCodeName } from './dialects.js';
import type { Dialect } from './dialects/dialect.js';
import { resultCodes } from './result-codes.js';

export interface Answer {
  readonly status: 200 | 503;
  /** By name; `askAgain` is the 503, which no code stands for. */
  readonly result: ResultName | 'askAgain';
  readonly body: string;
}

/**
 * The answer to a verified callback. A success whose balance nobody knows says 0.00, because a balance must
 * be there.
 */
export function writeReply(reply: Reply, callback: Callback, agent: Agent, duplicates: Terms['duplicates']): Answer {
  const { dialect } = agent;
  switch (reply.kind) {
    case 'success': {
      const result = reply.duplicate && duplicates === 'code-11' ? 'duplicate' : 'success';
      const balance = (reply.balance ?? Money.zero).cut(2).toString();
      const more = callback.kind === 'getBalance' ? currencyOf(agent) : referenceOf(callback.transactionID, dialect);
      return {
        status: 200,
        result,
        body: `${opening(result, dialect)},"${dialect.answer.balance}":${balance}${more}}`,
      };
    }
    case 'failure':
      return writeFailure(reply.result, dialect);
    case 'askAgain':
      return writeAskAgain(dialect);
    default:
      return assertNever(reply);
  }
}

/**
 * The answer to a callback that was rejected, or failed, with this code; no dialect where the agent is not
 * known.
 */
export function writeFailure(
  result: Exclude<ResultName, 'success' | 'duplicate'>,
  dialect: Dialect | undefined,
): Answer {
  return { status: 200, result, body: `${opening(result, dialect)}}` };
}

/** The answer where it is not known, or could not be recorded, what became of a callback. */
export function writeAskAgain({ answer }: Dialect): Answer {
  return { status: 503, result: 'askAgain', body: `{"${answer.code}":1,"message":"try again later"}` };
}

function opening(result: ResultName, dialect: Dialect | undefined): string {
  const { code, message } = resultCodes[result];
  const named = dialect === undefined ? everyCodeName.join(`":${code},"`) : dialect.answer.code;
  return `{"${named}":${code},"message":"${message}"`;
}

function currencyOf({ currency, dialect }: Agent): string {
  const name = dialect.answer.currency;
  return name === undefined ? '' : `,"${name}":"${currency}"`;
}

function referenceOf(transactionID: string, { answer }: Dialect): string {
  return answer.reference === undefined ? '' : `,"${answer.reference}":${JSON.stringify(transactionID)}`;
}
