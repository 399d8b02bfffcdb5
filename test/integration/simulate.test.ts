// `simulate FILE`: every operator file of the project is rehearsed with nothing but itself, and a file with a
// mistake that only a rehearsal can see is found out.

import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { exchangeLines } from '../../src/commands/simulate/print-exchange.js';
import { prepare, type CannotRehearse } from '../../src/commands/simulate/prepare.js';
import { printCannot, printRehearsal } from '../../src/commands/simulate/print-rehearsal.js';
import { rehearse, type Rehearsal } from '../../src/commands/simulate/rehearse.js';
import { sceneLines } from '../../src/demo/print-scenes.js';
import { operatorFiles } from '../support/rehearsed-files.js';
import { root } from '../support/pages.js';

const directory = mkdtempSync(join(tmpdir(), 'simulate-'));
afterAll(() => rmSync(directory, { recursive: true }));

interface Played {
  readonly lines: readonly string[];
  readonly found: Rehearsal | CannotRehearse;
  readonly wire: readonly string[];
}

/** Rehearses a file without any of its secrets. */
async function played(file: string, asked: { agent?: string; player?: string } = {}): Promise<Played> {
  const lines: string[] = [];
  const wire: string[] = [];
  const prepared = prepare(file, { env: {}, ...asked });
  if ('because' in prepared) return { lines, found: prepared, wire };
  const found = await rehearse(prepared, {
    tell: (event) => lines.push(...sceneLines(event)),
    exchanged: (event) => wire.push(...exchangeLines(event)),
  });
  return { lines, found, wire };
}

const rehearsalOf = ({ found }: Played): Rehearsal => {
  if ('because' in found) throw new Error(found.because.join('\n'));
  return found;
};

/** Wallets that can neither be asked nor asked again: doubt is left to a person, as their files say. */
const leavesDoubt = ['netent-soap', 'old-cgi.yaml'];
const leastScenes = 15;

describe.each(operatorFiles)('%s', (name, file) => {
  let played_: Played;
  beforeAll(async () => {
    played_ = await played(file);
  }, 120_000);

  test('plays every scene as due, and its books are equal to the cent', () => {
    const { wrong, books, held, untold } = rehearsalOf(played_);

    expect(wrong).toEqual([]);
    expect(untold).toEqual([]);
    expect(books.players.length).toBe(6);
    expect(books.transactions.all).toBeGreaterThan(10);
    expect(held.length > 0).toBe(leavesDoubt.includes(name));
    if (held.length === 0) expect(books.transactions.equal).toBe(books.transactions.all);
    expect(played_.lines.filter((line) => /^ ?\d+ {2}/.test(line)).length).toBeGreaterThanOrEqual(leastScenes);
  });

  test('names the rules nothing reached by their lines', () => {
    for (const { file: at, line, text } of rehearsalOf(played_).unreached)
      expect(
        readFileSync(at, 'utf8')
          .split('\n')
          .slice(line - 1, line + 3)
          .join(' '),
      ).toContain(text.slice(2, 20));
  });
});

const minimal = readFileSync(join(root, 'config/examples/minimal.yaml'), 'utf8');
const northstar = readFileSync(join(root, 'config/examples/northstar.yaml'), 'utf8');

function fileOf(name: string, text: string, ...changes: readonly (readonly [string, string])[]): string {
  const changed = changes.reduce((before, [from, to]) => {
    if (!before.includes(from)) throw new Error(`no ${from} in it`);
    return before.replace(from, () => to);
  }, text);
  const file = join(directory, `${name}.yaml`);
  writeFileSync(file, changed);
  return file;
}

const repeats = '  repeatable: successes\n';
const wallets = [
  ['remembers refusals too', minimal, [[repeats, '  repeatable: always\n']], 0],
  ['remembers nothing', minimal, [[repeats, '  repeatable: no\n']], 2],
  ['cannot undo', minimal, [['rollback: inverse', 'rollback: unsupported']], 3],
  ['bets in doubt are told as done', minimal, [[repeats, `${repeats}  whenUnresolved: accept\n`]], 0],
  ['doubt is to be asked for again', minimal, [[repeats, `${repeats}  whenUnresolved: askAgain\n`]], 0],
  ['counts in whole units', minimal, [['EUR', 'JPY']], 0],
  [
    'wants an access token',
    minimal,
    [
      [
        'type: bearer, token: walletToken',
        'type: oauth2, tokenUrl: https://id.example/t, clientId: walletToken, clientSecret: gspKey',
      ],
    ],
    0,
  ],
  ['lies below a path', minimal, [['wallet.minimal.example', 'wallet.minimal.example/a/b/']], 0],
  [
    'is asked what became of a bet',
    northstar,
    [
      ['  repeatable: always\n', '  repeatable: no\n'],
      ['cancelFirst: safe', 'cancelFirst: no'],
    ],
    0,
  ],
  ['forgets nothing it is told to forget', northstar, [['  repeatable: always\n', '  repeatable: no\n']], 0],
  ['repeats are told as such', minimal, [['  agents:', '  duplicates: code-11\n  agents:']], 0],
] as const;

