// Prints a request as an example to paste into the file: `check` holds the file to it from then on. It is made
// with sample secrets alone, never with those of this machine, so that it may stand in a repository.

import type { CompiledOperator } from '../../operators/compile.js';
import { isError, loadOperators } from '../../operators/load.js';
import { formatProblem } from '../../yaml/diagnostics.js';
import { didYouMean } from '../../yaml/did-you-mean.js';
import type { Printed } from '../print.js';
import { quoted } from '../../drafting/yaml-text.js';
import { sampleCalls, sampleOperations, type SampleRequest } from '../samples/sample-callback.js';

export interface GoldenOptions extends Partial<Pick<SampleRequest, 'of' | 'fields'>> {
  /** Sample values by the name of the secret. */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** A time like any other, where none is given. */
const usualNow = '2026-01-31T12:00:00Z';

/** Exit code 0; 1: no such request can be made; 2: the question cannot be read. */
export function runGolden(file: string, name: string, { of, fields = {}, secrets = {} }: GoldenOptions): Printed {
  const operation = sampleOperations.find((known) => known === name);
  if (operation === undefined)
    return refused(
      2,
      `unknown operation${didYouMean(name, sampleOperations)}; expected one of ${sampleOperations.join(', ')}`,
    );
  let made: CompiledOperator | undefined;
  let stranger: string | undefined;
  let samples: Readonly<Record<string, string>> = {};
  const { problems } = loadOperators([file], {
    standIns: true,
    inspect({ file: { secrets: declared, platform } }, _report, withSecrets) {
      const known = Object.keys(declared);
      const [unknown] = Object.keys(secrets).filter((one) => !known.includes(one));
      if (unknown !== undefined)
        stranger = `--sample ${unknown}: not the name of a declared secret${didYouMean(unknown, known)}; expected one of ${known.join(', ')}`;
      const ofPlatform = new Set(platform.agents.flatMap(({ keys }) => keys));
      const names = known.filter((one) => secrets[one] !== undefined || !ofPlatform.has(one));
      samples = Object.fromEntries(names.map((one) => [one, secrets[one] ?? `sample-of-${one}`]));
      made = withSecrets(samples);
    },
  });
  if (made === undefined) return { lines: problems.filter(isError).map(formatProblem), exitCode: 1 };
  if (stranger !== undefined) return refused(2, stranger);
  const given = { now: usualNow, ...fields };
  const sampled = sampleCalls(made, { operation, of, fields: given });
  if ('because' in sampled) return refused(1, sampled.because);
  const lines: string[] = [];
  for (const { call, subject, title } of sampled.calls) {
    const rendered = call.render(subject, sampled.now, sampled.uuid);
    if (rendered.kind === 'cannot') return refused(1, `${title}: no request, because ${rendered.because}`);
    const { method, path, headers, body } = rendered.request;
    const text = body === undefined ? undefined : call.codecs.request.charset.decode(body);
    lines.push(
      `  - operation: ${operation}`,
      ...(of === undefined ? [] : [`    of: ${of}`]),
      '    given:',
      ...Object.entries(given).map(([field, value]) => `      ${field}: ${quoted(value)}`),
      ...block('      ', 'secrets', samples),
      '    request:',
      `      method: ${method}`,
      `      path: ${quoted(path)}`,
      ...block('      ', 'headers', headers),
      ...(text === undefined ? [] : [`      body: ${quoted(text)}`]),
    );
  }
  return sampled.calls.length > 1
    ? refused(1, 'more than one wallet call; expected withdraw or deposit')
    : { lines: ['examples:', ...lines], exitCode: 0 };
}

const refused = (exitCode: 1 | 2, line: string): Printed => ({ lines: [line], exitCode });

function block(indent: string, name: string, entries: Readonly<Record<string, string>>): string[] {
  const lines = Object.entries(entries).map(([key, value]) => `${indent}  ${quoted(key)}: ${quoted(value)}`);
  return lines.length === 0 ? [] : [`${indent}${name}:`, ...lines];
}
