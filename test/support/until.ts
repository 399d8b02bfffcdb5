// Waits for something another process does, with an end. It is no way to wait for time to pass.

/**
 * Asks again and again until the answer is true; throws after `within` milliseconds, naming what did not
 * come.
 */
export async function until(what: string, holds: () => boolean | Promise<boolean>, within = 10_000): Promise<void> {
  const end = performance.now() + within;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`waited ${within} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
