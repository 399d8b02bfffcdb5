// What the probe finds in wallets that remember in different ways: each is the stand-in, whose ledger says
// what really happened.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { MemoryFacts } from '../../src/journal/memory-facts.js';
import { runProbe } from '../../src/commands/probe.js';
import { ledgerBalances, readLedger } from '../../src/stand-ins/ledger.js';
import { startStandInWallet, type StandInOptions, type StandInWallet } from '../../src/stand-ins/server.js';

const token = 'wallet-token-nobody-may-see';
const demo = readFileSync('config/operators/demo.yaml', 'utf8');
const lookup = `  lookup:
    request: { method: GET, path: '/v2/transactions/\${original.reference}' }
    response:
      applied: \${response.body.state == "DONE"}
      refused: \${response.body.state == "REJECTED"}
      absent: \${response.status == 404 && response.body.error.code == "UNKNOWN_REFERENCE"}
errors:
  - { when: '\${response.body.error.code == "DUPLICATE"}', result: duplicate }
  - { when: '\${response.body.error.code == "CANCELLED"}', result: alreadyRolledBack }`;

type Change = readonly [from: string, to: string];
const refusalForgotten: Change = ['repeatable: always', 'repeatable: successes'];
const withLookup: Change = ['\nerrors:\n', `\n${lookup}\n`];
const undoKeys = 'repeatable: successes # a cancellation that found nothing may find something later';
const cancelFirst: Change = [undoKeys, 'repeatable: successes\n    cancelFirst: safe'];

let directory: string;
let wallet: StandInWallet | undefined;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wallet-bridge-probe-'));
});

afterEach(async () => {
  await wallet?.close();
  rmSync(directory, { recursive: true });
});

const ledger = () => readLedger(join(directory, 'ledger.jsonl'));
const money = (player: string): bigint | undefined => ledgerBalances(ledger()).get(player);

async function probe(
  standIn: Partial<StandInOptions>,
  changes: readonly Change[] = [],
  how: { player?: string; amount?: string; consent?: boolean; walletToken?: string } = {},
) {
  wallet = await startStandInWallet({
    ledgerFile: join(directory, 'ledger.jsonl'),
    port: 0,
    token,
    players: { alice: '100.00', bob: '4.99' },
    ...standIn,
  });
  const file = join(directory, 'operator.yaml');
  writeFileSync(
    file,
    changes.reduce((text, [from, to]) => {
      expect(text).toContain(from);
      return text.replace(from, () => to);
    }, demo),
  );
  const lines: string[] = [];
  const { player = 'alice', amount = '1.00', consent = true, walletToken = token } = how;
  const exitCode = await runProbe(file, {
    player,
    amount,
    consent,
    env: {
      DEMO_GSP_KEY: 'platform-key-nobody-may-see',
      DEMO_WALLET_TOKEN: walletToken,
      DEMO_WALLET_URL: `http://127.0.0.1:${wallet.port}`,
    },
    facts: new MemoryFacts(() => Date.now()),
    print: (line) => lines.push(line),
  });
  expect(lines.join('\n')).not.toContain('nobody-may-see');
  return { exitCode, lines, found: () => yamlIn(lines) };
}

/** The keys it prints to paste. */
function yamlIn(lines: readonly string[]): unknown {
  const from = lines.indexOf('operations:');
  return (parse(lines.slice(from, lines.indexOf('', from)).join('\n')) as Record<string, unknown>)['operations'];
}

const rows = (lines: readonly string[]): string[] =>
  lines.slice(
    lines.findIndex((line) => line.startsWith('tried')) + 1,
    lines.indexOf('What the wallet showed, as keys of the file:') - 1,
  );
const row = (lines: readonly string[], tried: string): string | undefined =>
  rows(lines)
    .find((line) => line.trim().startsWith(tried))
    ?.replace(/ {2,}/g, ' | ')
    .replace(/^ \| /, '');
const broken = (lines: readonly string[]): string[] =>
  lines.slice(lines.findIndex((line) => /^The file promises/.test(line)));

