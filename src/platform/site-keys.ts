// The keys of an operator's sites. A file holds their hashes only. A plain SHA-256 is enough for that because
// a key is 256 random bits and nothing else is taken for one: what people could think up, or guess, is turned
// away before it is looked at.

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Site } from './compiled-platform.js';

const shape = /^wbs_[\w-]{43}$/;

export const hashPrefix = 'sha256:';

/** A new key, and what stands in the file for it. */
export function makeSiteKey(): { readonly key: string; readonly keyHash: string } {
  const key = `wbs_${randomBytes(32).toString('base64url')}`;
  return { key, keyHash: `${hashPrefix}${hashOf(key).toString('hex')}` };
}

export const hashOf = (key: string): Buffer => createHash('sha256').update(key, 'utf8').digest();

/** What comes with `Authorization: Bearer`; empty where nothing does. */
export const bearerIn = (authorization = ''): string => /^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? '';

type Admitted<Of> =
  | { readonly kind: 'site'; readonly site: string; readonly operator: Of }
  /** The key is good, but there is no such operator. */
  | { readonly kind: 'noOperator' }
  | { readonly kind: 'stranger' };

/**
 * Who asks, and for whom. Every key of every operator is compared whatever was found, so that the time tells
 * nothing; and only who has some good key learns which operators there are.
 */
export function admit<Of extends { readonly sites: readonly Site[] }>(
  operators: ReadonlyMap<string, Of>,
  name: string,
  authorization: string | undefined,
): Admitted<Of> {
  const key = bearerIn(authorization);
  const presented = hashOf(key);
  const isKey = shape.test(key);
  let isKnown = false;
  let found: Admitted<Of> | undefined;
  for (const [operatorName, operator] of operators)
    for (const { name: site, keyHashes } of operator.sites)
      for (const keyHash of keyHashes) {
        if (!timingSafeEqual(presented, keyHash) || !isKey) continue;
        isKnown = true;
        if (operatorName === name) found = { kind: 'site', site, operator };
      }
  if (found !== undefined) return found;
  return isKnown && !operators.has(name) ? { kind: 'noOperator' } : { kind: 'stranger' };
}
