// `explain`: the exact request a wallet would get for a made-up callback, and what a given reply would become, rule by rule. Secrets
// are masked in everything it prints. It sends nothing.

import { readFileSync } from 'node:fs';
import type { MoneyKind } from '../domain/callback.js';
import type { CompiledOperator } from '../operators/compile.js';
import { formatProblem, pathText } from '../operators/diagnostics.js';
import { isError, loadOperators } from '../operators/load.js';
import { decodeUtf8, NotJson, parseJson, writeJson } from '../wallet/codecs/json.js';
import type { WalletReply, WalletRequest } from '../wallet/compiled-wallet.js';
import { textOf } from '../wallet/expression-language.js';
import { sampleCalls, sampleOperations, type SampleCall } from './sample-callback.js';
import { secretMask } from './secret-mask.js';
import { summarize } from './verdict-summary.js';

export interface ExplainOptions {
  /** Of a rollback or lookup: what it is about. */
  readonly of?: MoneyKind;
  /** Fields of the callback, as text. */
  readonly fields?: Readonly<Record<string, string>>;
  /** A JSON file { status, headers, body } or { status, headers, text }. */
  readonly replyFile?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Exit code 0; 1: the file has errors or the callback makes no request; 2: the question cannot be read. */
export function runExplain(
  file: string,
  operation: string,
  options: ExplainOptions,
): { lines: string[]; exitCode: 0 | 1 | 2 } {
  const asked = sampleOperations.find((name) => name === operation);
  if (asked === undefined)
    return { lines: [`unknown operation; expected one of ${sampleOperations.join(', ')}`], exitCode: 2 };
  const { env, of, fields = {}, replyFile } = options;
  const reply = replyFile === undefined ? undefined : readReply(replyFile);
  if (reply !== undefined && 'because' in reply)
    return { lines: [`${replyFile ?? ''}: ${reply.because}`], exitCode: 2 };

  const { operators, problems } = loadOperators([file], { env, standIns: true });
  const [operator] = operators;
  if (operator === undefined) return { lines: problems.filter(isError).map(formatProblem), exitCode: 1 };
  const sampled = sampleCalls(operator, { operation: asked, of, fields });
  if ('because' in sampled) return { lines: [sampled.because], exitCode: 1 };

  const mask = secretMask(operator.file, env);
  const explained = sampled.calls.map((call) => explainCall(operator, call, reply));
  return {
    lines: explained.flatMap(({ lines }) => lines).map(mask),
    exitCode: explained.every(({ rendered }) => rendered) ? 0 : 1,
  };
}

function explainCall(
  operator: CompiledOperator,
  { title, call, subject }: SampleCall,
  reply: WalletReply | undefined,
): { lines: string[]; rendered: boolean } {
  const now = Date.now();
  const made = call.render(subject, now);
  if (made.kind === 'cannot')
    return {
      lines: [`${title}: no request, because ${made.because} (${made.result ?? 'not applied'})`],
      rendered: false,
    };
  const lines = [title, ...requestLines(operator.wallet.baseUrl, made.request).map((line) => `  ${line}`), ''];
  if (reply === undefined) return { lines, rendered: true };

  const { rules, unreadable } = call.explain(subject, made.request, reply, now);
  const { because, ...became } = summarize(call.read(subject, made.request, reply, now));
  lines.push(
    `  HTTP ${reply.status}, ${reply.body.length} bytes${unreadable === undefined ? '' : `: ${unreadable}, so no rule is asked`}`,
  );
  for (const { path, text, held } of rules) {
    const says = typeof held === 'object' ? 'cannot be evaluated' : held ? 'holds' : 'does not hold';
    const why = typeof held === 'object' ? `  (${held.because})` : '';
    lines.push(`  ${says.padEnd(19)}  ${pathText(path)}: ${text}${why}`);
  }
  const summary = Object.entries(became).map(([name, value]) => `${name} ${value}`);
  lines.push(`  becomes ${summary.join(', ')}${because === undefined ? '' : ` (${because})`}`, '');
  return { lines, rendered: true };
}

function requestLines(baseUrl: URL, { method, path, headers, body }: WalletRequest): string[] {
  const url = baseUrl.origin + baseUrl.pathname.replace(/\/$/, '') + path;
  const lines = [`${method} ${url}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)];
  return body === undefined ? lines : [...lines, '', decodeUtf8(body)];
}

function readReply(file: string): WalletReply | { because: string } {
  const expected = 'expected JSON { "status": 402, "headers": { … }, "body": … }';
  try {
    const reply = parseJson(readFileSync(file, 'utf8'));
    if (typeof reply !== 'object' || reply === null) return { because: expected };
    const { status, headers, body, text }: Record<string, unknown> = { ...reply };
    if (typeof status !== 'bigint' || status < 100n || status > 599n) return { because: expected };
    const lines = typeof headers === 'object' && headers !== null ? Object.entries(headers) : [];
    const named = lines.map(([name, value]) => [name.toLowerCase(), textOf(value) ?? ''] as const);
    const written = typeof text === 'string' ? text : body === undefined ? '' : writeJson(body);
    return { status: Number(status), headers: Object.fromEntries<string>(named), body: Buffer.from(written) };
  } catch (failure) {
    return { because: failure instanceof NotJson ? `${failure.message}; ${expected}` : 'cannot be read' };
  }
}
