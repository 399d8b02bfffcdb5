// Waits for something another process does, with an end. It is no way to wait for time to pass.
import { setTimeout as pause } from 'node:timers/promises';

const LOOKS_EVERY_MS = 5;

/**
 * Asks again and again until the answer is true; throws after `within` milliseconds, naming what did not
 * come.
 * @param {string} what
 * @param {() => boolean | Promise<boolean>} holds
 * @param {number} [within]
 */
export async function until(what, holds, within = 10_000) {
  const end = performance.now() + within;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`waited ${within} ms in vain: ${what}`);
    await pause(LOOKS_EVERY_MS);
  }
}
