// What a sign that does not verify was probably made of. The platform is told nothing of it and nothing is
// accepted for it: it is for whoever sets the two sides up. What leaves are names, sentences, names of fields and
// of agents: never a key, a sign, or what would be one.

import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';
import { ofTheKey } from './sign-clinic/keys.js';
import { spellings, unreadable } from './sign-clinic/spellings.js';
import { joined, signedFields, type Candidate, type Patient, type SuspicionRow } from './sign-clinic/suspicion.js';
import { ofTheText } from './sign-clinic/texts.js';

export interface Suspicion {
  readonly name: string;
  readonly says: string;
}

const rows: readonly SuspicionRow[] = [...ofTheText, ...ofTheKey];

/** The names of all there are. */
export const suspicionNames: readonly string[] = [
  ...spellings.flatMap(({ wrong }) => (wrong === undefined ? [] : [wrong.name])),
  unreadable.name,
  ...rows.map(({ name }) => name),
];

export const nothingFound =
  'none of the usual mistakes would give this sign: most likely the key is another one; "wallet-bridge sign" shows what is signed';

/**
 * The mistakes that `sign` may have been made with, each of which alone explains it, but for its spelling. Nothing,
 * where none does; undefined, where the sign is right or the callback lacks what is signed.
 */
export function diagnose(sign: string, about: Omit<Patient, 'fields'>): Suspicion[] | undefined {
  const fields = signedFields(about.agent.dialect.operations[about.operation], about.members);
  if (typeof fields === 'string') return undefined;
  const patient: Patient = { ...about, fields };
  const spelling = spellings.find(({ read }) => read(sign) !== undefined);
  const given = spelling?.read(sign);
  if (spelling === undefined || given === undefined) return [unreadable];
  const { wrong } = spelling;
  const right = joined(fields);
  if (gives(given, {}, patient, right)) return wrong && [wrong];
  const found = rows.flatMap(({ name, says, candidates }) => {
    for (const candidate of candidates(patient))
      if (gives(given, candidate, patient, right)) return [{ name, says: says(candidate.which ?? '') }];
    return [];
  });
  return found.length > 0 && wrong !== undefined ? [wrong, ...found] : found;
}

function gives(given: Buffer, candidate: Candidate, { agent }: Patient, right: string): boolean {
  const { text = right, keys = agent.keys, digest = hmac } = candidate;
  return keys.some((key) => {
    const made = digest(text, key);
    return made.length === given.length && timingSafeEqual(made, given);
  });
}

const hmac = (text: string | Buffer, key: KeyObject | Buffer): Buffer =>
  createHmac('sha256', key).update(text).digest();
