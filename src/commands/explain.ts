// `explain`: the exact request a wallet would get for a made-up callback, and what a given reply would
// become, rule by rule. Secrets are masked in everything it prints. It sends nothing.

import { readFileSync } from 'node:fs';
import { Option, type Command } from 'commander';
import type { MoneyKind } from '../domain/callback.js';
import type { CompiledOperator } from '../operators/compile.js';
import { formatProblem, pathText } from '../yaml/diagnostics.js';
import { isError, loadOperators } from '../operators/load.js';
import type { Charset } from '../codecs/codec.js';
import { NotJson, parseJson } from '../codecs/json.js';
import { didYouMean } from '../yaml/did-you-mean.js';
import { pairs } from './options.js';
import { print, type Printed } from './print.js';
import { replyOf, type WrittenReply } from './samples/made-up-reply.js';
import { sampleCalls, sampleOperations, sampleUuid, type SampleCall } from './samples/sample-callback.js';
import { secretMask } from './secret-mask.js';
import { summarize } from './samples/verdict-summary.js';
import type { WalletRequest } from '../wallet/message.js';

const kinds = ['withdraw', 'deposit', 'betWin'] as const;

export function declareExplain(program: Command): void {
  program
    .command('explain')
    .description(
      'show the exact request your wallet would get, secrets masked, and what a reply would become, rule by rule',
    )
    .argument('<file>', 'operator file')
    .argument('<operation>', 'getBalance, withdraw, deposit, betWin, closeRound, rollback or lookup')
    .addOption(new Option('--of <kind>', 'of a rollback or lookup: what it is about').choices(kinds))
    .option('--field <name=value...>', 'fields of the callback instead of made-up ones', [])
    .option('--reply <file>', 'a JSON file { status, headers, body }: what would become of this reply')
    .action((file: string, operation: string, options: { of?: MoneyKind; field: string[]; reply?: string }) => {
      const { of, field, reply } = options;
      print(
        runExplain(file, operation, {
          env: process.env,
          fields: pairs(field),
          ...(of === undefined ? {} : { of }),
          ...(reply === undefined ? {} : { replyFile: reply }),
        }),
      );
    });
}

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
export function runExplain(file: string, operation: string, options: ExplainOptions): Printed {
  const asked = sampleOperations.find((name) => name === operation);
  if (asked === undefined)
    return {
      lines: [
        `unknown operation${didYouMean(operation, sampleOperations)}; expected one of ${sampleOperations.join(', ')}`,
      ],
      exitCode: 2,
    };
  const { env, of, fields = {}, replyFile } = options;
  const reply = replyFile === undefined ? undefined : readReply(replyFile);
  if (reply !== undefined && 'because' in reply)
    return { lines: [`${replyFile ?? ''}: ${reply.because}`], exitCode: 2 };

  const { operators, problems } = loadOperators([file], { env, standIns: true });
  const [operator] = operators;
  if (operator === undefined) return { lines: problems.filter(isError).map(formatProblem), exitCode: 1 };
  const sampled = sampleCalls(operator, { operation: asked, of, fields });
  if ('because' in sampled) return { lines: [sampled.because], exitCode: 1 };

  const mask = secretMask(operator, env);
  const explained = sampled.calls.map((call) => explainCall(operator, call, reply));
  return {
    lines: explained.flatMap(({ lines }) => lines).map(mask),
    exitCode: explained.every(({ rendered }) => rendered) ? 0 : 1,
  };
}

function explainCall(
  operator: CompiledOperator,
  { title, call, subject }: SampleCall,
  written: WrittenReply | undefined,
): { lines: string[]; rendered: boolean } {
  const now = Date.now();
  const made = call.render(subject, now, sampleUuid);
  if (made.kind === 'cannot')
    return {
      lines: [`${title}: no request, because ${made.because} (${made.result ?? 'not applied'})`],
      rendered: false,
    };
  const request = requestLines(operator, made.request, call.codecs.request.charset);
  const lines = [title, ...request.map((line) => `  ${line}`), ''];
  if (written === undefined) return { lines, rendered: true };
  const reply = replyOf(written, call.codecs.response);
  if ('because' in reply) return { lines: [...lines, `  ${reply.because}`, ''], rendered: false };

  const { rules, unreadable } = call.explain(subject, made.request, reply, now);
  const { because, ...became } = summarize(call.read(subject, made.request, reply, now).verdict);
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

function requestLines(
  { wallet: { baseUrl }, credentials }: CompiledOperator,
  { method, path, headers, body }: WalletRequest,
  charset: Charset,
): string[] {
  const url = baseUrl.origin + baseUrl.pathname.replace(/\/$/, '') + path;
  const lines = [`${method} ${url}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)];
  // No token is asked for here, and a request never leaves without one.
  for (const { name, scheme = '', hidden, shown } of credentials)
    if (hidden === undefined) lines.push(`${name}: ${scheme}${shown}`);
  return body === undefined ? lines : [...lines, '', charset.decode(body)];
}

function readReply(file: string): WrittenReply | { because: string } {
  const expected = 'expected JSON { "status": 402, "headers": { … }, "body": … }';
  try {
    const reply = parseJson(readFileSync(file, 'utf8'));
    if (typeof reply !== 'object' || reply === null) return { because: expected };
    const { status, headers, body, text }: Record<string, unknown> = { ...reply };
    if (typeof status !== 'bigint' || status < 100n || status > 599n) return { because: expected };
    const named = typeof headers === 'object' && headers !== null ? { ...headers } : {};
    return { status: Number(status), headers: named, body, text: typeof text === 'string' ? text : undefined };
  } catch (failure) {
    return { because: failure instanceof NotJson ? `${failure.message}; ${expected}` : 'cannot be read' };
  }
}
