// What every format of a wallet's bodies offers, both ways. A codec never guesses: what can be read in two
// ways is refused, and a value that would come out as another one is not written. Its messages never hold a
// value.

/** The format cannot hold this value, or the bytes are not of this format. */
export class Malformed extends Error {
  override readonly name: string = 'Malformed';
}

/** A value of the callback cannot stand where the mapping, or an expression of it, puts it. */
export class Unfit extends EvaluationFailure {
  override readonly name = 'Unfit';
}

/** What the rules see of a body besides its text. */
export interface Content {
  readonly body: unknown;
  /** Of SOAP: the fault the wallet answered with. */
  readonly fault?: unknown;
}

/** One format as text; bytes are the charset's business. */
export interface Notation {
  /** How messages call it: "JSON". */
  readonly title: string;
  readonly accept: string;
  /** Headers of a request with such a body, for a charset by its name. */
  headers(charset: string): Readonly<Record<string, string>>;
  /** Throws Malformed, Unfit or EvaluationFailure. */
  write(value: unknown, charset: Charset): string;
  /** Reads a text that is more than white space. Throws Malformed. */
  read(text: string, charset: Charset): Content;
}

export interface Charset {
  readonly name: string;
  /** Throws Unfit for a character it does not have. */
  readonly encode: (text: string) => Uint8Array;
  /** Without a byte order mark. Throws Malformed. */
  decode(bytes: Uint8Array): string;
}

/**
 * What a map is made as: its prototype is empty and has none itself. An object without a prototype would do, but is
 * a hash table to the engine from the beginning, and ten times as slow to fill (2.4 µs for two keys of a body).
 */
class Entries {
  [name: string]: unknown;
}
Reflect.deleteProperty(Entries.prototype, 'constructor');
Object.setPrototypeOf(Entries.prototype, null);

/** A map to be filled; no key of it reaches anything but its value. */
export const emptyMap = (): Record<string, unknown> => new Entries();

const plainPrototypes: ReadonlySet<unknown> = new Set([null, Object.prototype, Entries.prototype]);

/** The entries of what a mapping, JSON or an expression calls a map; undefined for anything else. */
export function entriesOf(value: unknown): [string, unknown][] | undefined {
  if (value instanceof Map) return [...value].map(([name, item]) => [String(name), item]);
  if (typeof value !== 'object' || value === null) return undefined;
  return plainPrototypes.has(Object.getPrototypeOf(value)) ? Object.entries(value) : undefined;
}
/**
 * A body from its first sign on: scripts print blank lines and byte order marks of the files they are made of
 * before it, and no format has anything to say there.
 */
export const withoutLead = (text: string): string => text.trimStart();
import { EvaluationFailure } from './evaluation-failure.js';
