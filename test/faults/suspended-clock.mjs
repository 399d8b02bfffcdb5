// Why: loaded into a replica before everything else, so that stopping it (SIGSTOP) is to it as if its machine
// had been suspended: its monotonic clock and its timers stand still meanwhile, while the wall clock and
// everybody else's go on. Without this, all its timers are over when it wakes, and it gives up what it was at
// before it reads what has come. Never: holds anything still while the process runs.
import { Socket } from 'node:net';

const TICKS_EVERY_MS = 20;
/** Longer than a busy process keeps its timers waiting. */
const STOOD_STILL_MS = 1000;

const real = performance.now.bind(performance);
let last = real();
let missed = 0;
let stoodStillAt = -Infinity;

function now() {
  const at = real();
  if (at - last > STOOD_STILL_MS) {
    missed += at - last;
    stoodStillAt = at - missed;
  }
  last = at;
  return at - missed;
}

Object.defineProperty(performance, 'now', { value: now });
setInterval(now, TICKS_EVERY_MS).unref();

const startTimer = globalThis.setTimeout;
/**
 * A timer that would be over only because the process stood still starts again.
 * @template {unknown[]} A
 * @param {(...args: A) => void} callback
 * @param {number} [ms]
 * @param {A} args
 */
function setTimeout(callback, ms, ...args) {
  const due = () => now() + (Number(ms) || 0);
  let at = due();
  const timer = startTimer(() => {
    // The timers' own clock may be a millisecond ahead.
    if (at - now() <= 2) callback(...args);
    else {
      at = due();
      timer.refresh();
    }
  }, ms);
  return timer;
}
// `promisify` finds the awaitable form by this.
Object.defineProperties(setTimeout, Object.getOwnPropertyDescriptors(startTimer));
Object.assign(globalThis, { setTimeout });

/**
 * A socket's own timer is not started by `setTimeout`, but by what Node keeps to itself.
 * @type {() => void}
 */
const onTimeout = Reflect.get(Socket.prototype, '_onTimeout');
Object.assign(Socket.prototype, {
  /** @this {Socket & { _unrefTimer(): void }} */
  _onTimeout() {
    if (now() - stoodStillAt < (this.timeout ?? 0)) this._unrefTimer();
    else onTimeout.call(this);
  },
});
