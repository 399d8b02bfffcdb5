// What is explained of a call, as text whose parts know whether they are real.

import type { ExplainedCall, ExplainedReply, Marked } from './ports.js';

const plain = (text: string): Marked[number] => ({ text, is: 'plain' });

/** A request as its lines. */
export const requestText = ({ method, url, headers, body }: NonNullable<ExplainedCall['request']>): Marked => [
  ...[plain(`${method} `), ...url],
  ...headers.flatMap(({ name, value }) => [plain(`\n${name}: `), ...value]),
  ...(body === undefined ? [] : [plain('\n\n'), ...body]),
];

/** What came of each rule, in their order. */
export function ruleWords({ rules, becomes }: ExplainedReply): readonly Marked[] {
  const fires = firing({ rules, becomes });
  return rules.map(({ held }, at) => {
    if (typeof held === 'object') return [plain('cannot be evaluated: '), ...held.because];
    if (at === fires) return [plain('fires')];
    return [plain(held ? 'holds' : 'does not hold')];
  });
}

/** The first rule that holds is the one that counts; where some contradict each other, none does. */
export function firing({ rules, becomes }: Pick<ExplainedReply, 'rules' | 'becomes'>): number | undefined {
  const holding = rules.flatMap(({ held }, at) => (held === true ? [at] : []));
  return holding.length > 1 && becomes.outcome === 'unknown' ? undefined : holding[0];
}
