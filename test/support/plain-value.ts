// What codecs read, made comparable: maps there have no prototype, which no literal of a test has.

import { writeJson } from '../../src/codecs/json.js';

/** The value as JSON text, keys in their order. */
export const asPlain = (value: unknown): string => writeJson(value);

export function map(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('no map');
  return { ...value };
}

export function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error('no list');
  return value;
}

export function text(value: unknown): string {
  if (typeof value !== 'string') throw new Error('no text');
  return value;
}
