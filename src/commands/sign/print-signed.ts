// What `sign` found out, as lines for people or as one for programs. No key, and no sign that was given.

import type { Operation } from '../../domain/callback.js';
import { nothingFound, type Suspicion } from '../../protocol/sign-clinic.js';
import type { SignedField } from '../../protocol/sign-clinic/suspicion.js';
import type { Format } from '../options.js';
import type { Printed } from '../print.js';

export interface Signed {
  readonly operator: string;
  readonly agentID: string;
  readonly operation: Operation;
  /** Of its path the last segment. */
  readonly path: string;
  readonly fields: readonly SignedField[];
  /** One for each key, by the name of its secret. */
  readonly signs: readonly { readonly key: string; readonly sign: string }[];
  readonly given?: { readonly matches: boolean; readonly suspicions: readonly Suspicion[] };
}

export function printSigned(signed: Signed, format: Format): Printed {
  const exitCode = signed.given?.matches === false ? 1 : 0;
  if (format === 'json') return { lines: [JSON.stringify(asJson(signed))], exitCode };
  const { path, fields, signs, given } = signed;
  const lines = [
    `${path} signs   ${fields.map(({ value }) => value).join('│')}`,
    '  A │ shows where a field ends; nothing stands there.',
    '',
    ...fields.map(
      ({ name, value, sent }) => `  ${name.padEnd(18)}${value}${sent === value ? '' : `   (sent as ${sent})`}`,
    ),
    '',
    ...signs.map(({ key, sign }) => `sign with ${key}   ${sign}`),
    ...(given === undefined ? [] : ['', ...verdictLines(given)]),
  ];
  return { lines, exitCode };
}

function verdictLines({ matches, suspicions }: NonNullable<Signed['given']>): string[] {
  if (matches) return ['The given sign matches.'];
  if (suspicions.length === 0) return [`The given sign does not match: ${nothingFound}`];
  return ['The given sign does not match:', ...suspicions.map(({ name, says }) => `  ${name.padEnd(16)}${says}`)];
}

function asJson({ operator, agentID, operation, path, fields, signs, given }: Signed) {
  const named = fields.map(({ name, value, sent }) => ({ name, value, sent }));
  return { operator, agentID, operation, path, fields: named, signs, ...(given && { given }) };
}
