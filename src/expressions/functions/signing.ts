// Hashes, signs and encodings of expressions. Keys come in as values of secrets and leave in nothing but a sign: never in a
// message.

import { createHash, createHmac, createPrivateKey, sign, type KeyObject } from 'node:crypto';
import { type Language } from '../language.js';
import { EvaluationFailure } from '../../codecs/evaluation-failure.js';

type Octets = string | Uint8Array;

export const hashes: readonly string[] = ['md5', 'sha1', 'sha256', 'sha512'];
const privateKeys = new Map<string, KeyObject | undefined>();

export function defineSigning(language: Language): void {
  for (const type of ['string', 'bytes']) {
    language.define(`hex(${type}): string`, (value: Octets) => octets(value).toString('hex'));
    language.define(`base64(${type}): string`, (value: Octets) => octets(value).toString('base64'));
    language.define(`base64url(${type}): string`, (value: Octets) => octets(value).toString('base64url'));
    for (const hash of hashes)
      language.define(`${hash}(${type}): bytes`, (value: Octets) => createHash(hash).update(value).digest());
    for (const key of ['string', 'bytes'])
      language.define(`hmac(string, ${key}, ${type}): bytes`, (hash: string, secret: Octets, value: Octets) =>
        createHmac(hash, secret).update(value).digest(),
      );
    language.define(`rsaSha256(string, ${type}): bytes`, (key: string, value: Octets) => rsaSha256(key, octets(value)));
  }
  language.define('uuid5(string, string): string', uuid5);
  // A hash as a number, for wallets whose ids are digits only.
  language.define('digits(bytes): string', (value: Uint8Array) =>
    BigInt(`0x0${octets(value).toString('hex')}`).toString(),
  );
}

export function isUuid(text: string): boolean {
  return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text);
}

/** Parsed once and kept: only secrets of operator files come here, so the cache is bounded. Undefined where it is no RSA private key in PEM form. */
export function rsaPrivateKey(pem: string): KeyObject | undefined {
  if (!privateKeys.has(pem)) privateKeys.set(pem, parsedKey(pem));
  return privateKeys.get(pem);
}

function parsedKey(pem: string): KeyObject | undefined {
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyType === 'rsa' ? key : undefined;
  } catch {
    return undefined;
  }
}

function rsaSha256(pem: string, value: Buffer): Buffer {
  const key = rsaPrivateKey(pem);
  if (key === undefined) throw new EvaluationFailure('the key of rsaSha256 is no RSA private key in PEM form');
  return sign('sha256', value, key);
}

function uuid5(namespace: string, name: string): string {
  if (!isUuid(namespace)) throw new EvaluationFailure('the namespace of uuid5 is not a UUID');
  const hash = createHash('sha1').update(namespace.replaceAll('-', ''), 'hex').update(name).digest().subarray(0, 16);
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  return hash.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function octets(value: Octets): Buffer {
  return typeof value === 'string' ? Buffer.from(value) : Buffer.from(value.buffer, value.byteOffset, value.length);
}
