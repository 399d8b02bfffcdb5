// Tells when one of a set of files may have changed, wherever they are: written in place, renamed over, reached by
// a link that was turned. They are looked at every few seconds, because none of that tells whoever watches the
// directory they are named in. It never reads.

import { unwatchFile, watchFile } from 'node:fs';

export interface FileWatch {
  /** From now on these, and no others. */
  follow(paths: readonly string[]): void;
  close(): void;
}

/** Keeps no process alive. `lookedAt`: milliseconds between two looks. */
export function watchFiles(changed: () => void, lookedAt = 2_000): FileWatch {
  let followed: ReadonlySet<string> = new Set();
  // One look finds all that changed in it; they are told as one.
  let timer: NodeJS.Timeout | undefined;
  const noticed = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      changed();
    }, 200).unref();
  };
  function follow(paths: readonly string[]): void {
    const next = new Set(paths);
    for (const path of followed) if (!next.has(path)) unwatchFile(path, noticed);
    for (const path of next)
      if (!followed.has(path)) watchFile(path, { interval: lookedAt, persistent: false }, noticed);
    followed = next;
  }
  return {
    follow,
    close() {
      clearTimeout(timer);
      follow([]);
    },
  };
}
