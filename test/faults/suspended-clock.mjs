// Why: loaded into a replica before everything else, so that stopping it (SIGSTOP) is to it as if its machine had been suspended:
// its monotonic clock stands still meanwhile, while the wall clock and everybody else's go on.
// Never: holds the clock still while the process runs.

const TICKS_EVERY_MS = 20;
/** Longer than a busy process keeps its timers waiting. */
const STOOD_STILL_MS = 1000;

const real = performance.now.bind(performance);
let last = real();
let missed = 0;

function now() {
  const at = real();
  if (at - last > STOOD_STILL_MS) missed += at - last;
  last = at;
  return at - missed;
}

Object.defineProperty(performance, 'now', { value: now });
setInterval(now, TICKS_EVERY_MS).unref();
