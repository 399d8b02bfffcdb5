// The clocks of the machine the process runs on, and how busy the process is by them.

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

/** The share of its time (0 to 1) this process was busy since it was asked last, or began. */
export function machineLoad(): () => number {
  let before = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    return utilization;
  };
}
