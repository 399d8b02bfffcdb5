// One piece of damage done to a wallet's reply, chosen by dice: a part deleted, retyped, renamed, nested,
// cut, or swapped with another. Damage takes meaning away, it must never make up another: a code 1000 cut to
// 1, or an id put where another one stood, is a reply the wallet could have sent, and no rule can tell it
// from the wallet's own word.

import { entriesOf } from '../../src/codecs/codec.js';
import { codecOf, type Codec } from '../../src/codecs/codec-of.js';
import type { WalletReply } from '../../src/wallet/message.js';
import { textOf } from '../../src/codecs/plain-text.js';

/** A whole number from 0 up to but not including the bound. */
export type Dice = (below: number) => number;

/** Dice that fall the same way for the same seed (mulberry32). */
export function diceOf(seed: number): Dice {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

type Part = {
  get(): unknown;
  set(value: unknown): void;
  remove(): void;
  rename(name: string): void;
  readonly name: string;
};

/** The reply with one part damaged, and what was done to it. */
export function damaged(reply: WalletReply, codec: Codec, dice: Dice): { reply: WalletReply; damage: string } {
  if (dice(10) === 0 || reply.body.length === 0) return inHeaders(reply, dice);
  return (dice(8) === 0 ? undefined : inTree(reply, codec, dice)) ?? inBytes(reply, dice);
}

function inTree(reply: WalletReply, codec: Codec, dice: Dice): { reply: WalletReply; damage: string } | undefined {
  // The envelope is part of what can be damaged, so a SOAP reply is taken as the document it is.
  const whole = codec.format === 'soap' ? codecOf('xml', 'utf-8') : codec;
  try {
    const root = { content: copyOf(whole.read(reply.body).content?.body) };
    const parts = partsOf(root).slice(1);
    const part = parts[dice(parts.length || 1)];
    const other = parts[dice(parts.length || 1)];
    if (part === undefined || other === undefined) return undefined;
    const damage = damagePart(part, other, dice);
    return { reply: { ...reply, body: whole.write(root.content) }, damage };
  } catch {
    // Not of this format before or after: then only its bytes can be damaged.
    return undefined;
  }
}

function damagePart(part: Part, other: Part, dice: Dice): string {
  const value = part.get();
  switch (dice(6)) {
    case 0:
      part.remove();
      return `${part.name} deleted`;
    case 1: {
      const retyped = retypedOf(value);
      part.set(retyped[dice(retyped.length)]);
      return `${part.name} retyped`;
    }
    case 2:
      part.rename([part.name.toUpperCase(), `${part.name}x`, part.name.slice(1)][dice(3)] ?? 'x');
      return `${part.name} renamed`;
    case 3:
      part.set({ [other.name]: value });
      return `${part.name} nested`;
    case 4:
      if (isWholeNumber(value)) return 'nothing';
      if (typeof value === 'string') part.set(value.slice(0, 1 + dice(value.length || 1)));
      else part.set(Array.isArray(value) ? value.slice(1) : (textOf(value) ?? '').slice(0, -1));
      return `${part.name} cut`;
    default:
      // Nothing but the meaning of two texts, or two numbers, would be out of place.
      if (typeof value === typeof other.get() && typeof value !== 'object') return 'nothing';
      part.set(other.get());
      other.set(value);
      return `${part.name} and ${other.name} swapped`;
  }
}

/** The same, said otherwise. */
function retypedOf(value: unknown): unknown[] {
  const others: unknown[] = [null, [], {}, [value], { value }];
  if (typeof value === 'object') return others;
  const text = textOf(value) ?? '';
  if (/^-?(0|[1-9]\d{0,17})$/.test(text)) others.push(BigInt(text));
  if (text === 'true' || text === 'false') others.push(text === 'true');
  return [...others, text];
}

function inBytes(reply: WalletReply, dice: Dice): { reply: WalletReply; damage: string } {
  const bytes = Buffer.from(reply.body);
  const [at, to] = [dice(bytes.length), dice(bytes.length)];
  const [one = 0, other = 0] = [bytes[at], bytes[to]];
  const how = dice(3);
  const nothing = { reply, damage: 'nothing' };
  if (how === 0) return { reply: { ...reply, body: bytes.subarray(0, at) }, damage: `cut at byte ${at}` };
  if (isDigit(one) || isDigit(other)) return nothing;
  if (how === 1) {
    const body = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]);
    return { reply: { ...reply, body }, damage: `byte ${at} lost` };
  }
  [bytes[at], bytes[to]] = [other, one];
  return { reply: { ...reply, body: bytes }, damage: `bytes ${at} and ${to} swapped` };
}

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;
const isWholeNumber = (value: unknown): boolean => /^-?\d+$/.test(textOf(value) ?? '');

function inHeaders(reply: WalletReply, dice: Dice): { reply: WalletReply; damage: string } {
  const lines = Object.entries(reply.headers);
  const [name, value] = lines[dice(lines.length || 1)] ?? [];
  if (name === undefined || value === undefined)
    return { reply: { ...reply, body: Buffer.from('') }, damage: 'body lost' };
  const ways: [string, string][][] = [[], [[`${name}x`, value]], [[name, value.slice(0, dice(value.length + 1))]]];
  const instead = ways[dice(ways.length)] ?? [];
  const kept = lines.filter(([other]) => other !== name);
  return { reply: { ...reply, headers: Object.fromEntries([...kept, ...instead]) }, damage: `header ${name}` };
}

/** Every value in it that stands under a name or in a list, itself first. */
function partsOf(holder: Record<string, unknown> | unknown[]): Part[] {
  const parts: Part[] = [];
  const isList = Array.isArray(holder);
  for (const name of Object.keys(holder)) {
    const at = Number(name);
    const get = (): unknown => (isList ? holder[at] : holder[name]);
    const set = (value: unknown): void => {
      if (isList) holder[at] = value;
      else holder[name] = value;
    };
    const remove = (): void => {
      if (isList) holder.splice(at, 1);
      else Reflect.deleteProperty(holder, name);
    };
    const rename = (to: string): void => {
      const value = get();
      remove();
      if (isList) holder.push(value);
      else holder[to] = value;
    };
    parts.push({ name, get, set, remove, rename });
    const inner = get();
    if (isHolder(inner)) parts.push(...partsOf(inner));
  }
  return parts;
}

function isHolder(value: unknown): value is Record<string, unknown> | unknown[] {
  return Array.isArray(value) || entriesOf(value) !== undefined;
}

/** Maps and lists anew, so that damage done to one reply is not done to the next. */
function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  const entries = entriesOf(value);
  return entries === undefined ? value : Object.fromEntries(entries.map(([name, inner]) => [name, copyOf(inner)]));
}
