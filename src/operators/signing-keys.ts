// The private keys a file signs with by RSA. A key that cannot be used must be found when the file is loaded:
// with it no request can be made at all.

import { generateKeyPairSync } from 'node:crypto';
import { secretsSigningIn } from '../expressions/names.js';
import { rsaPrivateKey } from '../expressions/functions/signing.js';
import type { Report } from '../yaml/diagnostics.js';
import { isStandIn } from './secrets.js';
import type { Turns } from './turns.js';
import { textsOf, type Tree } from '../yaml/tree.js';

/**
 * The same secrets, with a made-up key for each stand-in that signs. Reports secrets that sign and are no RSA
 * private key.
 */
export function* withSigningKeys(
  tree: Tree,
  secrets: ReadonlyMap<string, string>,
  report: Report,
): Turns<ReadonlyMap<string, string>> {
  const all = new Map(secrets);
  const names = new Set<string>();
  for (const text of textsOf(tree)) {
    yield;
    for (const name of secretsSigningIn(text)) names.add(name);
  }
  for (const name of names) {
    const pem = all.get(name);
    if (pem === undefined || rsaPrivateKey(pem) !== undefined) continue;
    if (isStandIn(name, pem)) all.set(name, madeUpKey());
    else
      report(
        ['secrets', name],
        'rsaSha256 signs with this secret, and it is no RSA private key; expected its PEM text',
      );
  }
  return all;
}

function madeUpKey(): string {
  return generateKeyPairSync('rsa', {
    modulusLength: 1024,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey;
}
