// Runs the examples of an operator file: replies of the wallet, and what must come of them. They hold a
// mapping to what its author meant, before a player does.

import { Money } from '../../domain/money.js';
import type { CompiledOperator } from '../../operators/compile.js';
import type { Golden } from '../../operators/schema/examples.js';
import type { Report } from '../../yaml/diagnostics.js';
import type { Inspect } from '../../operators/load.js';
import { didYouMean } from '../../yaml/did-you-mean.js';
import { fieldsOf, goldenOf, secretsOf, type Example } from '../samples/example-parts.js';
import { differencesOf } from './golden-request.js';
import { replyOf } from '../samples/made-up-reply.js';
import { refutedPromise } from './repeat-promise.js';
import { sampleCalls } from '../samples/sample-callback.js';
import { summarize, type Summary } from '../samples/verdict-summary.js';
import { textOf } from '../../codecs/plain-text.js';

/**
 * Reports each example that does not come out as expected, and warns of those that refute what the file
 * promises of repeats.
 */
export const runExamples: Inspect = (operator, report, withSecrets) => {
  for (const [index, example] of operator.file.examples.entries()) {
    const golden = goldenOf(example);
    if (golden !== undefined) reportGolden(operator, index, example, golden, report, withSecrets);
    const { reply, expect } = example;
    if (reply === undefined || expect === undefined) continue;
    const became = outcomeOf(operator, example, reply);
    const wrong = typeof became === 'string' ? became : differenceOf(expect, became);
    if (wrong !== undefined) report(['examples', index], wrong);
    const refuted = typeof became === 'string' ? undefined : refutedPromise(operator.terms, example, became.outcome);
    if (refuted !== undefined) report(['examples', index, 'repeatOf'], refuted, { severity: 'warning' });
  }
};

function reportGolden(
  { file }: CompiledOperator,
  index: number,
  example: Example,
  golden: Golden,
  report: Report,
  withSecrets: Parameters<Inspect>[2],
): void {
  const given = secretsOf(example);
  const declared = Object.keys(file.secrets);
  for (const name of Object.keys(given))
    if (!declared.includes(name))
      report(
        ['examples', index, 'given', 'secrets', name],
        `not the name of a declared secret${didYouMean(name, declared)}; expected one of ${declared.join(', ')}`,
        { key: true },
      );
  const operator = withSecrets(given);
  if (operator === undefined)
    return report(['examples', index, 'given', 'secrets'], 'the file cannot be compiled with these secrets');
  for (const { path, message } of differencesOf(operator, example, golden))
    report(['examples', index, ...path], message);
}

/** What the reply becomes, or why it cannot be read. */
function outcomeOf(
  operator: CompiledOperator,
  example: Example,
  reply: NonNullable<Example['reply']>,
): Summary | string {
  const { operation, of } = example;
  const sampled = sampleCalls(operator, { operation, of, fields: fieldsOf(example) });
  if ('because' in sampled) return sampled.because;
  const [only, second] = sampled.calls;
  if (only === undefined || second !== undefined)
    return 'more than one wallet call; expected an example of each, withdraw and deposit';
  const rendered = only.call.render(only.subject, sampled.now, sampled.uuid);
  if (rendered.kind === 'cannot') return `no request can be made of it: ${rendered.because}`;

  const answered = replyOf(reply, only.call.codecs.response);
  if ('because' in answered) return answered.because;
  return summarize(only.call.read(only.subject, rendered.request, answered, sampled.now).verdict);
}

function differenceOf(expect: NonNullable<Example['expect']>, became: Summary): string | undefined {
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
