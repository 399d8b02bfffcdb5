// What `explain` finds out, as a value: each request a wallet would get for a made-up callback, and what a
// reply would become, rule by rule. Whoever shows it – the command, a page – makes its own lines of it.
// Secrets are masked already. It sends nothing.

import type { CompiledOperator } from '../../operators/compile.js';
import { pathText } from '../../yaml/diagnostics.js';
import type { WalletRequest } from '../../wallet/message.js';
import { withAnotherSession } from '../../wallet/standing-in.js';
import { namesItsTrace, traceHeader } from '../../wallet/tracing.js';
import { replyOf, type WrittenReply } from '../samples/made-up-reply.js';
import { sampleCalls, type Sampled, type SampleCall, type SampleRequest } from '../samples/sample-callback.js';
import { summarize, type Summary } from '../samples/verdict-summary.js';
import { textOf, type Mark, type Marked } from '../marked.js';

/** One call; without a request where none can be made of the callback. */
export interface ExplainedCall {
  /** "withdraw", "undo of a withdraw", … */
  readonly title: string;
  readonly request?: ExplainedRequest;
  /** Why there is no request, and what that makes of the callback. */
  readonly cannot?: { readonly because: Marked; readonly result: string };
  readonly reply?: ExplainedReply | { readonly because: Marked };
}

export interface ExplainedRequest {
  readonly method: string;
  readonly url: Marked;
  readonly headers: readonly { readonly name: string; readonly value: Marked }[];
  /** The characters its bytes are in the wallet's charset. */
  readonly body?: Marked;
}

export interface ExplainedReply {
  readonly status: number;
  readonly bytes: number;
  /** Why no rule is asked. */
  readonly unreadable?: Marked;
  readonly rules: readonly {
    readonly path: string;
    readonly text: Marked;
    /** `because`: it cannot be evaluated. */
    readonly held: boolean | { readonly because: Marked };
  }[];
  readonly becomes: Summary;
}

export type Explanation =
  | {
      readonly calls: readonly ExplainedCall[];
      /** Secrets that are not set here. */
      readonly unset: readonly string[];
    }
  | { readonly because: string };

/** The calls of one made-up callback, or why there are none. */
export function explainCalls(
  operator: CompiledOperator,
  sample: SampleRequest,
  written: WrittenReply | undefined,
  mark: Mark,
  now: number,
): Explanation {
  const sampled = sampleCalls(operator, sample, now);
  if ('because' in sampled) return sampled;
  const calls = sampled.calls.flatMap((call) => explainCall(operator, call, written, mark, sampled));
  return { calls, unset: operator.unset };
}

/** What a reply turns away for the player's session is sent once more: that is a call of its own. */
function explainCall(
  operator: CompiledOperator,
  sample: SampleCall,
  written: WrittenReply | undefined,
  mark: Mark,
  sampled: Extract<Sampled, { calls: unknown }>,
): ExplainedCall[] {
  const { now, uuid } = sampled;
  const { title, call, subject } = sample;
  const made = call.render(subject, now, uuid);
  if (made.kind === 'cannot')
    return [{ title, cannot: { because: mark(made.because), result: made.result ?? 'not applied' } }];
  const request = requestOf(operator, made.request, call.codecs.request.charset, mark);
  if (written === undefined) return [{ title, request }];
  const reply = replyOf(written, call.codecs.response);
  if ('because' in reply) return [{ title, request, reply: { because: mark(reply.because) } }];

  const { rules, unreadable } = call.explain(subject, made.request, reply, now);
  const { verdict, badSession } = call.read(subject, made.request, reply, now);
  const instead = badSession === true ? withAnotherSession(subject) : undefined;
  const second = instead && { ...sample, title: `${title}, once more with another session`, subject: instead };
  const explained: ExplainedCall = {
    title,
    request,
    reply: {
      status: reply.status,
      bytes: reply.body.length,
      ...(unreadable !== undefined && { unreadable: mark(unreadable) }),
      rules: rules.map(({ path, text, held }) => ({
        path: pathText(path),
        text: mark(text),
        held: typeof held === 'object' ? { because: mark(held.because) } : held,
      })),
      becomes: hidden(summarize(verdict), mark),
    },
  };
  // What the wallet says to the second call nobody knows: this reply was to the first.
  return [explained, ...(second === undefined ? [] : explainCall(operator, second, undefined, mark, sampled))];
}

/** A wallet may say a secret back. */
function hidden({ outcome, ...said }: Summary, mark: Mark): Summary {
  const shown = Object.entries(said).map(([name, text]) => [name, textOf(mark(text))] as const);
  return { outcome, ...Object.fromEntries(shown) };
}

function requestOf(
  { wallet: { baseUrl, traceparent }, credentials }: CompiledOperator,
  request: WalletRequest,
  charset: { decode(bytes: Uint8Array): string },
  mark: Mark,
): ExplainedRequest {
  const { method, path, headers, body } = request;
  const isTraced = traceparent === true && !namesItsTrace(request);
  // No token is asked for here, and a request never leaves without one.
  const later = credentials.filter(({ hidden }) => hidden === undefined);
  return {
    method,
    url: mark(baseUrl.origin + baseUrl.pathname.replace(/\/$/, '') + path),
    headers: [
      ...Object.entries(headers).map(([name, value]) => ({ name, value: mark(value) })),
      ...later.map(({ name, scheme = '', shown }) => ({
        name,
        value: [...mark(scheme), { text: shown, is: 'masked' } as const],
      })),
      // Of each call another one.
      ...(isTraced
        ? [{ name: traceHeader, value: [{ text: '‹the trace of the callback›', is: 'masked' } as const] }]
        : []),
    ],
    ...(body !== undefined && { body: mark(charset.decode(body)) }),
  };
}