describe('a wallet that remembers', () => {
  test('everything keeps what the file promises', async () => {
    const { exitCode, lines, found } = await probe({ kind: 'always' });

    expect(exitCode).toBe(0);
    expect(found()).toEqual({
      withdraw: { repeatable: 'always' },
      deposit: { repeatable: 'always' },
      rollback: { repeatable: 'successes', cancelFirst: 'no', undoKnows: 'yes' },
    });
    expect(rows(lines).map((line) => line.replace(/ {2,}/g, ' | ').replace(/^ \| /, '> '))).toEqual([
      'a bet | taken once | applied',
      '> the same again | not taken | applied',
      '> another, 20 copies at once | taken once | 20 × applied',
      'the undo of a bet | given back once | applied',
      '> the same undo again | not given back | applied',
      'the undo of a bet never sent | not given back | notFound',
      '> then the bet | taken once | applied',
      '> then its undo again | given back once | applied',
      'a bet above the balance | not taken | refused (insufficientFunds)',
      '> the same again | not taken | refused (insufficientFunds)',
      '> the same, now covered | not taken | refused (insufficientFunds)',
      'a win | paid once | applied',
      '> the same again | not paid | applied',
      '> another, 20 copies at once | paid once | 20 × applied',
      'the undo of a win | taken back once | applied',
      '> the same undo again | not taken back | applied',
      'the undo of a win never sent | not taken back | notFound',
      '> then the win | paid once | applied',
      '> then its undo again | taken back once | applied',
    ]);
    expect(broken(lines)).toEqual(['The file promises no more than that.']);
  });

  test('successes only is found to take a refused bet later', async () => {
    const { exitCode, lines, found } = await probe({ kind: 'successes' });

    expect(exitCode).toBe(1);
    expect(found()).toMatchObject({ withdraw: { repeatable: 'successes' }, deposit: { repeatable: 'successes' } });
    expect(row(lines, 'the same, now covered')).toBe('the same, now covered | taken | applied');
    expect(broken(lines)).toEqual([
      'The file promises more than the wallet showed:',
      '- a bet: the file says repeatable: always, the wallet showed successes',
      '- a win: the file says repeatable: always, the wallet showed successes',
    ]);
    expect(ledger().some(({ kind, cents }) => kind === 'debit' && cents === -10_100n)).toBe(true);
  });

  test('successes only keeps a file that says so', async () => {
    expect(await probe({ kind: 'successes' }, [refusalForgotten])).toMatchObject({ exitCode: 0 });
  });

  test('nothing is found to take each copy', async () => {
    const { exitCode, lines, found } = await probe({ kind: 'none' }, [refusalForgotten]);

    expect(exitCode).toBe(1);
    expect(found()).toMatchObject({ withdraw: { repeatable: 'no' }, deposit: { repeatable: 'no' } });
    expect(row(lines, 'another, 20 copies')).toBe('another, 20 copies at once | taken 20 times | 20 × applied');
    expect(broken(lines)).toEqual([
      'The file promises more than the wallet showed:',
      '- a bet: the file says repeatable: successes, the wallet showed no',
      '- a win: the file says repeatable: successes, the wallet showed no',
    ]);
  });

  test('by calling a repeat a duplicate can be asked', async () => {
    const { exitCode, lines, found } = await probe({ kind: 'lookup' }, [refusalForgotten, withLookup]);

    expect(broken(lines)).toEqual(['The file promises no more than that.']);
    expect(exitCode).toBe(0);
    expect(found()).toMatchObject({ withdraw: { repeatable: 'successes' }, deposit: { repeatable: 'successes' } });
    expect(row(lines, 'another, 20 copies')).toMatch(
      /taken once \| (1 × applied, 19 × duplicate|19 × duplicate, 1 × applied)/,
    );
    expect(row(lines, 'its lookup')).toBe('its lookup | the balance changed by 0.00 | applied');
    expect(row(lines, 'the lookup of a bet never sent')).toMatch(/notFound$/);
  });

  test('an early undo keeps the late original out', async () => {
    const { exitCode, lines, found } = await probe({ kind: 'always', cancelFirst: true }, [withLookup, cancelFirst]);

    expect(broken(lines)).toEqual(['The file promises no more than that.']);
    expect(exitCode).toBe(0);
    expect(found()).toMatchObject({ rollback: { repeatable: 'successes', cancelFirst: 'safe' } });
    expect(row(lines, 'then the bet')).toBe('then the bet | not taken | alreadyRolledBack');
  });

  test.each(['always', 'successes', 'lookup', 'none'] as const)(
    '%s: the player has what he had before',
    async (kind) => {
      const { lines } = await probe({ kind, cancelFirst: kind === 'lookup' }, [withLookup]);

      expect(ledger().filter(({ kind, cents }) => kind === 'debit' && cents !== 0n)).not.toEqual([]);
      expect(money('alice')).toBe(10_000n);
      expect(lines.join('\n')).not.toContain('than before');
    },
  );
});

