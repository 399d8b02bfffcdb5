// From what the bridge decided to the bytes the platform reads. The text is built by hand because a balance must be a JSON
// number with exactly two decimals, which no serialiser of doubles writes. It holds nothing but codes, texts and balances.

import type { Operation } from '../domain/callback.js';
import { Money } from '../domain/money.js';
import { assertNever, type Reply, type ResultName } from '../domain/outcome.js';
import type { Terms } from '../domain/terms.js';
import type { Agent } from './agent.js';
import { resultCodes } from './result-codes.js';

export interface Answer {
  readonly status: 200 | 503;
  /** By name; `askAgain` is the 503, which no code stands for. */
  readonly result: ResultName | 'askAgain';
  /** ASCII. */
  readonly body: string;
}

/** The answer to a verified callback. A success whose balance nobody knows says 0.00, because a balance must be there. */
export function writeReply(reply: Reply, operation: Operation, agent: Agent, duplicates: Terms['duplicates']): Answer {
  switch (reply.kind) {
    case 'success': {
      const result = reply.duplicate && duplicates === 'code-11' ? 'duplicate' : 'success';
      const balance = (reply.balance ?? Money.zero).cut(2).toString();
      const currency = operation === 'getBalance' ? `,"currency":"${agent.currency}"` : '';
      return { status: 200, result, body: `${opening(result)},"balance":${balance}${currency}}` };
    }
    case 'failure':
      return writeFailure(reply.result);
    case 'askAgain':
      return writeAskAgain();
    default:
      return assertNever(reply);
  }
}

/** The answer to a callback that was rejected, or failed, with this code. */
export function writeFailure(result: Exclude<ResultName, 'success' | 'duplicate'>): Answer {
  return { status: 200, result, body: `${opening(result)}}` };
}

/** The answer where it is not known, or could not be recorded, what became of a callback. */
export function writeAskAgain(): Answer {
  return { status: 503, result: 'askAgain', body: '{"result":1,"message":"try again later"}' };
}

function opening(result: ResultName): string {
  const { code, message } = resultCodes[result];
  return `{"result":${code},"message":"${message}"`;
}
