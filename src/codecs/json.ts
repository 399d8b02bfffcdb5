// JSON of both wires, exact. Reading is strict, because a body that can be read in two ways proves nothing:
// doubled keys, trailing text and deep nesting are refused, never mended. No number passes through a binary
// float: each wire says what it makes of the text of one.

import { DecimalNumber } from './decimal-number.js';
import { emptyMap, entriesOf, Malformed } from './codec.js';

export class NotJson extends Malformed {
  override readonly name = 'NotJson';
}

/** What one wire takes for JSON. */
export interface JsonWire {
  /** How many maps and lists may stand inside the outermost one, each within the one before. */
  readonly deepest: number;
  /** The value of a number, from the text it was written in. */
  readonly numberOf: (written: string) => unknown;
}

/** Of a wallet: whole numbers are bigint, others keep their text. */
const walletJson: JsonWire = { deepest: 64, numberOf: exactNumber };

/** Reads one JSON value. Maps have no prototype, so no key reaches anything but its value. Throws NotJson. */
export function parseJson(text: string, wire = walletJson): unknown {
  const reader = new Reader(text, wire);
  const value = reader.value(0);
  reader.end();
  return value;
}

class Reader {
  private at = 0;
  constructor(
    private readonly text: string,
    private readonly wire: JsonWire,
  ) {}

  value(depth: number): unknown {
    this.space();
    switch (this.text.charCodeAt(this.at)) {
      case 0x7b: // {
        return this.map(depth);
      case 0x5b: // [
        return this.list(depth);
      case 0x22: // "
        return this.string();
      case 0x74: // t
        return this.word('true', true);
      case 0x66: // f
        return this.word('false', false);
      case 0x6e: // n
        return this.word('null', null);
      default:
        return this.number();
    }
  }

  end(): void {
    this.space();
    if (this.at !== this.text.length) throw this.unexpected();
  }

  private map(depth: number): Record<string, unknown> {
    const map = emptyMap();
    this.open(depth);
    this.space();
    if (this.takes(0x7d)) return map;
    do {
      this.space();
      if (this.text.charCodeAt(this.at) !== 0x22) throw this.unexpected();
      const key = this.string();
      if (Object.hasOwn(map, key)) throw new NotJson('a key stands twice');
      this.space();
      if (!this.takes(0x3a)) throw this.unexpected();
      map[key] = this.value(depth + 1);
      this.space();
    } while (this.takes(0x2c));
    if (!this.takes(0x7d)) throw this.unexpected();
    return map;
  }

  private list(depth: number): unknown[] {
    const items: unknown[] = [];
    this.open(depth);
    this.space();
    if (this.takes(0x5d)) return items;
    do {
      items.push(this.value(depth + 1));
      this.space();
    } while (this.takes(0x2c));
    if (!this.takes(0x5d)) throw this.unexpected();
    return items;
  }

  private open(depth: number): void {
    if (depth > this.wire.deepest) throw new NotJson('nested too deep');
    this.at++;
  }

  private string(): string {
    const start = ++this.at;
    for (; ; this.at++) {
      const code = this.text.charCodeAt(this.at);
      if (code === 0x22) return this.text.slice(start, this.at++);
      // Escapes, control characters and the end are rare: the engine knows their rules.
      if (!(code >= 0x20) || code === 0x5c) return this.escaped(start);
    }
  }

  private escaped(start: number): string {
    const rest = /[^"\\]*(?:\\.[^"\\]*)*"/y;
    rest.lastIndex = start;
    const found = rest.exec(this.text);
    if (found === null) throw this.unexpected();
    this.at = rest.lastIndex;
    try {
      return String(JSON.parse(`"${found[0]}`));
    } catch {
      throw new NotJson('a string with characters JSON does not allow');
    }
  }

  private number(): unknown {
    const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
    number.lastIndex = this.at;
    const [written] = number.exec(this.text) ?? [];
    if (written === undefined) throw this.unexpected();
    this.at = number.lastIndex;
    return this.wire.numberOf(written);
  }

  private word<Value>(word: string, value: Value): Value {
    if (!this.text.startsWith(word, this.at)) throw this.unexpected();
    this.at += word.length;
    return value;
  }

  private space(): void {
    for (; ; this.at++) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
    }
  }

  private takes(code: number): boolean {
    if (this.text.charCodeAt(this.at) !== code) return false;
    this.at++;
    return true;
  }

  private unexpected(): NotJson {
    return new NotJson(this.at >= this.text.length ? 'it ends too early' : `not JSON at character ${this.at}`);
  }
}

/** Longer than any amount, and short enough that a hostile number costs nothing. */
const longestWhole = 100;

function exactNumber(written: string): bigint | DecimalNumber {
  const isWhole = /^[-\d]+$/.test(written);
  if (isWhole && written.length <= longestWhole) return BigInt(written);
  const value = isWhole ? undefined : DecimalNumber.parse(written);
  if (value === undefined) throw new NotJson('a number of too many digits');
  return value;
}

const noForm = 'a value JSON has no form for';

/**
 * The JSON text of a mapping's value, exact, without white space. Throws NotJson where JSON has no form for
 * it.
 */
export function writeJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'number':
      if (Number.isFinite(value)) return String(value);
      break;
    case 'object':
      if (value === null) return 'null';
      if (value instanceof DecimalNumber) return value.text;
      if (Array.isArray(value)) return `[${value.map(writeJson).join(',')}]`;
      return writeMap(entriesOf(value));
    case 'undefined':
    case 'symbol':
    case 'function':
      break;
  }
  throw new NotJson(noForm);
}

function writeMap(entries: readonly [string, unknown][] | undefined): string {
  if (entries === undefined) throw new NotJson(noForm);
  let text = '';
  for (const [key, value] of entries) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${writeJson(value)}`;
  return `{${text}}`;
}
