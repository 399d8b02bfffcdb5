// A run that is killed, as jest kills a worker that is late, cannot end its children: nothing in it runs any
// more, and jest hands no test the `exit` of its process. So a shell beside each child waits for us to be gone.

import { spawn } from 'node:child_process';

/** Ends the process `pid` once this one is gone, unless it has `exited` before. */
export function endsWithUs(pid: number | undefined, exited: Promise<unknown>): void {
  if (pid === undefined) return;
  // It reads from us: the end of that without a word is our end.
  const watch = spawn('sh', ['-c', 'read -r word || kill -9 "$0"', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watch.unref();
  void exited.then(() => watch.stdin.end('over\n'));
}
