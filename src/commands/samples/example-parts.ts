// What an example of an operator file says, in parts: the callback it is about, the secrets it is about, and
// the exact request it wants made, where it has one.

import { textOf } from '../../codecs/plain-text.js';
import type { OperatorFile } from '../../operators/schema/operator-file.js';
import type { Golden } from '../../operators/schema/examples.js';

export type Example = OperatorFile['examples'][number];

const goldenKeys: ReadonlySet<string> = new Set(['method', 'path', 'headers', 'body']);

/** The exact request that must come of the callback. */
export function goldenOf({ request }: Example): Golden | undefined {
  return request !== undefined && isGolden(request) ? request : undefined;
}

function isGolden(request: NonNullable<Example['request']>): request is Golden {
  return Object.keys(request).some((key) => goldenKeys.has(key));
}

/**
 * The fields of the callback, and what else is known. Files may say them as `request`, too. What the wallet
 * has answered before is a repeat.
 */
export function fieldsOf(example: Example): Record<string, string> {
  const { secrets: _secrets, ...given } = example.given;
  const fields: Record<string, unknown> = {
    ...(example.repeatOf && { repeat: true }),
    ...(goldenOf(example) === undefined ? example.request : {}),
    ...given,
  };
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, textOf(value) ?? '']));
}

/** The example's own secrets. They are never used for anything but this example. */
export function secretsOf({ given: { secrets } }: Example): Record<string, string> {
  const named = typeof secrets === 'object' && secrets !== null ? Object.entries(secrets) : [];
  return Object.fromEntries(named.map(([name, value]) => [name, textOf(value) ?? '']));
}
