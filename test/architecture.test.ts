// Imports point one way, towards `domain`. Each folder of src may know only the folders listed here.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const root = resolve(__dirname, '../src');

/** What each folder may import besides itself; `type:` names only. `app.ts` alone knows everything. */
const allowed: Record<string, readonly string[]> = {
  domain: [],
  bridge: ['domain'],
  protocol: ['domain', 'operators/operator'],
  journal: ['domain'],
  wallet: ['domain', 'type:operators'],
  operators: ['domain', 'wallet'],
  observe: ['domain'],
  http: ['domain', 'protocol', 'observe', 'bridge/handle-callback', 'operators/operator'],
  tools: ['domain', 'operators', 'wallet', 'bridge/legs'],
};

/** Witnesses of what the bridge does: they share no code with it, or a mistake would vouch for itself. */
const independent = /^tools\/(stand-in-|platform-|cents|exact-json)/;

const onlyPlaceOf: Record<string, RegExp> = {
  axios: /^wallet\//,
  undici: /^wallet\//,
  opossum: /^wallet\/breaker/,
  ioredis: /^journal\//,
  '@marcbachmann/cel-js': /^wallet\/expression/,
  yaml: /^operators\//,
  express: /^http\//,
  'prom-client': /^observe\/metrics/,
  'csv-parse': /^tools\/ledger-csv/,
  pino: /^observe\/log/,
  commander: /^main/,
};

const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

function importsOf(file: string): { own: string[]; packages: string[] } {
  const text = readFileSync(join(root, file), 'utf8');
  const imports = [...text.matchAll(/^(?:import|export) (type )?[^;]*?from '([^']+)';/gm)].map(
    ([, type = '', from = '']) => ({ type: type.trim(), from }),
  );
  const own = imports
    .filter(({ from }) => from.startsWith('.'))
    .map(
      ({ type, from }) =>
        `${type && 'type:'}${relative(root, resolve(root, dirname(file), from)).replace(/\.js$/, '')}`,
    );
  return {
    own,
    packages: imports.map(({ from }) => from).filter((from) => !from.startsWith('.') && !from.startsWith('node:')),
  };
}

describe('imports point towards domain', () => {
  test.each(files.filter((file) => file.includes('/')))('%s', (file) => {
    const [folder = ''] = file.split('/');
    const may = independent.test(file) ? [] : allowed[folder];

    const strangers = importsOf(file).own.filter((target) => {
      const module = target.replace(/^type:/, '');
      if (independent.test(file)) return !independent.test(module);
      const isIn = (place: string): boolean =>
        [target, module].some((name) => name === place || name.startsWith(`${place}/`));
      return !isIn(folder) && !may?.some(isIn);
    });

    expect(may).toBeDefined();
    expect(strangers).toEqual([]);
  });

  test('each library is known in one place only', () => {
    const elsewhere = files.flatMap((file) =>
      importsOf(file)
        .packages.filter((name) => onlyPlaceOf[name] !== undefined && !onlyPlaceOf[name].test(file))
        .map((name) => `${file} imports ${name}`),
    );

    expect(elsewhere).toEqual([]);
  });

  test('domain imports nothing outside itself', () => {
    const packages = files
      .filter((file) => file.startsWith('domain/'))
      .flatMap((file) => readFileSync(join(root, file), 'utf8').match(/from '[^.][^']*'/g) ?? []);

    expect(packages).toEqual([]);
  });
});
