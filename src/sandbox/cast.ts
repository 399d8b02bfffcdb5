// Players and ids of a rehearsal, in whichever shape the file's patterns take.

import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { Agent } from '../protocol/agent.js';

const roles = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank'] as const;
export type Cast = Readonly<Record<(typeof roles)[number], string>>;

const digits = (count: number): string => Array.from({ length: count }, () => randomInt(1, 10)).join('');
const hex = (bytes: number): string => randomBytes(bytes).toString('hex');
const idShapes: readonly (() => string)[] = [
  () => hex(16),
  () => digits(18),
  () => randomUUID(),
  () => digits(12),
  () => digits(10),
  () => hex(12),
  () => hex(8),
  () => hex(16).toUpperCase(),
  () => hex(32),
];

/** An id that fits its pattern in `platform.formats`; undefined where none of those made up does. */
export function idMaker({ formats }: Agent, field: 'transactionID' | 'roundID'): (() => string) | undefined {
  const fits = formats[field] ?? (() => true);
  return idShapes.find((shape) => fits(shape()));
}

const nameShapes: readonly ((role: string, at: number) => string)[] = [
  (role) => role,
  (role, at) => `${role}${at}`,
  (_role, at) => String(1001 + at),
  (_role, at) => String(100_001 + at),
  (_role, at) => String(10_000_001 + at),
  (_role, at) => String(100_000_000_001 + at),
  (_role, at) => `player_${12_345 + at}`,
  (_role, at) => `player${12_345 + at}`,
  (role) => role.toUpperCase(),
  (role, at) => `${role.toUpperCase()}${1001 + at}`,
  (_role, at) => hex(15) + String(10 + at),
  () => randomUUID(),
];

/**
 * The players by their roles, and one the wallet does not have. `named`: one who plays all roles. Undefined
 * where none made up fits.
 */
export function castOf(
  { formats }: Agent,
  named: string | undefined,
): { readonly players: Cast; readonly stranger: string | undefined } | undefined {
  const fits = formats['userID'] ?? (() => true);
  const everybody = [...roles, 'nobody'];
  const shape = nameShapes.find((shape) => everybody.every((role, at) => fits(shape(role, at))));
  const made = shape && everybody.map(shape);
  const stranger = made?.at(-1);
  if (named === undefined && made === undefined) return undefined;
  const play = (at: number): string => named ?? made?.[at] ?? '';
  const players = { alice: play(0), bob: play(1), carol: play(2), dave: play(3), erin: play(4), frank: play(5) };
  return { players, stranger };
}
