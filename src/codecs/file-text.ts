// The text of a file a person wrote: an operator file, a secret, an address with a password. Bytes that are no
// UTF-8 are refused, because what would stand for them is part of a key, or of a constant, and nobody sees it.

import { readFileSync } from 'node:fs';
import { charsetOf } from './charset.js';
import { Malformed } from './codec.js';

/** The file is there, and is not text; the message says what it is, and nothing of what is in it. */
export class NotText extends Error {
  override readonly name = 'NotText';
}

/** Without a byte order mark. Throws NotText, and what the file system says. */
export function fileText(path: string): string {
  return textOfBytes(readFileSync(path));
}

function textOfBytes(bytes: Uint8Array): string {
  if (/^(?:fffe|feff)/.test(Buffer.from(bytes.subarray(0, 2)).toString('hex')) || bytes.includes(0))
    throw new NotText('it is UTF-16 or binary, not UTF-8 text');
  try {
    return charsetOf('utf-8').decode(bytes);
  } catch (error) {
    if (error instanceof Malformed) throw new NotText('it is not UTF-8 text');
    throw error;
  }
}
