// Hashes, signs and encodings of expressions. Keys come in as values of secrets and leave in nothing but a
// sign: never in a message.

import { createHash, createHmac, createPrivateKey, sign, type KeyObject } from 'node:crypto';
import type { Environment } from '@marcbachmann/cel-js';
import { EvaluationFailure } from '../../codecs/evaluation-failure.js';
import { isTrial } from '../language.js';
import { literalText, secretName } from '../tree.js';
import type { ArgumentCheck, FunctionRow, FunctionRows } from './function-row.js';

type Octets = string | Uint8Array;

const hashes: readonly string[] = ['md5', 'sha1', 'sha256', 'sha512'];
const privateKeys = new Map<string, KeyObject | undefined>();

/**
 * Parsed once and kept: only secrets of operator files come here, so the cache is bounded. Undefined where it
 * is no RSA private key in PEM form.
 */
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
  if (isTrial()) return Buffer.alloc((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8);
  return sign('sha256', value, key);
}

const isUuid = (text: string): boolean => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text);

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

/** Signs are made over texts and bytes in a row: a time stamp, a dot, the body. */
export function registerOctets(environment: Environment): void {
  const joined = (first: Octets, second: Octets): Uint8Array => Buffer.concat([octets(first), octets(second)]);
  environment.registerOperator('string + bytes: bytes', joined).registerOperator('bytes + string: bytes', joined);
}

const isHash: ArgumentCheck = (argument) =>
  hashes.includes(literalText(argument) ?? '')
    ? undefined
    : `the first argument of hmac is one of ${hashes.map((hash) => `"${hash}"`).join(', ')}`;

const isNamespace: ArgumentCheck = (argument) => {
  const text = literalText(argument);
  return text === undefined || isUuid(text) ? undefined : 'the first argument of uuid5 is the UUID of a namespace';
};

const isSecret: ArgumentCheck = (argument) =>
  secretName(argument) === undefined
    ? 'the first argument of rsaSha256 is the name of a secret: write secrets.…'
    : undefined;

/** One hash; `hex`: what it is of "abc". */
const hashed = (name: string, hex: string): FunctionRow => ({
  forms: { [`${name}(string | bytes): bytes`]: (value: Octets) => createHash(name).update(value).digest() },
  sentence: `The ${name.toUpperCase()} hash, as bytes: write hex(…) or base64(…) around it.`,
  example: { expression: `hex(${name}("abc"))`, result: `"${hex}"` },
});

export const signing: FunctionRows = {
  hex: {
    forms: {
      'hex(string | bytes): string': (value: Octets) => octets(value).toString('hex'),
      'bytes.hex(): string': 'brought',
    },
    sentence: 'The bytes in small hex, for capitals with upper(…) around it. A text is its bytes in UTF-8.',
    example: { expression: 'upper(hex("aÿ"))', result: '"61C3BF"' },
  },
  base64: {
    forms: {
      'base64(string | bytes): string': (value: Octets) => octets(value).toString('base64'),
      'bytes.base64(): string': 'brought',
    },
    sentence: 'The bytes in Base64, filled up with =. A text is its bytes in UTF-8.',
    example: { expression: 'base64("Aladdin:open sesame")', result: '"QWxhZGRpbjpvcGVuIHNlc2FtZQ=="' },
  },
  base64url: {
    forms: { 'base64url(string | bytes): string': (value: Octets) => octets(value).toString('base64url') },
    sentence: 'The bytes in the Base64 of URLs, with - and _ and without =.',
    example: { expression: 'base64url("aÿ?>")', result: '"YcO_Pz4"' },
  },
  md5: hashed('md5', '900150983cd24fb0d6963f7d28e17f72'),
  sha1: hashed('sha1', 'a9993e364706816aba3e25717850c26c9cd0d89d'),
  sha256: hashed('sha256', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'),
  sha512: hashed(
    'sha512',
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a' +
      '2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
  ),
  hmac: {
    forms: {
      'hmac(string, string | bytes, string | bytes): bytes': (hash: string, secret: Octets, value: Octets) =>
        createHmac(hash, secret).update(value).digest(),
    },
    literals: [isHash],
    sentence: 'The HMAC of the third argument by the key in the second: md5, sha1, sha256 or sha512. It makes bytes.',
    example: {
      expression: 'hex(hmac("sha1", "Jefe", "what do ya want for nothing?"))',
      result: '"effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"',
    },
  },
  rsaSha256: {
    forms: {
      'rsaSha256(string, string | bytes): bytes': (key: string, value: Octets) => rsaSha256(key, octets(value)),
    },
    literals: [isSecret],
    sentence: 'The RSA signature (PKCS #1 v1.5) over the SHA-256, by a private key in PEM form. It makes bytes.',
    example: { expression: 'size(rsaSha256(secrets.pem, sent.raw))', result: '256' },
  },
  uuid5: {
    forms: { 'uuid5(string, string): string': uuid5 },
    literals: [isNamespace],
    sentence: 'The UUID that follows from a namespace and a name, always the same one of the same two.',
    example: {
      expression: 'uuid5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.example.com")',
      result: '"2ed6657d-e927-568b-95e1-2665a8aea6a2"',
    },
  },
};
