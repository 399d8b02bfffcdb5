// The sample's own bytes, and those the bridge may write for the same: `check` holds the file to one of them.

import { DecimalNumber } from '../codecs/decimal-number.js';
import { encodeForm } from '../codecs/form-encoding.js';
import { writeJson } from '../codecs/json.js';
import type { Recogniser } from './recognise.js';
import { bodyOf, flatFields } from './sample-body.js';
import type { SampleSign } from './sample-sign.js';
import type { SentSample } from './sent-sample.js';

/** The query as the sample writes it, and as the bridge writes the same. */
export function pathsOf(url: URL, sign: SampleSign | undefined): string[] {
  const values = [...url.searchParams].map(([name, value]): [string, string] => [
    name,
    sign?.at === 'query' && name === sign.name ? (sign.shown ?? value) : value,
  ]);
  if (values.length === 0) return [url.pathname];
  const written = `${url.pathname}?${encodeForm(values, 'uri')}`;
  const isSame = sign?.at !== 'query' || sign.shown === sign.value;
  return [...new Set([...(isSame ? [url.pathname + url.search] : []), written])];
}

/** The body as the sample writes it, and as the bridge may write the same. */
export function bodiesOf(sample: SentSample, sign: SampleSign | undefined, seen: Recogniser): string[] {
  const { format, value } = bodyOf(sample.body);
  if (value === undefined) return [];
  const signed =
    sign?.at === 'body' && sign.shown !== undefined && sign.shown !== sign.value
      ? { ...Object.fromEntries(flatFields(value) ?? []), [sign.name]: sign.shown }
      : undefined;
  const first = signed === undefined ? [sample.body] : [];
  if (format === 'json')
    return [...new Set([...first, writeJson(signed ?? value), writeJson(shortest('', signed ?? value, seen))])];
  return format === 'form' ? [...new Set([...first, encodeForm(signed ?? value, 'form')])] : first;
}

/** Amounts as the bridge writes a number: 12.30 is 12.3. */
function shortest(name: string, value: unknown, seen: Recogniser): unknown {
  if (value instanceof DecimalNumber)
    return seen.valueOf(name, value).expression?.endsWith('.number()') ? DecimalNumber.of(value.value) : value;
  if (Array.isArray(value)) return value.map((item: unknown) => shortest(name, item, seen));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]: [string, unknown]) => [key, shortest(key, one, seen)]),
  );
}
