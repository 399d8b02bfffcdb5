// Runs the examples of an operator file: replies of the wallet, and what must come of them. They hold a mapping to what its author
// meant, before a player does.

import { Money } from '../domain/money.js';
import type { CompiledOperator } from '../operators/compile.js';
import type { Report } from '../operators/diagnostics.js';
import type { OperatorFile } from '../operators/schema.js';
import { writeJson } from '../wallet/codecs/json.js';
import type { WalletReply } from '../wallet/compiled-wallet.js';
import { textOf } from '../wallet/expression-language.js';
import { sampleCalls } from './sample-callback.js';
import { summarize } from './verdict-summary.js';

type Example = OperatorFile['examples'][number];

/** Reports each example that does not come out as expected. */
export function runExamples(operator: CompiledOperator, report: Report): void {
  for (const [index, example] of operator.file.examples.entries()) {
    const wrong = wrongWith(operator, example);
    if (wrong !== undefined) report(['examples', index], wrong);
  }
}

function wrongWith(operator: CompiledOperator, { operation, of, request, reply, expect }: Example): string | undefined {
  const sampled = sampleCalls(operator, { operation, of, fields: texts(request) });
  if ('because' in sampled) return sampled.because;
  const [only, second] = sampled.calls;
  if (only === undefined || second !== undefined)
    return 'more than one wallet call; expected an example of each, withdraw and deposit';
  const rendered = only.call.render(only.subject, 0);
  if (rendered.kind === 'cannot') return `no request can be made of it: ${rendered.because}`;

  const became = summarize(only.call.read(only.subject, rendered.request, replyOf(reply), 0));
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

function replyOf({ status, headers, body, text }: Example['reply']): WalletReply {
  const lowerCase = Object.entries(texts(headers)).map(([name, value]) => [name.toLowerCase(), value] as const);
  const written = text ?? (body === undefined ? '' : writeJson(body));
  return { status, headers: Object.fromEntries<string>(lowerCase), body: Buffer.from(written) };
}
