// A reply as people write it down – in an example, in a file for `explain` – made into the bytes a wallet
// would have sent.

import { Malformed, Unfit } from '../../codecs/codec.js';
import type { Codec } from '../../codecs/codec-of.js';
import type { WalletReply } from '../../wallet/message.js';
import { textOf } from '../../codecs/plain-text.js';
import { EvaluationFailure } from '../../codecs/evaluation-failure.js';

export interface WrittenReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  /** A value, to be written in the wallet's format. */
  readonly body?: unknown;
  /** The body as it comes, in the wallet's charset. */
  readonly text?: string | undefined;
}

/** The reply, or why no wallet of this format could send it. */
export function replyOf(
  { status, headers, body, text }: WrittenReply,
  codec: Codec,
): WalletReply | { readonly because: string } {
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), textOf(value) ?? ''] as const);
  try {
    const bytes = text !== undefined || body === undefined ? codec.charset.encode(text ?? '') : codec.write(body);
    return { status, headers: Object.fromEntries<string>(named), body: bytes };
  } catch (failure) {
    if (failure instanceof Malformed || failure instanceof Unfit || failure instanceof EvaluationFailure)
      return { because: `the wallet could not send this reply: ${failure.message}` };
    throw failure;
  }
}
