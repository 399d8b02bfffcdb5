// Which version of the bridge this is, as its package file says.

import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** A bridge that was copied without its package file still serves: then nobody knows. */
export function ownVersion(): string {
  try {
    const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
    return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
  } catch {
    return 'unknown';
  }
}
