// What the probe finds in wallets that remember in different ways: each is the stand-in, whose ledger says
// what really happened.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { MemoryFacts } from '../../src/journal/memory-facts.js';
import { runProbe, type ProbeOptions } from '../../src/commands/probe.js';
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
  {
    player = 'alice',
    amount = '1.00',
    consent = true,
    walletToken = token,
    faults = [],
    ...asked
  }: Partial<Omit<ProbeOptions, 'env' | 'facts' | 'print'>> & { walletToken?: string; faults?: readonly object[] } = {},
) {
  wallet = await startStandInWallet({
    ledgerFile: join(directory, 'ledger.jsonl'),
    port: 0,
    token,
    players: { alice: '100.00', bob: '4.99' },
    ...standIn,
  });
  for (const fault of faults)
    await fetch(`http://127.0.0.1:${wallet.port}/control/faults`, { method: 'POST', body: JSON.stringify(fault) });
  const file = join(directory, 'operator.yaml');
  writeFileSync(
    file,
    changes.reduce((text, [from, to]) => {
      expect(text).toContain(from);
      return text.replace(from, () => to);
    }, demo),
  );
  const lines: string[] = [];
  const exitCode = await runProbe(file, {
    player,
    amount,
    consent,
    ...asked,
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
      'a bet of all he has | taken once | applied',
      '> the same again | not taken | applied',
      'a bet above the balance | not taken | refused (insufficientFunds)',
      '> the same again | not taken | refused (insufficientFunds)',
      '> the same, now covered | not taken | refused (insufficientFunds)',
      '> a new one of that amount | taken once | applied',
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
    expect(row(lines, 'the same, now covered')).toBe('the same, now covered | taken once | applied');
    expect(broken(lines)).toEqual([
      'The file promises more than the wallet showed:',
      expect.stringMatching(
        /^- a bet: the file says repeatable: always, the wallet showed successes \(the same refused bet, now covered: taken once, read as applied; the wallet said: HTTP 201 \{"reference":"‹…›","debitId":"debit-\d+","balanceMinor":0\}\)$/,
      ),
      expect.stringMatching(
        /^- a win: the file says repeatable: always, the wallet showed successes \(the same refused/,
      ),
    ]);
    expect(ledger().some(({ kind, cents }) => kind === 'debit' && cents === -600n)).toBe(true);
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
      '- a bet: the file says repeatable: successes, the wallet showed no (the same bet again: taken once, read as applied)',
      '- a win: the file says repeatable: successes, the wallet showed no (the same win again: paid once, read as applied)',
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

    // No undo of such a wallet is refused, so whether it remembers refusals cannot be seen.
    expect(unseen(lines)).toEqual([
      expect.stringMatching(/^- the undo of a bet: repeatable: always: the undo of a bet never sent: .* applied/),
      expect.stringMatching(/^- the undo of a win: repeatable: always: the undo of a win never sent: .* applied/),
    ]);
    expect(lines.join('\n')).not.toContain('The file promises');
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

const duplicateRule = '"DUPLICATE"}\', result: duplicate';
const onlyOfRepeats: Change = [
  `response.body.error.code == ${duplicateRule}`,
  `repeat && response.body.error.code == ${duplicateRule}`,
];
const noDuplicateRule: Change = [duplicateRule, '"NONE"}\', result: duplicate'];

describe('what is sent again', () => {
  test('is a repeat to the mapping, a bet, a win and an undo alike', async () => {
    const { exitCode, lines } = await probe({ kind: 'lookup' }, [refusalForgotten, withLookup, onlyOfRepeats]);

    expect(broken(lines)).toEqual(['The file promises no more than that.']);
    expect(exitCode).toBe(0);
    for (const again of ['the same again', 'the same undo again'])
      expect(row(lines, again)).toMatch(/^the same (undo )?again \| not (taken|given back) \| duplicate$/);
  });

  test('and is not done again, though no rule reads the reply, shows that a rule is missing', async () => {
    const { exitCode, lines, found } = await probe({ kind: 'lookup' }, [refusalForgotten, withLookup, noDuplicateRule]);

    expect(exitCode).toBe(1);
    expect(found()).not.toHaveProperty('withdraw');
    expect(lines.join('\n')).not.toMatch(/showed no|repeatable: no\n/);
    expect(broken(lines)).toContain(
      '- a bet: repeatable: successes, as the file says: the same bet again: not taken, read as unknown (no rule holds (HTTP 409)), which tells nothing; write a rule that reads the reply; the wallet said: HTTP 409 {"error":{"code":"DUPLICATE"}}',
    );
  });

  test('and is not done again, is nothing to hold against a file that promises nothing', async () => {
    const { exitCode, lines } = await probe({ kind: 'lookup' }, [
      ['repeatable: always', 'repeatable: no'],
      ['repeatable: successes', 'repeatable: no'],
      withLookup,
      noDuplicateRule,
    ]);

    expect(exitCode).toBe(0);
    expect(unseen(lines)[0]).toMatch(/^- a bet: repeatable: successes: the same bet again: .*write a rule/);
  });
});

const unseen = (lines: readonly string[]): string[] => {
  const from = lines.indexOf('Not seen, so neither shown nor refuted:') + 1;
  return from === 0 ? [] : lines.slice(from, lines.indexOf('', from));
};
const session: Change = [
  'request: { method: POST }',
  'request: { method: POST, headers: { X-Session: "${player.?session}" } }',
];
const betLimit: Change = [
  '\nerrors:\n',
  `\nerrors:\n  - { when: '\${response.body.error.code in ["BET_LIMIT", "NO_BET"]}', result: wrongInput }\n`,
];

describe('a habit of the wallet', () => {
  const yes = 'applied';
  const noFunds = 'refused (insufficientFunds)';

  test('bonus money: a standing refusal is not taken for memory', async () => {
    const { exitCode, lines, found } = await probe({ kind: 'successes', bonus: 2_000n });

    expect(exitCode).toBe(0);
    expect(found()).toMatchObject({ rollback: { repeatable: 'successes' } });
    expect(lines.filter((line) => line.includes('# repeatable: not seen'))).toHaveLength(1);
    expect(row(lines, 'a new one of that amount')).toBe(`a new one of that amount | not taken | ${noFunds}`);
    expect(lines.join('\n')).not.toContain('The file promises');
    expect(unseen(lines)).toEqual([
      `- a bet: repeatable: successes, as the file says: a bet of all the player has: not taken, read as ${noFunds}; the wallet said: HTTP 402 {"error":{"code":"LOW_FUNDS"}}`,
      expect.stringMatching(/^- a bet: repeatable: always, as the file says: a new bet of the same amount: not taken/),
      expect.stringMatching(/^- a win: repeatable: always, as the file says: a new bet of the same amount: not taken/),
    ]);
    expect(money('alice')).toBe(10_000n);
  });

  test.each(['always', 'successes'] as const)('a bet limit hides whether %s is remembered', async (kind) => {
    const { exitCode, lines } = await probe({ kind, mostABet: 500n }, [betLimit]);

    expect(exitCode).toBe(0);
    expect(row(lines, 'a new one of that amount')).toBe('a new one of that amount | not taken | refused (wrongInput)');
    expect(unseen(lines).join('\n')).toContain('so it is not memory that refuses it');
    expect(money('alice')).toBe(10_000n);
  });

  test.each([
    ['always', 0],
    ['successes', 1],
  ] as const)('a bet limit above what is tried hides nothing of %s', async (kind, exit) => {
    const { exitCode, found } = await probe({ kind, mostABet: 2_000n }, [betLimit]);

    expect(exitCode).toBe(exit);
    expect(found()).toMatchObject({ withdraw: { repeatable: kind } });
    expect(money('alice')).toBe(10_000n);
  });

  test('funds before duplicates: a repeated bet of everything is told as refused', async () => {
    const { exitCode, lines, found } = await probe({ kind: 'successes', fundsFirst: true }, [refusalForgotten]);

    expect(exitCode).toBe(1);
    expect(found()).toEqual({
      withdraw: { repeatable: 'no' },
      deposit: { repeatable: 'successes' },
      rollback: { repeatable: 'no', cancelFirst: 'no', undoKnows: 'yes' },
    });
    expect(rows(lines).join('\n')).toMatch(
      /a bet of all he has +taken once +applied\n +the same again +not taken +refused/,
    );
    expect(broken(lines)).toEqual([
      'The file promises more than the wallet showed:',
      `- a bet: the file says repeatable: successes, the wallet showed no (the same bet of all he had again: not taken, read as ${noFunds}; the wallet said: HTTP 402 {"error":{"code":"LOW_FUNDS"}})`,
      `- the undo of a win: the file says repeatable: successes, the wallet showed no (the same undo of a win again: not taken back, read as ${noFunds}; the wallet said: HTTP 402 {"error":{"code":"LOW_FUNDS"}})`,
    ]);
    expect(money('alice')).toBe(10_000n);
  });

  test.each(['always', 'successes', 'lookup'] as const)(
    'a win that needs its bet, %s: all is put back',
    async (kind) => {
      const { exitCode, lines, found } = await probe({ kind, winNeedsBet: true }, [
        betLimit,
        withLookup,
        refusalForgotten,
      ]);

      expect(broken(lines)).toEqual(['The file promises no more than that.']);
      expect(exitCode).toBe(0);
      expect(found()).toMatchObject({
        withdraw: { repeatable: kind === 'always' ? 'always' : 'successes' },
        rollback: { repeatable: 'successes' },
      });
      expect(ledger().some(({ kind, cents }) => kind === 'debit' && cents === -500n)).toBe(true);
      expect(money('alice')).toBe(10_000n);
    },
  );

  test('a session: it is sent with every call, and shown to nobody', async () => {
    const { exitCode, lines } = await probe({ session: 'session-nobody-may-see' }, [session], {
      session: 'session-nobody-may-see',
    });

    expect(broken(lines)).toEqual(['The file promises no more than that.']);
    expect(exitCode).toBe(0);
    expect(row(lines, 'a bet')).toBe(`a bet | taken once | ${yes}`);
  });

  test('a session that nobody gave: it says which option is missing', async () => {
    const { exitCode, lines } = await probe({ session: 'session-nobody-may-see' }, [session]);

    expect(exitCode).toBe(2);
    expect(lines).toContain(
      'The file reads the player’s session, and none is known here: open a game as him and say it with --session.',
    );
  });

  test.each<[string, Partial<StandInOptions>]>([
    ['all at once', { kind: 'successes', fundsFirst: true, winNeedsBet: true, mostABet: 3_000n, bonus: 500n }],
    ['none remembered, wins need bets', { kind: 'none', winNeedsBet: true }],
    ['none remembered, small bets', { kind: 'none', mostABet: 700n }],
    ['undos first, wins need bets', { kind: 'always', cancelFirst: true, winNeedsBet: true }],
  ])('%s: the player has what he had before', async (_, habits) => {
    const { lines } = await probe(habits, [betLimit, withLookup]);

    expect(money('alice')).toBe(10_000n);
    expect(lines.join('\n')).not.toContain('than before');
  });
});

describe('a file that promises too much', () => {
  test('of an early undo', async () => {
    const { exitCode, lines } = await probe({ kind: 'always' }, [cancelFirst]);

    expect(exitCode).toBe(1);
    expect(broken(lines).slice(1)).toEqual(
      ['bet', 'win'].map((name) =>
        expect.stringContaining(
          `- the undo of a ${name}: the file says cancelFirst: safe, and a ${name} that came after its undo was not kept out (the ${name} after its undo: `,
        ),
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
    expect(broken(lines)).toContain(
      '- a bet: the lookup does not tell what was done from what was never sent (the lookup of a bet never sent: read as applied; the wallet said: HTTP 404 {"error":{"code":"UNKNOWN_REFERENCE"}})',
    );
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
    expect(broken(lines)).toContain(
      '- a bet: the undo is not seen to give back what was moved (the undo of a bet: not given back, read as applied)',
    );
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

describe('only the balance', () => {
  test('is asked, without consent and without moving anything', async () => {
    const { exitCode, lines } = await probe({}, [], { balanceOnly: true, consent: false });

    expect(exitCode).toBe(0);
    expect(lines).toEqual([`Player alice has 100.00 EUR at http://127.0.0.1:${wallet?.port}.`]);
    expect(ledger().map(({ kind }) => kind)).toEqual(['opening', 'opening']);
  });

  test.each<[wallet: string, change: Change, shown: string]>([
    [
      'counted more finely than its currency',
      ['money.fromMinor(response.body.balanceMinor)', 'money.fromScaled(response.body.balanceMinor * 1000, 100000)'],
      '100.00 EUR',
    ],
    ['of whole units', ['currency: EUR', 'currency: JPY'], '10000 JPY'],
  ])('of a wallet %s has the decimals of its currency', async (_, change, shown) => {
    const { lines } = await probe({}, [change], { balanceOnly: true, consent: false });

    expect(lines).toEqual([`Player alice has ${shown} at http://127.0.0.1:${wallet?.port}.`]);
  });

  test.each<[string, Parameters<typeof probe>[2], string]>([
    [
      'a wrong token',
      { walletToken: 'another-token' },
      'no rule holds (HTTP 401); the wallet said: HTTP 401 {"error":{"code":"NO_TOKEN"}}.',
    ],
    [
      'a player nobody knows',
      { player: 'nobody' },
      'it is refused (userNotFound); the wallet said: HTTP 404 {"error":{"code":"NO_PLAYER"}}.',
    ],
    [
      'a page instead of the wallet',
      { faults: [{ fault: 'html-200' }] },
      'the wallet said: HTTP 200 <!doctype html><title>Welcome</title><h1>It works!</h1>.',
    ],
    [
      'nobody who answers',
      { faults: [{ fault: 'reset-before' }] },
      'The wallet could not be asked: the player’s balance cannot be read: ',
    ],
    ['nothing in the reply', { faults: [{ fault: 'empty-200' }] }, 'the wallet said: HTTP 200, nothing in it.'],
  ])('says what is wrong: %s', async (_, how, said) => {
    const { exitCode, lines } = await probe({}, [], { ...how, balanceOnly: true });

    expect(exitCode).toBe(2);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(said);
  });
});

describe('a probe that must stop', () => {
  test('says what it learned so far, and leaves the money as it was', async () => {
    let steps = 0;
    const { exitCode, lines, found } = await probe({}, [], { mustEnd: () => ++steps > 5 });

    expect(exitCode).toBe(2);
    expect(rows(lines)).toHaveLength(5);
    expect(found()).toBeNull();
    expect(lines).toContain('  # withdraw:');
    expect(lines.at(-1)).toBe('The probe had to stop: it was told to end.');
    expect(unseen(lines).at(-1)).toMatch(/^- not tried: a bet: repeatable: successes, as the file says; a bet: repeat/);
    expect(money('alice')).toBe(10_000n);
  });

  test('tells what was refuted before', async () => {
    let steps = 0;
    const { exitCode, lines } = await probe({ kind: 'none' }, [], { mustEnd: () => ++steps > 2 });

    expect(exitCode).toBe(1);
    expect(broken(lines)[1]).toContain('- a bet: the file says repeatable: always, the wallet showed no');
    expect(money('alice')).toBe(10_000n);
  });

  test('at a win it does not understand keeps what bets showed', async () => {
    const { exitCode, lines, found } = await probe({}, [
      [
        'receipt: ${response.body.creditId}',
        'receipt: ${response.body.creditId}\n      applied: ${response.status == 299}',
      ],
      [
        '      applied: ${response.status == 201 && response.body.reference == sent.body.reference}\n      balance: ${money.fromMinor(response.body.balanceMinor)}\n      receipt: ${response.body.creditId}',
        '      balance: ${money.fromMinor(response.body.balanceMinor)}\n      receipt: ${response.body.creditId}',
      ],
    ]);

    expect(exitCode).toBe(2);
    expect(found()).toMatchObject({ withdraw: { repeatable: 'always' } });
    expect(lines.at(-1)).toMatch(/a simple deposit of 1\.00 was read as unknown .* the wallet said: HTTP 201 /);
    expect(money('alice')).toBe(10_000n);
  });

  test('because a wallet is away for a moment puts the money back when it is there again', async () => {
    const faults = [
      { fault: 'reset-after', match: { method: 'POST', pathIncludes: '/debits' } },
      { fault: 'status-502-before', match: { method: 'GET' }, times: 2 },
    ];
    const { exitCode, lines } = await probe({}, [], {
      faults: [{ fault: 'no-balance', match: { method: 'GET' } }, ...faults],
    });

    expect(exitCode).toBe(2);
    expect(lines.at(-1)).toContain('balance cannot be read');
    expect(money('alice')).toBe(10_000n);
  });
});

test('a reply that never came is not seen, and refutes nothing', async () => {
  const { exitCode, lines, found } = await probe({}, [withLookup], {
    faults: [{ fault: 'hang', match: { pathIncludes: '/v2/transactions/' }, times: 4 }],
  });

  expect(exitCode).toBe(0);
  expect(found()).toMatchObject({ withdraw: { repeatable: 'always' } });
  expect(unseen(lines)[0]).toMatch(
    /^- a bet: whether the lookup tells what was done from what was never sent, as the file says: the lookup of a bet: read as unknown/,
  );
});

test('an amount is shown as money, however it was written', async () => {
  const { lines } = await probe({}, [], { amount: '1', consent: false });

  expect(lines.join('\n')).toContain('bets and wins of 1.00: each again');
  expect(lines.join('\n')).toContain('moves up to 20.00 if');
});

describe('fields', () => {
  test('of all callbacks are sent', async () => {
    const { exitCode, lines } = await probe(
      { session: 'of-2001' },
      [
        [
          'request: { method: POST }',
          'request: { method: POST, headers: { X-Session: "of-${request.?gameID.orValue(\'\')}" } }',
        ],
      ],
      { fields: { gameID: '2001' } },
    );

    expect(lines.at(-1)).toBe('The file promises no more than that.');
    expect(exitCode).toBe(0);
  });

  test.each([
    ['gameId', 'there is no such field – did you mean "gameID"?'],
    ['roundID', 'not taken; each bet has a new one'],
    ['userID', 'not taken; say it with --player'],
    ['agentID', 'the file has no such agent; expected one of DEMO01'],
  ])('of the name %s are not taken', async (name, said) => {
    const { exitCode, lines } = await probe({}, [], { fields: { [name]: 'x' } });

    expect(exitCode).toBe(2);
    expect(lines.join('\n')).toContain(`--field ${name}: ${said}`);
  });
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
    [
      'with a player nobody knows',
      { player: 'nobody' },
      'balance cannot be read: it is refused (userNotFound); the wallet said: HTTP 404 {"error":{"code":"NO_PLAYER"}}.',
    ],
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
    expect(lines.at(-1)).toMatch(
      /a simple withdraw of 1.00 was read as unknown .* the balance changed by -1.00; the wallet said: HTTP 201 /,
    );
    expect(lines.join('\n')).not.toContain('than before');
    expect(money('alice')).toBe(10_000n);
  });
});
