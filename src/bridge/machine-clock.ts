// The clocks of the machine the process runs on.

import type { Clock } from '../domain/ports.js';

export const machineClock: Clock = {
  monotonic: () => performance.now(),
  wall: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** The same for what is not waited for when the process ends: its sleep keeps no process alive. */
export const unhurriedClock: Clock = {
  ...machineClock,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms).unref()),
};
