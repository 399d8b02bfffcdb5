// The presets shipped with the bridge: operator files of well-known wallets, without the operator. They lie
// beside the code, so that a preset and the language it is written in are never of two versions.

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const directory = new URL('./presets/', import.meta.url);

/** In alphabetical order. */
export function presetNames(): readonly string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length))
    .sort();
}

/** Where a preset's file is, and what it says; `name` is one of `presetNames`. */
export function readPreset(name: string): { readonly file: string; readonly text: string } {
  const file = fileURLToPath(new URL(`${name}.yaml`, directory));
  return { file, text: readFileSync(file, 'utf8') };
}
