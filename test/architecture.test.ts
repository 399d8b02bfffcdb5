// Imports point one way, towards `domain`, and nowhere in a circle; each library is known in one place; no
// room is most of the house.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const root = resolve(__dirname, '../src');

/**
 * What each room may import besides itself. `commands` and what stands beside the rooms may know every one.
 */
const mayKnow: Record<string, readonly string[]> = {
  domain: [],
  bridge: ['domain'],
  deeds: ['domain'],
  journal: ['domain'],
  observe: ['domain'],
  protocol: ['domain', 'codecs'],
  platform: ['domain', 'codecs', 'protocol'],
  console: ['domain', 'deeds'],
  http: ['domain', 'bridge', 'protocol', 'observe', 'platform', 'console'],
  codecs: ['domain'],
  yaml: ['codecs'],
  wallet: ['domain', 'codecs'],
  expressions: ['domain', 'codecs', 'yaml'],
  mapping: ['domain', 'codecs', 'yaml', 'expressions', 'wallet'],
  operators: ['domain', 'codecs', 'yaml', 'expressions', 'mapping', 'wallet', 'protocol', 'platform'],
  // A bridge on a stage: it puts the rooms together, as app.ts does.
  sandbox: [
    'domain',
    'codecs',
    'yaml',
    'expressions',
    'mapping',
    'operators',
    'wallet',
    'protocol',
    'bridge',
    'journal',
    'observe',
    'http',
  ],
  // What finance compares and exports: lists of others against records.
  books: ['domain'],
  // A wallet tried out with a test player, through the operator's own mapping.
  probing: ['domain', 'operators', 'mapping', 'wallet', 'protocol', 'bridge'],
  // Witnesses of what the bridge does: they share no code with it, or a mistake would vouch for itself.
  drafting: ['domain', 'codecs', 'yaml', 'operators'],
  'stand-ins': [],
  demo: ['stand-ins'],
};

const onlyRoomOf: Record<string, string> = {
  axios: 'wallet',
  undici: 'wallet',
  opossum: 'wallet',
  ioredis: 'journal',
  '@marcbachmann/cel-js': 'expressions',
  yaml: 'yaml',
  saxes: 'codecs',
  express: 'http',
  'prom-client': 'observe',
  pino: 'observe',
  'csv-parse': 'books',
  'csv-parse/sync': 'books',
  commander: 'commands',
};

/** No room holds more of the lines. */
const largestShare = 0.15;

interface File {
  readonly name: string;
  /** The first folder; empty for what stands beside the rooms. */
  readonly room: string;
  readonly lines: number;
  /** Files of ours. */
  readonly knows: readonly string[];
  readonly packages: readonly string[];
}

const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name): File => {
    const text = readFileSync(join(root, name), 'utf8');
    const from = [...text.matchAll(/^(?:import|export)\s[^;]*?from '([^']+)';/gm)].map(([, target = '']) => target);
    const own = from.filter((target) => target.startsWith('.'));
    return {
      name,
      room: name.includes('/') ? name.slice(0, name.indexOf('/')) : '',
      lines: text.split('\n').length - 1,
      knows: own.map((target) => relative(root, resolve(root, dirname(name), target)).replace(/\.js$/, '.ts')),
      packages: from.filter((target) => !target.startsWith('.') && !target.startsWith('node:')),
    };
  });

const roomOf = (name: string): string => (name.includes('/') ? name.slice(0, name.indexOf('/')) : '');

/** The first circle found when going on from each file; the names on it. */
function circle(): string[] | undefined {
  const byName = new Map(files.map((file) => [file.name, file]));
  const done = new Set<string>();
  const path: string[] = [];
  function walk(name: string): string[] | undefined {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    if (done.has(name)) return undefined;
    path.push(name);
    for (const next of byName.get(name)?.knows ?? []) {
      const found = walk(next);
      if (found !== undefined) return found;
    }
    path.pop();
    done.add(name);
    return undefined;
  }
  for (const { name } of files) {
    const found = walk(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

describe('the rooms of src', () => {
  test('import one another by names that are read here', () => {
    const names = new Set(files.map(({ name }) => name));
    const unknown = files.flatMap(({ name, knows }) =>
      knows.filter((target) => !names.has(target)).map((target) => `${name} knows ${target}`),
    );

    expect(unknown).toEqual([]);
    expect(files.filter(({ knows }) => knows.length > 0).length).toBeGreaterThan(files.length / 2);
  });

  test('know only those below them', () => {
    const up = files.flatMap(({ name, room, knows }) =>
      knows
        .filter((target) => roomOf(target) !== room && mayKnow[room]?.includes(roomOf(target)) === false)
        .map((target) => `${name} knows ${target}`),
    );

    expect(up).toEqual([]);
  });

  test('are all spoken of here', () => {
    const rooms = [...new Set(files.map(({ room }) => room))].filter((room) => room !== '' && room !== 'commands');

    expect(rooms.sort()).toEqual(Object.keys(mayKnow).sort());
  });

  test('hold no circle', () => {
    expect(circle()).toBeUndefined();
  });

  test('hold no more than a part of the lines each', () => {
    const all = files.reduce((sum, { lines }) => sum + lines, 0);
    const shares = [...new Set(files.map(({ room }) => room))].map((room): [string, number] => [
      room === '' ? '(beside them)' : room,
      files.filter((file) => file.room === room).reduce((sum, { lines }) => sum + lines, 0) / all,
    ]);

    const graph = shares
      .sort(([, a], [, b]) => b - a)
      .map(
        ([room, share]) =>
          `${(100 * share).toFixed(1).padStart(5)} %  ${room} → ${mayKnow[room]?.join(', ') ?? 'every room'}`,
      );
    process.stdout.write(`${all} lines in ${files.length} files\n${graph.join('\n')}\n`);
    expect(shares.filter(([, share]) => share > largestShare)).toEqual([]);
  });

  test('know each library in one place', () => {
    const elsewhere = files.flatMap(({ name, room, packages }) =>
      packages
        .filter((library) => onlyRoomOf[library] !== undefined && onlyRoomOf[library] !== room)
        .map((library) => `${name} knows ${library}`),
    );

    expect(elsewhere).toEqual([]);
    expect(
      Object.keys(onlyRoomOf).filter((library) => !files.some(({ packages }) => packages.includes(library))),
    ).toEqual([]);
  });

  test('leave domain without any library', () => {
    expect(files.filter(({ room }) => room === 'domain').flatMap(({ packages }) => packages)).toEqual([]);
  });
});
