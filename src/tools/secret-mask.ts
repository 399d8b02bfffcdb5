// Takes an operator's secrets out of text that is shown to people, in every form a request puts them in as they are. What is computed
// from them – a hash, a sign – does not show them and stays.

import { readFileSync } from 'node:fs';
import type { OperatorFile } from '../operators/schema.js';
import { fetchSecrets } from '../operators/secrets.js';

/** Replaces each secret of the file by its name. */
export function secretMask(
  file: OperatorFile,
  env: Readonly<Record<string, string | undefined>>,
): (text: string) => string {
  const around = { env, readFile: (path: string) => readFileSync(path, 'utf8'), standIns: true };
  const secrets = fetchSecrets(file.secrets, around, () => undefined);
  const masks = new Map<string, string>();
  for (const [name, value] of secrets)
    for (const form of [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1), base64(value)])
      masks.set(form, `‹secret:${name}›`);
  const { auth } = file.wallet;
  if (auth.type === 'basic') {
    const pair = `${secrets.get(auth.username) ?? ''}:${secrets.get(auth.password) ?? ''}`;
    masks.set(base64(pair), `‹secret:${auth.username}:${auth.password}›`);
  }
  if (masks.size === 0) return (text) => text;
  // A secret that is part of another one must not leave the rest of it standing, so the longest is looked for first.
  const forms = [...masks.keys()].sort((one, other) => other.length - one.length);
  const any = new RegExp(forms.map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'g');
  return (text) => text.replace(any, (form) => masks.get(form) ?? '');
}

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
