// Runs the examples of an operator file: replies of the wallet, and what must come of them. They hold a
// mapping to what its author meant, before a player does.

import { Money } from '../../domain/money.js';
import type { CompiledOperator } from '../../operators/compile.js';
import type { Report } from '../../yaml/diagnostics.js';
import type { OperatorFile } from '../../operators/schema/operator-file.js';
import { replyOf } from '../samples/made-up-reply.js';
import { refutedPromise } from './repeat-promise.js';
import { sampleCalls, sampleUuid } from '../samples/sample-callback.js';
import { summarize, type Summary } from '../samples/verdict-summary.js';
import { textOf } from '../../codecs/plain-text.js';

type Example = OperatorFile['examples'][number];

/**
 * Reports each example that does not come out as expected, and warns of those that refute what the file
 * promises of repeats.
 */
export function runExamples(operator: CompiledOperator, report: Report): void {
  for (const [index, example] of operator.file.examples.entries()) {
    const became = outcomeOf(operator, example);
    const wrong = typeof became === 'string' ? became : differenceOf(example.expect, became);
    if (wrong !== undefined) report(['examples', index], wrong);
    const refuted = typeof became === 'string' ? undefined : refutedPromise(operator.terms, example, became.outcome);
    if (refuted !== undefined) report(['examples', index, 'repeatOf'], refuted, { severity: 'warning' });
  }
}

/** What the reply becomes, or why it cannot be read. */
function outcomeOf(operator: CompiledOperator, { operation, of, request, reply }: Example): Summary | string {
  const sampled = sampleCalls(operator, { operation, of, fields: texts(request) });
  if ('because' in sampled) return sampled.because;
  const [only, second] = sampled.calls;
  if (only === undefined || second !== undefined)
    return 'more than one wallet call; expected an example of each, withdraw and deposit';
  const rendered = only.call.render(only.subject, 0, sampleUuid);
  if (rendered.kind === 'cannot') return `no request can be made of it: ${rendered.because}`;

  const answered = replyOf(reply, only.call.codecs.response);
  if ('because' in answered) return answered.because;
  return summarize(only.call.read(only.subject, rendered.request, answered, 0).verdict);
}

function differenceOf(expect: Example['expect'], became: Summary): string | undefined {
  const expected = texts(expect);
  const differs = (['outcome', 'result', 'balance', 'receipt'] as const).filter(
    (name) =>
      expected[name] !== undefined && !(name === 'balance' ? sameAmount : Object.is)(expected[name], became[name]),
  );
  if (differs.length === 0) return undefined;
  const why = became.because === undefined ? '' : ` (${became.because})`;
  const list = (of: Partial<Record<string, string>>) =>
    differs.map((name) => `${name} ${of[name] ?? 'none'}`).join(', ');
  return `comes out as ${list({ ...became })}${why}; expected ${list(expected)}`;
}

function texts(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, textOf(value) ?? '']));
}

function sameAmount(expected: string, became: string | undefined): boolean {
  const amount = Money.parse(expected);
  const other = became === undefined ? undefined : Money.parse(became);
  return amount !== undefined && other !== undefined && amount.compare(other) === 0;
}
