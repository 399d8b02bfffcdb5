// Why: loaded before the server by `--import`, so that only the seconds under load are profiled: the start and
// the warming up would else hide them. Each SIGUSR2 begins or ends a profile; the file is there once it is whole.
import { renameSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';

const file = process.env['BENCH_PROFILE'];
const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.setSamplingInterval', { interval: 200 });
let running = false;

async function toggle() {
  if (!running) {
    running = true;
    await session.post('Profiler.start');
    return;
  }
  running = false;
  const { profile } = await session.post('Profiler.stop');
  if (file === undefined) return;
  writeFileSync(`${file}.part`, JSON.stringify(profile));
  renameSync(`${file}.part`, file);
}

process.on('SIGUSR2', () => void toggle());
