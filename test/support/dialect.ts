// The dialect that a story is told in. The stories know none: the suite of `e2e` is run once in each, and
// jest.config.mjs says which files are.

import { wires } from '../../src/stand-ins/platform-callback.js';

declare global {
  /** Set by jest for the run in another dialect than `seamless`. */
  var platformDialect: 'v2' | undefined;
}

export const dialect = globalThis.platformDialect ?? 'seamless';

/** How the platform of the story writes and signs. */
export const wire = wires[dialect];

/** An operator file of `seamless` as one of the story's dialect. */
export function inDialect(file: string): string {
  if (/^ *dialect: /m.test(file)) return file.replace('dialect: seamless', `dialect: ${dialect}`);
  return file.replace('platform:\n', `platform:\n  dialect: ${dialect}\n`);
}
