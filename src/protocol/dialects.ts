// Every dialect by the word that an operator file names it with, and what holds before anybody knows in which of them a callback
// is: its path, and the answer to one that names no agent of ours.

import type { Operation } from '../domain/callback.js';
import type { Dialect } from './dialects/dialect.js';
import { seamless } from './dialects/seamless.js';

export const dialects = { seamless } as const satisfies Readonly<Record<string, Dialect>>;

const all: readonly Dialect[] = Object.values(dialects);

/** What each path asks for, in all dialects alike: nothing else tells the operation, and the dialect is not known yet. */
export const operationOfPath: ReadonlyMap<string, Operation> = new Map(
  all.flatMap(({ operations }) => Object.values(operations).map(({ path, operation }) => [path, operation])),
);

/**
 * The names of the result code in an answer to nobody known: a body that cannot be read, or an agent that is not ours. It says
 * the code under the name of every dialect, for whoever sent it looks for one of them, and takes an answer without it for
 * none at all: it would send a hopeless win again and again. What else is in an answer it passes over.
 */
export const everyCodeName: readonly string[] = [...new Set(all.map(({ answer }) => answer.code))];
