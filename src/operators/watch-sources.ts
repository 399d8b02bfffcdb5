// Tells when anything an operator is made of may have changed: its file, or the file of one of its secrets,
// wherever that is.

import { lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { watchDirectory } from './watch-directory.js';
import { watchFiles } from './watch-files.js';

export interface SourceWatch {
  /** From now on these files, too: all that were read. */
  follow(paths: readonly string[]): void;
  close(): void;
}

/** `unwatched`: the directory cannot be watched for now. */
export function watchSources(directory: string, changed: () => void, unwatched: () => void): SourceWatch {
  const unwatch = watchDirectory(directory, changed, unwatched);
  const files = watchFiles(changed);
  return {
    // What stands in the directory itself is told of at once.
    follow: (paths) => files.follow(paths.filter((path) => !isPlainFileIn(directory, path))),
    close() {
      unwatch();
      files.close();
    },
  };
}

function isPlainFileIn(directory: string, path: string): boolean {
  return dirname(path) === join(directory) && lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
