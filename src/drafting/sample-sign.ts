// The sign of a vendor's sample: where it stands, and what makes it. Names are asked first; with the sample's
// key at hand a value of the shape of a sign may be one, too, and proves it.

import { textOf } from '../codecs/plain-text.js';
import { findSign, type Found, type Signed } from './find-sign.js';
import { bodyOf, flatFields } from './sample-body.js';
import type { SentSample } from './sent-sample.js';
import { saysSecret } from './secret-values.js';
import { looksLikeSign, plainName } from './value-names.js';

export interface SampleSign extends Partial<Found> {
  readonly name: string;
  readonly value: string;
  readonly at: 'header' | 'query' | 'body';
}

/** Headers a client sends for itself; `cookie` is the player's browser's. */
export const ownHeaders =
  /^(host|content-length|content-type|accept|accept-encoding|user-agent|connection|cookie|authorization)$/i;

/** `shown`: the same sample with stand-ins for its secrets. Undefined where nothing in it is a sign. */
export function signIn(sample: SentSample, shown: SentSample, key: string | undefined): SampleSign | undefined {
  const values = valuesOf(sample);
  const named = values.filter(({ name }) => looksLikeSign(plainName(name)) && !saysSecret(name));
  if (key === undefined) return named[0];
  for (const sign of [...named, ...values.filter(({ value }) => isDigest(value))]) {
    const found = findSign(sign.value, key, 'secrets.signKey', signedOf(sample, sign), signedOf(shown, sign));
    if (found !== undefined) return { ...sign, ...found };
  }
  return named[0];
}

/** A digest of 16, 20, 32 or 64 bytes, in hex or Base64. */
const isDigest = (text: string): boolean =>
  /^(?:[\da-f]{32}|[\da-f]{40}|[\da-f]{64}|[\da-f]{128})$/i.test(text) ||
  (/^[\w+/-]+={0,2}$/.test(text) && [16, 20, 32, 64].includes(Buffer.from(text, 'base64').length) && text.length > 20);

function valuesOf({ headers, url, body }: SentSample): SampleSign[] {
  return [
    ...headers
      .filter(([name]) => !ownHeaders.test(name))
      .map(([name, value]): SampleSign => ({ name, value, at: 'header' })),
    ...[...url.searchParams].map(([name, value]): SampleSign => ({ name, value, at: 'query' })),
    ...(flatFields(bodyOf(body).value) ?? []).map(([name, value]): SampleSign => ({
      name,
      value: textOf(value) ?? '',
      at: 'body',
    })),
  ];
}

/** What may be signed, seen from where the sign stands. */
function signedOf({ url, body, method, headers }: SentSample, { name: own, at }: SampleSign): Signed {
  const { value } = bodyOf(body);
  const texts = at !== 'body' && value === undefined ? [...url.searchParams] : (flatFields(value) ?? []);
  return {
    body,
    path: url.pathname,
    method,
    fields: texts.filter(([name]) => name !== own).map(([name, one]) => [name, textOf(one) ?? ''] as const),
    map: at === 'body' ? 'vars.fields' : value === undefined ? 'sent.query' : 'sent.body',
    readsBody: at !== 'body',
    beside:
      at === 'query'
        ? []
        : headers
            .filter(([name]) => !ownHeaders.test(name) && name !== own)
            .map(([name, text]) => ({ text, expression: `sent.headers[${JSON.stringify(name)}]` })),
  };
}
