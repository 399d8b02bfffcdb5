// Fetches an operator's secrets from the environment or from files. Values live in the returned map and
// nowhere else: never in a message, a log line or an error.

import { NotText } from '../codecs/file-text.js';
import type { Report } from '../yaml/diagnostics.js';
import type { OperatorFile } from './schema/operator-file.js';

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The text of a file; throws where it cannot be read, and NotText where it is none. */
  readonly readFile: (path: string) => string;
  /**
   * Stand-ins for what is not set, where the mapping is only to be looked at; otherwise that is an error.
   * `other`: others of the same length, so that what is computed of them can be told by its differing.
   */
  readonly standIns?: boolean | 'other';
  /** The only secrets there are, by name: an example's own. What is really set is not looked at. */
  readonly given?: Readonly<Record<string, string>>;
}

const standInFor = (name: string, standIns: boolean | 'other'): string =>
  `unset-${standIns === 'other' ? 'sample' : 'secret'}-${name}`;

/** Whether this is the value of a secret that is not set. */
export const isStandIn = (name: string, value: string): boolean =>
  value === standInFor(name, true) || value === standInFor(name, 'other');

/** Where a secret comes from: two of one source are one secret, whatever their names. */
export const sourceOf = (secret: OperatorFile['secrets'][string] | undefined): string =>
  JSON.stringify([secret?.env, secret?.file]);

/** The secrets that are set, by name. Reports each that is needed and is not. */
export function fetchSecrets(
  secrets: OperatorFile['secrets'],
  { env, readFile, standIns = false, given }: Surroundings,
  report: Report,
): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const [name, { env: variable, file, optional }] of Object.entries(secrets)) {
    const path = ['secrets', name];
    if (!/^[A-Za-z_]\w*$/.test(name))
      report(path, 'not a name expressions can use; expected letters, digits and _', { key: true });
    if ((variable === undefined) === (file === undefined)) {
      report(path, 'a secret comes from one place; expected either { env: NAME } or { file: path }');
      continue;
    }
    const from = [...path, file === undefined ? 'env' : 'file'];
    const real = (): string | NotText | undefined =>
      file === undefined ? variableOf(env[variable ?? '']) : contentOf(file, readFile);
    const read = given === undefined ? real() : given[name];
    if (read instanceof NotText) {
      report(from, `${read.message}; expected UTF-8 text`);
      continue;
    }
    const value = read && bare(read);
    if (value !== undefined && value !== '') {
      values.set(name, value);
      if (looksMistaken(value))
        report(
          from,
          'begins or ends with white space, or holds a line break, and all of it is the secret; expected only what was meant',
          {
            severity: 'warning',
          },
        );
    } else if (!optional && standIns !== false) values.set(name, standInFor(name, standIns));
    else if (!optional) {
      const source =
        file === undefined
          ? `${variableCalled(variable)} is not set or empty`
          : `${fileCalled(file)} cannot be read or is empty`;
      report(from, `${source}; expected a value, or optional: true`);
    }
  }
  return values;
}

/** By its name where it looks like one: what stands there may be the secret itself, put in the wrong place. */
export const variableCalled = (name = ''): string =>
  /^[A-Z]+\d?(?:_[A-Z0-9]+)*$/.test(name) ? `the environment variable ${name}` : 'the environment variable';
const fileCalled = (path: string): string => (/^\.{0,2}\//.test(path) ? `the file ${path}` : 'the file');

/** Line breaks at the end, and a byte order mark, belong to who wrote the file or the manifest, not to the secret. */
const bare = (text: string): string => text.replace(/^\ufeff/, '').replace(/[\r\n]+$/, '');

/** A PEM text has lines; a key or a token that has some was copied with too much. */
const looksMistaken = (value: string): boolean =>
  /^[\s\p{Cf}]|[\s\p{Cf}]$/u.test(value) || (/[\r\n]/.test(value) && !value.includes('-----BEGIN '));

/** Node puts this sign for every byte of the environment that is not UTF-8. */
function variableOf(value: string | undefined): string | NotText | undefined {
  return value?.includes('\ufffd') === true ? new NotText('it is not UTF-8 text') : value;
}

function contentOf(path: string, readFile: Surroundings['readFile']): string | NotText | undefined {
  try {
    return readFile(path);
  } catch (error) {
    return error instanceof NotText ? error : undefined;
  }
}
