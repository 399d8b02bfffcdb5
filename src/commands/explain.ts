// `explain`: the exact request a wallet would get for a made-up callback, and what a given reply would
// become, rule by rule. Secrets are masked in everything it prints. It sends nothing.

import { readFileSync } from 'node:fs';
import { Option, type Command } from 'commander';
import type { MoneyKind } from '../domain/callback.js';
import { formatProblem } from '../yaml/diagnostics.js';
import { platformCalls } from '../protocol/platform-api/platform-api.js';
import { isError, loadOperators } from '../operators/load.js';
import { NotJson, parseJson } from '../codecs/json.js';
import type { CompiledOperator } from '../operators/compile.js';
import { didYouMean } from '../yaml/did-you-mean.js';
import { formatOption, notPairs, pairs, type Format } from './options.js';
import { complain, print, type Printed } from './print.js';
import type { WrittenReply } from './samples/made-up-reply.js';
import { sampleOperations } from './samples/sample-callback.js';
import { secretMarks } from './secret-mask.js';
import { markStandIns } from './explain/stand-ins.js';
import { runGolden } from './explain/print-golden.js';
import { explainCalls } from './explain/explain-calls.js';
import { explainPlatformCall, isPlatformCall } from './explain/platform-call.js';
import { printExplanation } from './explain/print-explanation.js';

const kinds = ['withdraw', 'deposit', 'betWin'] as const;

export function declareExplain(program: Command): void {
  program
    .command('explain')
    .description(
      'show the exact request your wallet would get, secrets masked, and what a reply would become, rule by rule',
    )
    .argument('<file>', 'operator file')
    .argument(
      '<operation>',
      `${sampleOperations.join(', ')}; or what the platform would get: ${platformCalls.join(', ')}`,
    )
    .addOption(new Option('--of <kind>', 'of a rollback or lookup: what it is about').choices(kinds))
    .option('--field <name=value...>', 'fields of the callback instead of made-up ones', [])
    .option('--golden', 'print it as an example to paste, which check then holds the file to', false)
    .option('--sample <name=value...>', 'with --golden: sample values of secrets, never real ones', [])
    .option('--reply <file>', 'a JSON file { status, headers, body }: what would become of this reply')
    .addOption(formatOption())
    .action((file: string, operation: string, { field, reply, golden, sample, ...options }: Chosen) => {
      const [wrong] = notPairs([...field, ...sample]);
      if (wrong !== undefined) return complain([`${wrong}: no value; expected name=value`]);
      const replyFile = reply === undefined ? {} : { replyFile: reply };
      if (golden)
        return print(runGolden(file, operation, { ...options, fields: pairs(field), secrets: pairs(sample) }));
      print(runExplain(file, operation, { env: process.env, fields: pairs(field), ...options, ...replyFile }));
    });
}

interface Chosen extends Pick<ExplainOptions, 'of' | 'format'> {
  readonly field: string[];
  readonly sample: string[];
  readonly golden: boolean;
  readonly reply?: string;
}

export interface ExplainOptions {
  /** Of a rollback or lookup: what it is about. */
  readonly of?: MoneyKind;
  /** Fields of the callback, as text. */
  readonly fields?: Readonly<Record<string, string>>;
  /** A JSON file { status, headers, body } or { status, headers, text }. */
  readonly replyFile?: string;
  readonly format?: Format;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Exit code 0; 1: the file has errors or the callback makes no request; 2: the question cannot be read. */
export function runExplain(file: string, operation: string, options: ExplainOptions): Printed {
  const asked = [...sampleOperations, ...platformCalls].find((name) => name === operation);
  if (asked === undefined) {
    const known = [...sampleOperations, ...platformCalls];
    return {
      lines: [`unknown operation${didYouMean(operation, known)}; expected one of ${known.join(', ')}`],
      exitCode: 2,
    };
  }
  const { env, of, fields = {}, replyFile, format = 'text' } = options;
  if (isPlatformCall(asked) && (of !== undefined || replyFile !== undefined))
    return { lines: [`${asked} is a call of the platform; --of and --reply are for calls of the wallet`], exitCode: 2 };
  const reply = replyFile === undefined ? undefined : readReply(replyFile);
  if (reply !== undefined && 'because' in reply)
    return { lines: [`${replyFile ?? ''}: ${reply.because}`], exitCode: 2 };

  const { operators, problems } = loadOperators([file], { env, standIns: true });
  const [operator] = operators;
  if (operator === undefined) return { lines: problems.filter(isError).map(formatProblem), exitCode: 1 };
  const now = Date.now();
  const explained = (one: CompiledOperator, mark: ReturnType<typeof secretMarks>) =>
    isPlatformCall(asked)
      ? explainPlatformCall(one, asked, fields, mark)
      : explainCalls(one, { operation: asked, of, fields }, reply, mark, now);
  const explanation = explained(operator, secretMarks(operator, env));
  if (operator.unset.length === 0) return printExplanation(explanation, format);
  const [other] = loadOperators([file], { env, standIns: 'other' }).operators;
  if (other === undefined) return printExplanation(explanation, format);
  return printExplanation(markStandIns(explanation, explained(other, secretMarks(other, env, 'other'))), format);
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