describe('a file that promises too much', () => {
  test('of an early undo', async () => {
    const { exitCode, lines } = await probe({ kind: 'always' }, [cancelFirst]);

    expect(exitCode).toBe(1);
    expect(broken(lines).slice(1)).toEqual(
      ['bet', 'win'].map(
        (name) =>
          `- the undo of a ${name}: the file says cancelFirst: safe, and a ${name} that came after its undo was not kept out`,
      ),
    );
  });

  test('of a lookup that knows everything', async () => {
    const { exitCode, lines } = await probe({ kind: 'always' }, [
      withLookup,
      ['response.body.state == "DONE"', 'response.status in [200, 404]'],
      ['      absent: ${response.status == 404 && response.body.error.code == "UNKNOWN_REFERENCE"}\n', ''],
    ]);

    expect(exitCode).toBe(1);
    expect(broken(lines)).toContain('- a bet: the lookup does not tell what was done from what was never sent');
  });

  test('of a repeat whose answer it reads as a no', async () => {
    const asRefusal: Change = [
      '"DUPLICATE"}\', result: duplicate',
      '"DUPLICATE"}\', result: generalError, outcome: refused',
    ];

    const { exitCode, lines, found } = await probe({ kind: 'lookup' }, [refusalForgotten, withLookup, asRefusal]);

    expect(exitCode).toBe(1);
    expect(row(lines, 'the same again')).toBe('the same again | not taken | refused (generalError)');
    expect(found()).toMatchObject({ withdraw: { repeatable: 'no' } });
  });

  test('of an undo that says yes and does nothing', async () => {
    const { exitCode, lines } = await probe({ kind: 'always' }, [
      ['path: /v2/cancellations', 'path: /v2/nowhere'],
      [
        'applied: ${response.status == 201 && response.body.reference == sent.body.reference}\n      balance: ${money.fromMinor(response.body.balanceMinor)}\n      receipt: ${response.body.cancelId}',
        'applied: ${response.status == 404}',
      ],
    ]);

    expect(exitCode).toBe(1);
    expect(broken(lines)).toContain('- a bet: the undo is not seen to give back what was moved');
    expect(money('alice')).toBe(10_000n);
  });
});

test('an inverse is judged by what it calls', async () => {
  const rollback = demo.slice(demo.indexOf('  rollback:'), demo.indexOf('\nerrors:'));

  const { exitCode, lines, found } = await probe({ kind: 'always' }, [[rollback, '  rollback: inverse']]);

  expect(broken(lines)).toEqual(['The file promises no more than that.']);
  expect(exitCode).toBe(0);
  expect(found()).toEqual({ withdraw: { repeatable: 'always' }, deposit: { repeatable: 'always' } });
  expect(row(lines, 'the undo of a win')).toBe('the undo of a win | taken back once | applied');
});

describe('it cannot be probed', () => {
  const moved = (): number => ledger().filter(({ kind }) => kind !== 'opening').length;

  test('without consent: it says what it would do, and calls nothing', async () => {
    const { exitCode, lines } = await probe({}, [], { consent: false });

    expect(exitCode).toBe(2);
    expect(lines.join('\n')).toContain('moves up to 20.00');
    expect(lines.at(-1)).toContain('--yes-this-is-a-test-wallet');
    expect(moved()).toBe(0);
  });

  test.each<[string, Parameters<typeof probe>[2], string]>([
    ['with a player who has too little', { player: 'bob' }, 'the player has 4.99; the probe needs 5.00.'],
    ['with a player nobody knows', { player: 'nobody' }, 'balance cannot be read: it is refused (userNotFound).'],
    ['with a wrong token', { walletToken: 'another-token' }, 'balance cannot be read: no rule holds (HTTP 401)'],
    ['with an amount that is none', { amount: '1,00' }, 'expected a positive amount such as 1.00'],
    ['with nothing', { amount: '0.00' }, 'expected a positive amount such as 1.00'],
  ])('%s', async (_, how, said) => {
    const { exitCode, lines } = await probe({}, [], how);

    expect(exitCode).toBe(2);
    expect(lines.at(-1)).toContain(said);
    expect(moved()).toBe(0);
  });

  test('by a file with mistakes', async () => {
    const { exitCode, lines } = await probe({}, [['rollback:', 'rolback:']]);

    expect(exitCode).toBe(2);
    expect(lines.join('\n')).toContain('operations.rolback');
  });

  test('where a simple bet is not understood', async () => {
    const { exitCode, lines } = await probe({}, [['response.status == 201 && ', 'response.status == 200 && ']]);

    expect(exitCode).toBe(2);
    expect(lines.at(-1)).toMatch(/a simple withdraw of 1.00 was read as unknown .* the balance changed by -1.00\.$/);
    expect(lines.join('\n')).not.toContain('than before');
    expect(money('alice')).toBe(10_000n);
  });
});
