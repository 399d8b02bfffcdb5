// Text as the bytes of a wallet's charset. `wallet.charset` alone decides: what a reply says of its own
// charset is not looked at, because servers that still speak a legacy charset are those that name the wrong
// one. Nothing is ever replaced by a "?".

import { TextDecoder } from 'node:util';
import { Malformed, Unfit, type Charset } from './codec.js';

export const charsetNames = [
  'utf-8',
  'iso-8859-1',
  'iso-8859-2',
  'iso-8859-5',
  'iso-8859-7',
  'iso-8859-9',
  'iso-8859-15',
  'windows-1250',
  'windows-1251',
  'windows-1252',
  'windows-1253',
  'windows-1254',
  'windows-1257',
  'koi8-r',
] as const;
export type CharsetName = (typeof charsetNames)[number];

const known = new Map<CharsetName, Charset>();

/** The charset of this name, made once. */
export function charsetOf(name: CharsetName): Charset {
  const charset = known.get(name) ?? make(name);
  known.set(name, charset);
  return charset;
}

type Decode = (bytes: Uint8Array) => string;

function make(name: CharsetName): Charset {
  const decode = decoderOf(name);
  return {
    name,
    encode: name === 'utf-8' ? encodeUtf8 : encoderOf(name, decode),
    decode(bytes) {
      try {
        return decode(bytes);
      } catch {
        throw new Malformed(`not ${name.toUpperCase()}`);
      }
    },
  };
}

function decoderOf(name: CharsetName): Decode {
  // Some releases of Node take this one, and ISO 8859-1 which decoders read as the same, for bare Latin-1.
  if (name === 'windows-1252' || name === 'iso-8859-1') return decodeWindows1252;
  const decoder = new TextDecoder(name, { fatal: true });
  return (bytes) => decoder.decode(bytes);
}

const from80To9F = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

const decodeWindows1252: Decode = (bytes) =>
  Buffer.from(bytes)
    .toString('latin1')
    .replace(/[\x80-\x9f]/g, (character) => from80To9F.charAt(character.charCodeAt(0) - 0x80));

function encodeUtf8(text: string): Uint8Array {
  if (/\p{Surrogate}/u.test(text)) throw new Unfit('a value is not Unicode');
  return Buffer.from(text, 'utf8');
}

/** The decoder turned round: all these charsets have one byte per character. */
function encoderOf(name: CharsetName, decode: Decode): (text: string) => Uint8Array {
  const bytes = new Map<string, number>();
  for (let byte = 0; byte < 0x100; byte++) {
    // Decoders take the Windows characters of 80-9F for all their ISO namesakes; a wallet that is strict
    // about ISO has none there.
    if (name.startsWith('iso') && byte >= 0x80 && byte < 0xa0) continue;
    const character = characterOf(byte, decode);
    if (character !== undefined) bytes.set(character, byte);
  }
  return (text) =>
    Uint8Array.from(text, (character: string) => {
      const byte = bytes.get(character);
      if (byte === undefined) throw new Unfit(`a value has a character that ${name.toUpperCase()} does not`);
      return byte;
    });
}

function characterOf(byte: number, decode: Decode): string | undefined {
  try {
    const character = decode(Uint8Array.of(byte));
    return /[\x80-\x9f]/.test(character) ? undefined : character;
  } catch {
    return undefined;
  }
}
