// Every dialect by the word that an operator file names it with, and what holds before anybody knows which of
// them a callback is in: its path, and the answer to one that names no agent of ours.

import type { Operation } from '../domain/callback.js';
import type { Dialect } from './dialects/dialect.js';
import { seamless } from './dialects/seamless.js';
import { v2 } from './dialects/v2.js';

export const dialectNames = ['seamless', 'v2'] as const;

export const dialects: Readonly<Record<(typeof dialectNames)[number], Dialect>> = { seamless, v2 };

const all: readonly Dialect[] = Object.values(dialects);

/**
 * What each path asks for, in all dialects alike: nothing else tells the operation, and the dialect is not
 * known yet.
 */
export const operationOfPath: ReadonlyMap<string, Operation> = new Map(
  all.flatMap(({ operations }) => Object.values(operations).map(({ path, operation }) => [path, operation])),
);

/**
 * The names of the result code in an answer to a sender nobody knows: the body cannot be read, or the agent
 * is not ours. Such an answer says the code under the name of every dialect. The sender looks for one of them
 * and passes over the rest; without it the platform would take the answer for none, and repeat a hopeless
 * callback again and again.
 */
export const everyCodeName: readonly string[] = [...new Set(all.map(({ answer }) => answer.code))];
