// Holds the request an example wants, byte by byte, to the one the file makes: a vendor's published request,
// with its sign, guards the file for ever.

import { Malformed } from '../../codecs/codec.js';
import { EvaluationFailure } from '../../codecs/evaluation-failure.js';
import { textOf } from '../../codecs/plain-text.js';
import type { CompiledOperator } from '../../operators/compile.js';
import type { Golden } from '../../operators/schema/examples.js';
import type { Path } from '../../yaml/tree.js';
import type { WalletRequest } from '../../wallet/message.js';
import { fieldsOf, type Example } from '../samples/example-parts.js';
import { sampleCalls, type SampleCall } from '../samples/sample-callback.js';

/** Where the request differs from the one that is wanted, below the example. */
export interface Difference {
  readonly path: Path;
  readonly message: string;
}

/** `operator` has the example's own secrets and no others. */
export function differencesOf(operator: CompiledOperator, example: Example, golden: Golden): readonly Difference[] {
  const { operation, of } = example;
  const sampled = sampleCalls(operator, { operation, of, fields: fieldsOf(example) });
  if ('because' in sampled) return [{ path: [], message: sampled.because }];
  const [only, second] = sampled.calls;
  if (only === undefined || second !== undefined)
    return [{ path: [], message: 'more than one wallet call; expected an example of each, withdraw and deposit' }];
  const made = only.call.render(only.subject, sampled.now, sampled.uuid);
  if (made.kind === 'cannot') return [{ path: [], message: `no request can be made of it: ${made.because}` }];
  return [...compared(made.request, golden, only)].map(({ path, message }) => ({
    path: ['request', ...path],
    message,
  }));
}

function* compared(
  { method, path, headers, body = new Uint8Array(0) }: WalletRequest,
  golden: Golden,
  { call }: SampleCall,
): Generator<Difference> {
  if (golden.method !== undefined && golden.method !== method)
    yield { path: ['method'], message: `the request is a ${method}; expected ${golden.method}` };
  if (golden.path !== undefined) yield* difference(['path'], path, golden.path);
  const sent = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  for (const [name, wanted] of Object.entries(golden.headers ?? {})) {
    const value = sent.get(name.toLowerCase());
    const text = textOf(wanted);
    if (text === undefined && value !== undefined)
      yield { path: ['headers', name], message: 'this header is sent; expected none' };
    else if (text !== undefined && value === undefined)
      yield {
        path: ['headers', name],
        message: `this header is not sent; sent are ${Object.keys(headers).join(', ')}`,
      };
    else if (text !== undefined) yield* difference(['headers', name], value ?? '', text);
  }
  if (golden.body === undefined) return;
  try {
    const { charset } = call.codecs.request;
    const isText = typeof golden.body === 'string';
    const bytes = isText ? charset.encode(textOf(golden.body) ?? '') : call.codecs.request.write(golden.body);
    if (!Buffer.from(bytes).equals(body)) yield* difference(['body'], charset.decode(body), charset.decode(bytes));
  } catch (failure) {
    if (!(failure instanceof Malformed || failure instanceof EvaluationFailure)) throw failure;
    yield { path: ['body'], message: `no request could have this body: ${failure.message}` };
  }
}

const around = 24;

/** The first place at which two texts part, with what stands round it in both. */
function* difference(path: Path, made: string, wanted: string): Generator<Difference> {
  if (made === wanted) return;
  const [ours, theirs] = [Array.from(made), Array.from(wanted)];
  const parts = theirs.findIndex((character, index) => character !== ours[index]);
  const at = parts === -1 ? theirs.length : parts;
  const shown = (text: readonly string[]): string => {
    const from = Math.max(0, at - around);
    const piece = text.slice(from, at + around).join('');
    return `${from > 0 ? '…' : ''}${piece.replace(/[\0-\x1f]/g, (character) => JSON.stringify(character).slice(1, -1))}${text.length > at + around ? '…' : ''}`;
  };
  const lengths = ours.length === theirs.length ? '' : ` (${ours.length} characters for ${theirs.length})`;
  yield {
    path,
    message: `differs from character ${at + 1} on${lengths}: the request has ${shown(ours)}; expected ${shown(theirs)}`,
  };
}
