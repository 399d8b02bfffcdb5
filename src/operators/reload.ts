// Operator files once more, while callbacks run. All of them are checked before one of them counts: with
// anything wrong in any, what is in use stays as it is. Two reloads never overlap, or an older reading could
// replace a newer one.

import { formatProblem } from '../yaml/diagnostics.js';
import { isError, type Loaded } from './load.js';

export interface Reloaded {
  readonly outcome: 'done' | 'refused' | 'unchanged';
  /** `file:line:col path: what, and what was expected`. */
  readonly problems: readonly string[];
}

export interface ReloadPorts {
  /** Reads the files again; what is unchanged is the same operator as in `before`. */
  readonly load: (before: Loaded) => Promise<Loaded>;
  /** Puts them into use, at once. */
  readonly use: (loaded: Loaded) => void;
  /** Whether they are used although something is wrong in them; what is broken has no operator then. */
  readonly tolerates?: (before: Loaded, loaded: Loaded) => boolean;
  readonly tell: (reloaded: Reloaded) => void;
  /** An exception: nothing was put into use. */
  readonly failed: (error: unknown) => void;
}

/**
 * Each call resolves after a reading that began later than the call. While one runs, all further calls are
 * one. Never rejects.
 */
export function createReload(
  inUse: Loaded,
  { load, use, tolerates = () => false, tell, failed }: ReloadPorts,
): () => Promise<void> {
  let before = inUse;

  async function read(): Promise<Reloaded> {
    const loaded = await load(before);
    const problems = loaded.problems.map(formatProblem);
    if (loaded.problems.some(isError) && !tolerates(before, loaded)) return { outcome: 'refused', problems };
    if (isSame(before, loaded)) return { outcome: 'unchanged', problems: [] };
    use(loaded);
    before = loaded;
    return { outcome: 'done', problems };
  }

  async function reload(): Promise<void> {
    try {
      tell(await read());
    } catch (error) {
      failed(error);
      tell({ outcome: 'refused', problems: ['they could not be read'] });
    }
  }

  let last = Promise.resolve();
  let waiting: Promise<void> | undefined;
  return () => {
    waiting ??= last.then(() => {
      waiting = undefined;
      return reload();
    });
    last = waiting;
    return waiting;
  };
}

const isSame = ({ operators }: Loaded, { operators: now }: Loaded): boolean =>
  operators.length === now.length && operators.every((operator, index) => operator === now[index]);
