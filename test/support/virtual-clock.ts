// Time that moves only when a test says so. Sleepers wake in order, and everything they set off runs before
// the next one wakes.

import type { Clock } from '../../src/domain/ports.js';

export class VirtualClock implements Clock {
  private time = 1_000_000;
  private missed = 0;
  private sleepers: { at: number; wake: () => void }[] = [];

  monotonic(): number {
    return this.time;
  }

  wall(): number {
    return this.time + this.missed;
  }

  /** The machine is suspended: only its wall clock goes on. */
  suspend(ms: number): void {
    this.missed += ms;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((wake) => this.sleepers.push({ at: this.time + Math.max(ms, 0), wake }));
  }

  /** Moves time on by `ms`, waking whoever is due on the way. */
  async advance(ms: number): Promise<void> {
    const target = this.time + ms;
    await quiet();
    for (let next = this.next(); next !== undefined && next.at <= target; next = this.next()) {
      this.wake(next);
      await quiet();
    }
    this.time = target;
  }

  /** Moves time on until `promise` is settled; fails when nobody sleeps and it still is not. */
  async until<T>(promise: Promise<T>): Promise<T> {
    const state = { settled: false };
    const done = promise.finally(() => (state.settled = true));
    done.catch(() => undefined);
    for (let steps = 0; steps < 10_000; steps++) {
      await quiet();
      if (state.settled) return done;
      const next = this.next();
      if (next === undefined) throw new Error('stuck: nothing sleeps, and the promise is not settled');
      this.wake(next);
    }
    throw new Error('stuck: 10,000 sleeps did not settle the promise');
  }

  private next() {
    return this.sleepers.toSorted((a, b) => a.at - b.at)[0];
  }

  private wake(sleeper: { at: number; wake: () => void }): void {
    this.sleepers = this.sleepers.filter((other) => other !== sleeper);
    this.time = Math.max(this.time, sleeper.at);
    sleeper.wake();
  }
}

/** Lets every promise that can go on go on. */
async function quiet(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}
