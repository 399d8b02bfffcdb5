// A script, and what Redis calls it once it knows it. Scripts keep to the keys they are given, and all of
// those are in one slot.

import { createHash } from 'node:crypto';
import type { Client } from './redis-client.js';
import { refusalCode } from './redis-errors.js';

export interface LuaScript {
  readonly text: string;
  readonly sha: string;
}

export type Values = readonly (string | number)[];

export function luaScript(text: string): LuaScript {
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}

/** Sends it whole where Redis does not know it yet. Rejects with what ioredis says. */
export function runScript(
  client: Client,
  { sha, text }: LuaScript,
  keys: readonly string[],
  values: Values,
): Promise<unknown> {
  return client.evalsha(sha, keys.length, ...keys, ...values).catch((error: unknown) => {
    if (refusalCode(error) !== 'NOSCRIPT') throw error;
    return client.eval(text, keys.length, ...keys, ...values);
  });
}
