// Tells when the files of a directory may have changed: an editor that writes a new file and renames it, a
// tool that replaces the whole directory, an orchestrator that turns a link, in it or to it. It never reads: what changed,
// and whether anything did, is for others to see.

import { unwatchFile, watch, watchFile, type FSWatcher, type StatsListener } from 'node:fs';

export interface WatchSettings {
  /**
   * Milliseconds without a further change before it is told, so that a file half written is not taken for a
   * whole one.
   */
  readonly quiet: number;
  /** Milliseconds until a directory that cannot be watched is tried again. */
  readonly retry: number;
  /** Milliseconds after which it is seen that the directory is another one. */
  readonly lookedAt?: number;
}

/**
 * Calls `changed` after changes, and `unwatched` each time it begins to be blind. Keeps no process alive.
 * Returns how to end it.
 */
export function watchDirectory(
  directory: string,
  changed: () => void,
  unwatched: () => void,
  { quiet, retry, lookedAt = 2_000 }: WatchSettings = { quiet: 200, retry: 5_000 },
): () => void {
  let watcher: FSWatcher | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isBlind = false;

  function lookIn(ms: number): void {
    clearTimeout(timer);
    timer = setTimeout(look, ms).unref();
  }

  /**
   * Each time anew, because a directory that was replaced by another one of its name tells nothing any more.
   */
  function open(): boolean {
    watcher?.close();
    try {
      watcher = watch(directory, { persistent: false }, () => lookIn(quiet)).on('error', () => lookIn(retry));
      return true;
    } catch {
      watcher = undefined;
      return false;
    }
  }

  function look(): void {
    const wasBlind = isBlind;
    isBlind = !open();
    if (isBlind) lookIn(retry);
    if (isBlind && !wasBlind) unwatched();
    if (!isBlind || !wasBlind) changed();
  }

  // A link that is turned to another directory tells nobody who watches the first one.
  const turned: StatsListener = (now, before) => {
    if (now.ino !== before.ino || now.dev !== before.dev) lookIn(quiet);
  };
  watchFile(directory, { interval: lookedAt, persistent: false }, turned);
  isBlind = !open();
  if (isBlind) {
    lookIn(retry);
    unwatched();
  }
  return () => {
    clearTimeout(timer);
    unwatchFile(directory, turned);
    watcher?.close();
  };
}
