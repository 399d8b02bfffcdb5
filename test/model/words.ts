// What happens in the model, in the words a counter-example is told in.

import { assertNever, type Reply, type Verdict } from '../../src/domain/outcome.js';
import type { Write } from '../../src/domain/ports.js';

export function wordsOf(reply: Reply): string {
  switch (reply.kind) {
    case 'success':
      return 'done';
    case 'failure':
      return reply.result;
    case 'askAgain':
      return '503';
    default:
      return assertNever(reply);
  }
}

export const wordsOfVerdict = (verdict: Verdict): string =>
  verdict.kind === 'refused' ? `refused, ${verdict.result}` : verdict.kind;

export function wordsOfWrite({ transaction: t, expected }: Write): string {
  const legs = t.legs.map(({ effect, sends, undos }) => `${effect}, ${sends} sends, ${undos} undos`).join('; ');
  const flags = `${t.goal === undefined ? '' : ` ${t.goal}`}${t.promised === true ? ' promised' : ''}${t.lease === undefined ? '' : ' leased'}`;
  return `${expected + 1}: ${t.state}${flags} [${legs}]`;
}