test.each(wallets)(
  'a wallet that %s plays as it can',
  async (name, text, changes, left) => {
    const { wrong, held } = rehearsalOf(await played(fileOf(name.replaceAll(' ', '-'), text, ...changes)));

    expect(wrong).toEqual([]);
    expect(held).toHaveLength(left);
  },
  60_000,
);

test('a wallet that turns a session away pays the win that is sent once more, and its rule is reached', async () => {
  const file = join(root, 'test/support/rehearsals/harbour.yaml');

  const { lines, found } = await played(file);
  const { wrong, unreached } = rehearsalOf({ lines, found, wire: [] });

  expect(wrong).toEqual([]);
  expect(lines.filter((line) => line.includes('whose session the wallet turns away'))).toHaveLength(1);
  expect(unreached.map(({ path }) => path)).not.toContain('wallet.onBadSession.when');
}, 60_000);

test('another agent of the file, whose currency has no cents, and one player for all', async () => {
  const file = join(root, 'config/examples/northstar.yaml');

  const { wrong, agentID, books } = rehearsalOf(await played(file, { agent: 'NORTHSTAR02', player: '77' }));

  expect({ wrong, agentID }).toEqual({ wrong: [], agentID: 'NORTHSTAR02' });
  expect(books.players.map(({ userID }) => userID)).toEqual(['77']);
}, 60_000);

const mistakes = [
  [
    'a win that is sent as a bet',
    [['path: /credit', 'path: /debit']],
    'the requests of a withdraw and a deposit are the same',
  ],
  [
    'a bet without its amount',
    [['amount: ${request.amount.major()}', 'amount: "1.00"']],
    'the request of a withdraw does not say the amount',
  ],
  [
    'a bet of nobody',
    [['        player: ${request.userID}\n', '']],
    'the request of a withdraw does not say whose it is',
  ],
  [
    'an undo that names only itself',
    [['rollback: inverse', "rollback: { request: { path: /undo, body: { reference: '${reference}' } } }"]],
    'the request of the undo of a withdraw does not say what it undoes',
  ],
  [
    'a no that can never be read as one',
    [
      [
        'response.body.error == "NO_FUNDS"',
        'response.body.ok == true && response.status == 200 && response.body.error == "NO_FUNDS"',
      ],
    ],
    'no reply to a withdraw could be made that the file reads as refused insufficientFunds',
  ],
] as const;

test.each(mistakes)(
  '%s is found',
  async (name, changes, line) => {
    const rehearsal = rehearsalOf(await played(fileOf(name.replaceAll(' ', '-'), minimal, ...changes)));

    expect(rehearsal.wrong).toContain(line);
    expect(printRehearsal(rehearsal, 'text').exitCode).toBe(1);
    expect(printRehearsal(rehearsal, 'json').lines).toEqual([JSON.stringify(rehearsal)]);
  },
  60_000,
);

describe('a yes that cannot be turned round', () => {
  const hash = createHash('sha256').update('granted').digest('hex');
  const sealed = ['response.body.ok == true', `hex(sha256(text(response.body.seal))) == "${hash}"`] as const;

  test('is asked for, as an example', () => {
    const prepared = prepare(fileOf('sealed', minimal, sealed), { env: {} });

    expect('because' in prepared && printCannot(prepared, 'text')).toEqual({
      exitCode: 2,
      lines: expect.arrayContaining([
        'no reply can be made that the file reads as a yes',
        '    examples:',
        '      - operation: withdraw',
        '        expect: { outcome: applied }',
      ]),
    });
  });

  test('is played once the file has one', async () => {
    const example = `examples:
  - operation: withdraw
    reply: { status: 200, body: { ok: true, seal: granted, balance: '1.00' } }
    expect: { outcome: applied, balance: '1.00' }
`;
    const file = fileOf('shown', `${minimal}${example}`, sealed);

    expect(rehearsalOf(await played(file)).wrong).toEqual([]);
  }, 60_000);
});

test.each([
  [
    'a file with an error',
    fileOf('broken', minimal, ['rollback: inverse', 'rollback: invers']),
    {},
    'operations.rollback',
  ],
  ['an agent that is not in it', join(root, 'config/examples/minimal.yaml'), { agent: 'OTHER' }, 'MINIMAL01'],
  ['no file', join(directory, 'nothing.yaml'), {}, 'cannot be read'],
  ['a player that fits no pattern', join(root, 'config/examples/northstar.yaml'), { player: 'alice' }, 'userID'],
])('%s cannot be rehearsed, and it says why', (_name, file, asked, words) => {
  const prepared = prepare(file, { env: {}, ...asked });

  expect('because' in prepared ? prepared.because.join('\n') : 'it can').toContain(words);
});

test('the wire is shown with its secrets masked by whoever prints it', async () => {
  const { wire } = await played(join(root, 'config/examples/minimal.yaml'));

  expect(wire.filter((line) => line.includes('> POST /debit')).length).toBeGreaterThan(5);
  expect(wire.filter((line) => line.includes('< HTTP 200')).length).toBeGreaterThan(10);
}, 60_000);
