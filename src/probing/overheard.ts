// What the wallet really answered, for people who ask why a reply was read as it was: its status and the
// beginning of its body. It is a stranger's text, so whatever could be a secret in it is left out.

import type { CompiledOperator } from '../operators/compile.js';
import type { WalletReply } from '../wallet/message.js';
import type { MappedCall } from '../mapping/mapping.js';

type MappedWallet = CompiledOperator['wallet'];

export interface Overheard {
  /** The same wallet, whose replies are noted. */
  readonly wallet: MappedWallet;
  /** What the wallet said that was read as this very verdict; undefined where it said nothing. */
  saidOf(verdict: object): string | undefined;
}

/** So that the code is seen that comes after an envelope, or after a sentence. */
const mostShown = 400;
/** What is shorter may be part of any word. */
const shortestTelling = 4;

/** `mask` takes the operator's own secrets out of a text; `session` is the player's. */
export function overhear(wallet: MappedWallet, mask: (text: string) => string, session?: string): Overheard {
  const replies = new WeakMap<object, () => string>();
  const sessions = new Set(session === undefined ? [] : [session]);

  function noted<V extends object>(call: MappedCall<V>): MappedCall<V> {
    const { charset } = call.codecs.response;
    return {
      ...call,
      read(subject, request, reply, now) {
        const reading = call.read(subject, request, reply, now);
        if (reading.session !== undefined) sessions.add(reading.session);
        replies.set(reading.verdict, () => shown(reply, (bytes) => charset.decode(bytes)));
        return reading;
      },
    };
  }
  function shown({ status, body }: WalletReply, decode: (bytes: Uint8Array) => string): string {
    const telling = [...sessions].filter((one) => one.length >= shortestTelling);
    const text = telling.reduce((left, one) => left.replaceAll(one, '‹session›'), mask(decode(body)));
    return body.length === 0 ? `HTTP ${status}, nothing in it` : `HTTP ${status} ${beginningOf(text)}`;
  }
  const all = (calls: MappedWallet['send']): MappedWallet['send'] =>
    Object.fromEntries(Object.entries(calls).map(([kind, call]) => [kind, noted(call)]));

  return {
    wallet: {
      ...wallet,
      balance: noted(wallet.balance),
      send: all(wallet.send),
      undo: all(wallet.undo),
      lookup: all(wallet.lookup),
    },
    saidOf: (verdict) => replies.get(verdict)?.(),
  };
}

/** In one line, without what looks like a secret. What is cut off is looked at, too. */
export function beginningOf(text: string): string {
  const line = withoutSecrets(text.replace(/[\s\p{Cc}]+/gu, ' ').trim());
  const letters = Array.from(line);
  return letters.length > mostShown ? `${wholeWords(letters)}…` : line;
}

/** Half a word may say the opposite of the whole one; what has no end within reason is cut all the same. */
function wholeWords(letters: readonly string[]): string {
  const shown = letters.slice(0, mostShown).join('');
  const isInWord = /^\w/.test(letters[mostShown] ?? '');
  return isInWord ? shown.replace(/(?<=\W)\w{1,40}$/, '') : shown;
}

const namesOfSecrets = 'token|session|sid|secret|passw|pwd|key|sign|auth|ticket|cookie|jwt|credential';
const namedSecret = new RegExp(
  `((?:${namesOfSecrets})[\\w-]*["']?\\s*[:=>]\\s*)(\\{[^}]*\\}?|\\[[^\\]]*\\]?|"[^"]*"?|'[^']*'?|[^"'<,;&{}\\[\\]\\s]+)`,
  'gi',
);

/** By its name, or because it is long and of letters and digits mixed, as tokens are and words are not. */
function withoutSecrets(text: string): string {
  return text
    .replace(namedSecret, '$1‹…›')
    .replace(/[\w+/=.~-]{16,}/g, (run) => (run.split(/[_.~/=-]+/).every(isWord) ? run : '‹…›'));
}

const isWord = (part: string): boolean => part.length <= 3 || /^(?:[A-Za-z]{4,24}|\d+)$/.test(part);
