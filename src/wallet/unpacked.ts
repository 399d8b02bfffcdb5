// A reply's body as it was before the wallet, or a proxy before it, packed it. Nobody is asked to, but some do it
// for everybody; and some write into Content-Encoding what is none, such as a charset. Both are read as other
// clients read them.

import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, type ZlibOptions } from 'node:zlib';
import type { FailureReason } from './classify-failure.js';

type Unpack = (bytes: Uint8Array, options: ZlibOptions) => Uint8Array;

const gunzip: Unpack = (bytes, options) => (isGzip(bytes) ? gunzipSync(bytes, options) : bytes);
const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;
// Half the world takes the name for the bare format, without the head it should have.
const inflate: Unpack = (bytes, options) =>
  ((bytes[0] ?? 0) & 0x0f) === 8 ? inflateSync(bytes, options) : inflateRawSync(bytes, options);

const unreadable = (): never => {
  throw new Error('a packing that is not known here');
};
const packings: Readonly<Record<string, Unpack>> = {
  gzip: gunzip,
  'x-gzip': gunzip,
  deflate: inflate,
  br: brotliDecompressSync,
  zstd: unreadable,
  compress: unreadable,
  'x-compress': unreadable,
};

/** The bytes, at most so many, or why they cannot be had. `written`: the value of Content-Encoding. */
export function unpacked(
  bytes: Uint8Array,
  written: string,
  most: number,
): Uint8Array | Extract<FailureReason, 'unreadable reply' | 'reply too large'> {
  if (written === '') return bytes;
  // The last one named was the last to be put on. A name that is no packing packs nothing.
  const names = written
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .reverse();
  try {
    return names.reduce(
      (body, name) => (body.length === 0 ? body : (packings[name]?.(body, { maxOutputLength: most }) ?? body)),
      bytes,
    );
  } catch (error) {
    const isTooLarge =
      typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    return isTooLarge ? 'reply too large' : 'unreadable reply';
  }
}
