// The journal's one script: a write counts only against the revision it was decided on. Kept by itself, so
// that a test can plant a journal that breaks its word.

import type { Write, Written } from '../../src/domain/ports.js';
import type { World } from './world.js';

export type Put = (world: World, write: Write, isFull: boolean) => { world: World; written: Written };

/** What the journal answers to `write`, and the world after it. */
export const put: Put = (world, { transaction, expected, due, trust }, isFull) => {
  const { stored, due: _due, ...rest } = world;
  if (stored === undefined && expected !== 0) return { world, written: { kind: 'gone' } };
  if (stored !== undefined && stored.revision !== expected) return { world, written: { kind: 'there', stored } };
  if (isFull && trust?.kind === 'on' && trust.bound !== undefined)
    return { world, written: { kind: 'full', bound: 'most' } };
  const revision = expected + 1;
  const listed = due === undefined ? {} : { due };
  return { world: { ...rest, ...listed, stored: { transaction, revision } }, written: { kind: 'done', revision } };
};
