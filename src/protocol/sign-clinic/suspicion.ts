// What the clinic looks at, and what a suspicion is: a row that says how a sign comes about that is made with one
// mistake. Whoever knows of another mistake adds a row.

import type { KeyObject } from 'node:crypto';
import type { Operation } from '../../domain/callback.js';
import type { Agent } from '../agent.js';
import { readAmount } from '../amount.js';
import type { CallbackShape, Role } from '../dialects/dialect.js';
import type { JsonMembers } from '../read-json.js';
import { readText } from '../read-text.js';

/** A value that is signed: as it must be, and as it was sent. */
export interface SignedField {
  readonly role: Role;
  readonly name: string;
  readonly value: string;
  readonly sent: string;
}

/** A callback whose sign does not verify. */
export interface Patient {
  readonly operation: Operation;
  readonly members: JsonMembers;
  /** Whose it says it is. */
  readonly agent: Agent;
  /** What is signed of it, in order. */
  readonly fields: readonly SignedField[];
  /** All agents there are. */
  readonly agents: Iterable<Agent>;
}

type Bytes = string | Buffer;

/** What might have been signed, and how, with the mistake of its row. Absent: as it should be. */
export interface Candidate {
  readonly text?: Bytes;
  /** Instead of the agent's keys. */
  readonly keys?: readonly (KeyObject | Buffer)[];
  /** Instead of HMAC-SHA256. */
  readonly digest?: (text: Bytes, key: KeyObject | Buffer) => Buffer;
  /** What tells it from others of its row. Never anything of a key. */
  readonly which?: string;
}

export interface SuspicionRow {
  readonly name: string;
  /** What was done, and what is to be done about it. */
  readonly says: (which: string) => string;
  readonly candidates: (patient: Patient) => Iterable<Candidate>;
}

export const isAmount = (role: Role): boolean => role === 'bet' || role === 'win';

/** The signed values of a body, in order; else the name of the first that is missing or unreadable. */
export function signedFields({ signed }: CallbackShape, members: JsonMembers): SignedField[] | string {
  const fields: SignedField[] = [];
  for (const { role, name } of signed) {
    const sent = readText(members[name]);
    const value = isAmount(role) ? readAmount(members[name])?.toString() : sent;
    if (sent === undefined || value === undefined) return name;
    fields.push({ role, name, value, sent });
  }
  return fields;
}

export const joined = (fields: readonly Pick<SignedField, 'value'>[]): string =>
  fields.map(({ value }) => value).join('');
