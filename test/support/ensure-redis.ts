// Before the tests: a redis-server on the PATH. Where this is Debian and we are root it is installed, else
// the reader is told how.

import { spawnSync } from 'node:child_process';

const runs = (command: string, args: string[], quiet = true): boolean =>
  spawnSync(command, args, {
    stdio: quiet ? 'ignore' : 'inherit',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
  }).status === 0;

export default function ensureRedis(): void {
  if (runs('redis-server', ['--version'])) return;
  const may = process.getuid?.() === 0 && runs('apt-get', ['--version']);
  if (may) {
    process.stdout.write('\nredis-server is missing: installing it with apt-get ...\n');
    // RUNLEVEL=1 keeps the package from starting a server of its own: each suite starts the one it needs.
    if (
      runs('apt-get', ['-qq', 'update'], false) &&
      runs('apt-get', ['-qq', 'install', '-y', '--no-install-recommends', 'redis-server'], false)
    )
      return;
  }
  throw new Error(
    'The tests need redis-server on the PATH. Install it first: "apt-get install redis-server" (Debian, Ubuntu), "brew install redis" (macOS), or see https://redis.io/docs/install.',
  );
}
