// The platform's side of the wire for tests: agents with known keys, signs and bodies made without the code
// under test.

import { createHmac, createSecretKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Agent } from '../../src/protocol/agent.js';
import { seamless } from '../../src/protocol/dialects/seamless.js';

export interface SignVector {
  readonly id: string;
  readonly dialect: string;
  readonly op: string;
  readonly secret: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly message: string;
  readonly sign: string;
}

export const signVectors = JSON.parse(
  readFileSync(join(__dirname, '../vectors/gitslotpark-sign.json'), 'utf8'),
) as readonly SignVector[];

export const secret = '1234567890';

export const keyOf = (text: string) => createSecretKey(Buffer.from(text, 'utf8'));

export function someAgent(change: Partial<Agent> = {}): Agent {
  return {
    agentID: 'Partner01',
    operator: 'northstar',
    currency: 'EUR',
    keys: [keyOf(secret)],
    keyNames: ['gsp'],
    dialect: seamless,
    formats: {},
    remembersSigns: true,
    ...change,
  };
}

export const transactionID = '474e1a293c2f4e7ab122c52d68423fcb';
export const roundID = 'ab9c15f2efdd46278e4a56b303127234';
/** A Withdraw's fields as published, unsigned. */
export const bet = { agentID: 'Partner01', userID: 'Player01', amount: '12.30', transactionID, roundID };

export const signText = (text: string, key = secret): string =>
  createHmac('sha256', key).update(text, 'utf8').digest('hex').toUpperCase();

/** The body with these fields, in their order, and the sign of `text` (by default: of the fields' values). */
export function signedBody(
  fields: Readonly<Record<string, unknown>>,
  text = Object.values(fields).join(''),
  key = secret,
): string {
  return JSON.stringify({ ...fields, sign: signText(text, key) });
}
