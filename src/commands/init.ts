// `init`: writes the operator file a newcomer begins with. It never touches a file that is there.

import { existsSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { presetNames } from '../operators/presets.js';
import { didYouMean } from '../yaml/did-you-mean.js';
import { presetTitle, starterFile } from './init/starter-file.js';

export interface InitOptions {
  readonly preset?: string;
  /** The operator's slug; without one, as the file is called. */
  readonly operator?: string;
  /** Where to write; without it, the operator's name with .yaml in this directory. */
  readonly file?: string;
}

/** Exit code 0: written; 1: there is such a file already; 2: it cannot be made or written. */
export function runInit({ preset, operator, file }: InitOptions): { lines: string[]; exitCode: 0 | 1 | 2 } {
  const names = presetNames();
  if (preset !== undefined && !names.includes(preset))
    return failed(`no preset "${preset}"${didYouMean(preset, names)}; expected one of ${names.join(', ')}`);
  const name = operator ?? (file === undefined ? 'my-wallet' : basename(file).replace(/\.ya?ml$/, ''));
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(name))
    return failed(`no name for an operator: "${name}"; expected --operator with a-z, 0-9 and -, such as northstar`);
  const path = file ?? `${name}.yaml`;
  const text = starterFile({
    operator: name,
    schema: 'operator.schema.json',
    ...(preset === undefined ? {} : { preset }),
  });
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch {
    return existsSync(path)
      ? { lines: [`${path}: there already, and not overwritten`], exitCode: 1 }
      : failed(`${path}: cannot be written`);
  }
  const variables = [...text.matchAll(/env: (\w+)/g)].map(([, variable]) => variable);
  return {
    lines: [
      `wrote ${path}`,
      `set ${variables.join(', ')}, put in what is yours, then: wallet-bridge check ${path}`,
      'help while you type, in editors that know the YAML language server: wallet-bridge schema > operator.schema.json, beside the file',
    ],
    exitCode: 0,
  };
}

/** Each preset in one line, for `init --list`. */
export function listPresets(): string[] {
  const names = presetNames();
  const width = Math.max(...names.map(({ length }) => length));
  return names.map((name) => `${name.padEnd(width)}  ${presetTitle(name)}`);
}

const failed = (line: string): { lines: string[]; exitCode: 2 } => ({ lines: [line], exitCode: 2 });
