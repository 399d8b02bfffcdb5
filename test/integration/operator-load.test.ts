import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { formatProblem } from '../../src/yaml/diagnostics.js';
import { lints } from '../../src/operators/lints/lints.js';
import { loadOperators } from '../../src/operators/load.js';
import { runExamples } from '../../src/commands/check/run-examples.js';
import { seamless } from '../../src/protocol/dialects/seamless.js';
import { v2 } from '../../src/protocol/dialects/v2.js';
import { sampleCalls } from '../../src/commands/samples/sample-callback.js';
import { environment, fileWith, loadTexts, operatorOf, problemsOf, soundFile } from '../support/operator-text.js';

const mistyped = join(__dirname, '../vectors/mistyped');
const examples = join(__dirname, '../../config/examples');

describe('a mistyped file is refused with its line and column', () => {
  test.each(readdirSync(mistyped))('%s', (name) => {
    const text = readFileSync(join(mistyped, name), 'utf8');
    const expected = text
      .split('\n')
      .filter((line) => line.startsWith('# expect: '))
      .map((line) => line.slice('# expect: '.length));

    const problems = problemsOf(text, { inspect: runExamples });

    expect(expected.length).toBeGreaterThan(0);
    expect(problems).toEqual(expected);
  });

  test('and each lint has a file it finds something in', () => {
    const idle = new Set(lints);
    for (const lint of lints) {
      const { find } = lint;
      jest.spyOn(lint, 'find').mockImplementation(function* (compiled) {
        for (const finding of find(compiled)) {
          idle.delete(lint);
          yield finding;
        }
      });
    }

    for (const name of readdirSync(mistyped)) problemsOf(readFileSync(join(mistyped, name), 'utf8'));
    jest.restoreAllMocks();

    expect([...idle].map((lint) => lints.indexOf(lint))).toEqual([]);
  });

  test('all mistakes of all files come in one run', () => {
    const { operators, problems } = loadTexts({
      'a.yaml': fileWith(['path: /debits', 'path: debits'], ['repeatable: always', 'repeatable: allways']),
      'b.yaml': fileWith(
        ['operator: sound', 'operator: other'],
        ['SOUND01', 'OTHER01'],
        ['${request.amount.minor()}', '${request.amont.minor()}'],
        ['rollback: inverse', 'rollback: inverse\n  lookups: {}'],
      ),
      'c.yaml': fileWith(['operator: sound', 'operator: third'], ['SOUND01', 'THIRD01']),
    });

    expect(operators.map(({ name }) => name)).toEqual(['third']);
    expect(problems.map(({ file, line, path }) => [file, line, path])).toEqual([
      ['a.yaml', 10, 'wallet.repeatable'],
      ['b.yaml', 16, 'operations.withdraw.request.body.cents'],
      ['b.yaml', 21, 'operations.lookups'],
    ]);
  });

  test('mistakes of different kinds come together, once the shape is right', () => {
    const problems = problemsOf(
      fileWith(
        ['path: /debits', 'path: debits'],
        ['https://wallet.example/api/', 'wallet.example'],
        ['{ env: GSP_KEY }', '{ env: NOT_SET }'],
        ['response.status == 200', 'response.status == "200"'],
      ),
    );

    expect(problems.map((problem) => problem.split(' ')[1])).toEqual([
      'secrets.gsp.env:',
      'wallet.baseUrl:',
      'wallet.applied:',
      'operations.withdraw.request.path:',
    ]);
  });
});

describe('files beside one another', () => {
  test('an agent belongs to one operator, and an operator has one file', () => {
    const { operators, problems } = loadTexts({ 'a.yaml': soundFile, 'b.yaml': soundFile });

    expect(operators.map(({ name }) => name)).toEqual(['sound']);
    expect(problems.map(formatProblem)).toEqual([
      'b.yaml:2:11 operator: stands in a.yaml already; expected each only once',
      'b.yaml:4:23 platform.agents[0].agentID: stands in a.yaml already; expected each only once',
    ]);
  });

  test('a directory is its files', () => {
    const old = { OLDCGI_GSP_KEY: 'old-cgi-test-key', OLDCGI_SALT: 'e', OLDCGI_WALLET_URL: 'http://127.0.0.1:1' };
    const { operators, problems } = loadOperators([examples], {
      env: {
        ...environment,
        MINIMAL_GSP_KEY: 'minimal-test-key',
        MINIMAL_WALLET_TOKEN: 'b',
        LIGHTHOUSE_GSP_KEY: 'lighthouse-test-key',
        LIGHTHOUSE_WALLET_TOKEN: 'c',
        NORTHSTAR_GSP_KEY: 'northstar-test-key',
        NORTHSTAR_GSP_KEY_YEN: 'northstar-yen-test-key',
        ...old,
      },
      readFile: (path) => (path.startsWith('/run/secrets/') ? 'token\n' : readFileSync(path, 'utf8')),
      inspect: runExamples,
    });

    // What an old wallet cannot prove is said of it, and nothing else.
    expect(problems.map(({ severity, path }) => `${severity} ${path}`)).toEqual([
      'warning operations.withdraw',
      'warning operations.deposit',
    ]);
    expect(operators.map(({ name }) => name)).toEqual(['lighthouse', 'minimal', 'northstar', 'old-cgi']);
  });

  test('what cannot be read is a problem, not an exception', () => {
    const { operators, problems } = loadOperators(['/no/such/file.yaml', join(__dirname, '../vectors')], { env: {} });

    expect(operators).toEqual([]);
    expect(problems.map(({ message }) => message)).toEqual([
      'this cannot be read; expected an operator file, or a directory with files *.yaml',
      'this cannot be read; expected an operator file, or a directory with files *.yaml',
    ]);
  });

  test('nothing that can be typed makes the loader throw', () => {
    const piece = fc.constantFrom(
      '',
      '{',
      '}',
      '[',
      ']',
      ': ',
      '\n',
      "'",
      '"',
      '${',
      '&a ',
      '*a ',
      '? ',
      '- ',
      '!x ',
      '0',
      '\t',
      '#',
      '|\n',
      '...\n',
      '\ufeff',
    );
    let loaded = 0;

    fc.assert(
      fc.property(fc.nat(soundFile.length), fc.oneof(fc.constant(0), fc.nat(8)), piece, (at, cut, typed) => {
        const text = soundFile.slice(0, at) + typed + soundFile.slice(at + cut);

        const { operators, problems } = loadTexts({ file: text });

        expect(operators.length > 0 || problems.length > 0).toBe(true);
        loaded += operators.length;
      }),
      { numRuns: 150 },
    );
    expect(loaded).toBeGreaterThan(0);
  });
});

describe('secrets', () => {
  const withToken = (secret: string, more = '') =>
    fileWith(
      ['  gsp: { env: GSP_KEY }', `  gsp: { env: GSP_KEY }\n  token: ${secret}`],
      ['repeatable: always', `repeatable: always\n  auth: { type: bearer, token: token }${more}`],
    );
  const authorization = (text: string, options = {}) => {
    const made = operatorOf(text, options).wallet.balance.render({ player: { agentID: 'SOUND01', userID: 'ann' } }, 0);
    return made.kind === 'request' ? made.request.headers['Authorization'] : made.because;
  };

  test('come from the environment or from a file, without the line break at its end', () => {
    const text = withToken('{ file: /run/secrets/token }');
    const readFile = (path: string) => (path === '/run/secrets/token' ? 'from-a-file\n' : text);

    expect(authorization(withToken('{ env: WALLET_TOKEN }'))).toBe('Bearer wallet-token');
    expect(authorization(text, { readFile })).toBe('Bearer from-a-file');
  });

  test('an empty one is not set', () => {
    expect(problemsOf(withToken('{ env: EMPTY }'), { env: { ...environment, EMPTY: '' } })).toHaveLength(1);
  });

  test('an optional one may be missing, from keys and from requests', () => {
    const text = fileWith(
      ['keys: [gsp]', 'keys: [gsp, next]'],
      ['  gsp: { env: GSP_KEY }', '  gsp: { env: GSP_KEY }\n  next: { env: NEXT, optional: true }'],
      ["cents: '${request.amount.minor()}'", "next: '${secrets.?next}', cents: '${request.amount.minor()}'"],
    );

    expect(operatorOf(text).agents[0]?.keys).toHaveLength(1);
    expect(operatorOf(text, { env: { ...environment, NEXT: 'platform-next-key' } }).agents[0]?.keys).toHaveLength(2);
  });

  test('an agent whose only key is optional and missing cannot be verified', () => {
    expect(problemsOf(fileWith(['{ env: GSP_KEY }', '{ env: NOT_SET, optional: true }']))).toEqual([
      '4:53 platform.agents[0].keys: none of these secrets is set; expected at least one that is',
    ]);
  });

  test.each([
    ['fifteen-bytes-1', 1],
    ['k', 1],
    ['sixteen-bytes-16', 0],
    ['fünfzehn-bytes!', 0],
  ])('one that signs has 16 bytes at least, and is not shown: %s', (key, problems) => {
    const options = { env: { ...environment, GSP_KEY: key } };

    expect(problemsOf(soundFile, options)).toHaveLength(problems);
    expect(problemsOf(soundFile, options).join()).not.toContain(`${key} `);
  });

  test('one that signs is measured without the line break at its end', () => {
    const text = fileWith(['{ env: GSP_KEY }', '{ file: /key }']);
    const from = (key: string) => problemsOf(text, { readFile: (path) => (path === '/key' ? key : text) });

    expect([from('fifteen-bytes-1\n'), from('fifteen-bytes-1\r\n'), from('sixteen-bytes-16\n')]).toEqual([
      [expect.stringContaining('platform.agents[0].keys[0]: a key of fewer than 16 bytes')],
      [expect.stringContaining('platform.agents[0].keys[0]: a key of fewer than 16 bytes')],
      [],
    ]);
  });

  test('every key of an agent is measured, those for the wallet are not', () => {
    const next = withToken('{ env: SHORT_GSP_KEY }').replace('keys: [gsp]', 'keys: [gsp, token]');

    expect(problemsOf(withToken('{ env: SHORT_GSP_KEY }'))).toEqual([]);
    expect(problemsOf(next)).toEqual([expect.stringContaining('platform.agents[0].keys[1]: a key of fewer than')]);
  });

  test('a short one is taken where that is said on purpose', () => {
    const weak = fileWith(['{ env: GSP_KEY }', '{ env: SHORT_GSP_KEY }']);

    expect(problemsOf(weak.replace('errors:', 'policy: { risks: [weakKeys] }\nerrors:'))).toEqual([]);
    expect(problemsOf(weak.replace('errors:', 'policy: { risks: [shortRetention] }\nerrors:'))).toHaveLength(1);
  });

  test('no message repeats a value that may be one', () => {
    const wrong = [
      withToken('s3cr3t'),
      withToken('[s3cr3t]'),
      withToken('s3cr3t', "\n  request: { headers: { X-Token: '${secrets.token}' } }"),
      withToken('{ env: s3cr3t }'),
      withToken('{ env: WALLET_TOKEN, file: s3cr3t }'),
      withToken('{ env: WALLET_TOKEN }').replace('token: token }', 'token: s3cr3t }'),
      withToken('{ env: WALLET_TOKEN }').replace('type: bearer', 'type: s3cr3t'),
      withToken('"s3cr3t'),
      withToken('*s3cr3t'),
      withToken('!s3cr3t x'),
      withToken('s3cr3t: x'),
      fileWith(['keys: [gsp]', 'keys: [s3cr3t]']),
      fileWith(['https://wallet', 'https://user:s3cr3t@wallet']),
      fileWith(['https://wallet.example/api/', 's3cr3t']),
      fileWith(['path: /debits', 'path: /debits, headers: { Authorization: Bearer s3cr3t }']),
    ];

    const all = wrong.map((text) => problemsOf(text));

    expect(all.every((problems) => problems.length > 0)).toBe(true);
    expect(all.flat().join('\n')).not.toContain('s3cr3t');
  });
});

describe('what a file promises', () => {
  test('the defaults', () => {
    const { terms, wallet } = operatorOf(fileWith(['  repeatable: always\n', '']));
    const call = { repeatable: 'no', settle: 60_000 };

    expect(terms).toEqual({
      legs: {
        withdraw: { ...call, lookup: false, undo: { ...call, cancelFirst: false, lookup: 'no' } },
        deposit: { ...call, lookup: false, undo: { ...call, cancelFirst: false, lookup: 'no' } },
        betWin: { ...call, lookup: false },
      },
      betWinAsLegs: true,
      whenUnresolved: { withdraw: 'fail', deposit: 'accept', betWin: 'fail', win: 'accept', rollback: 'accept' },
      whenJournalDown: 'askAgain',
      duplicates: 'success',
      zeroAmounts: { withdraw: 'skip', deposit: 'skip', betWin: 'skip' },
      freeSpins: 'skip',
      accept: { most: 1000, maxAge: 72 * 3_600_000 },
      giveUpAfter: 72 * 3_600_000,
      retention: 30 * 86_400_000,
      rememberUnknown: 30 * 86_400_000,
      findByPlayer: true,
      deadline: 9000,
      lease: 15_000,
      storing: 250,
    });
    expect(wallet).toMatchObject({
      concurrency: 64,
      maxReply: 65_536,
      breaker: { openAtPercent: 50, minimumCalls: 20, tryAgainAfter: 10_000 },
    });
    expect([wallet.baseUrl.href, wallet.balance.timeout, wallet.reference('t1-w')]).toEqual([
      'https://wallet.example/api/',
      2500,
      't1-w',
    ]);
  });

  test.each([
    ['retention: 2s', 1],
    ['retention: 86399999ms', 1],
    ['retention: 24h', 0],
    ['retention: 1d', 0],
    ['retention: 2s, risks: [shortRetention]', 0],
    ['retention: 2s, risks: [weakKeys]', 1],
  ])('a transactionID is remembered for a day at least, or that is said on purpose: %s', (policy, problems) => {
    const found = problemsOf(fileWith(['errors:', `policy: { ${policy} }\nerrors:`]));

    expect(found).toHaveLength(problems);
    expect(found.join()).toMatch(problems === 0 ? /^$/ : /^\d+:\d+ policy.retention: a finished transactionID/);
  });

  test.each([
    ['rememberUnknown: 7d', undefined],
    ['rememberUnknown: 31d', 'nothing is remembered longer than policy.retention'],
    ['rememberUnknown: 23h', 'a rollback of what never came is forgotten within a day'],
    ['rememberUnknown: 1h, risks: [shortRetention]', undefined],
    ['retention: 2h, rememberUnknown: 1h', 'a finished transactionID is forgotten within a day'],
  ])('a rollback of what never came is remembered for a day at least: %s', (policy, problem) => {
    const found = problemsOf(fileWith(['errors:', `policy: { ${policy} }\nerrors:`]));

    if (problem === undefined) expect(found).toEqual([]);
    else expect(found.join()).toContain(problem);
  });

  test('an inverse can do what the operation it calls can', () => {
    const { terms } = operatorOf(
      fileWith(['  deposit:\n', '  deposit:\n    repeatable: successes\n    settle: 90s\n']),
    );

    expect(terms.legs.withdraw.undo).toEqual({
      repeatable: 'successes',
      settle: 90_000,
      cancelFirst: false,
      lookup: 'no',
    });
    expect(terms.legs.deposit.undo).toEqual({ repeatable: 'always', settle: 60_000, cancelFirst: false, lookup: 'no' });
  });

  test('a mapping of its own has its own abilities', () => {
    const { terms, wallet } = operatorOf(
      fileWith([
        '  rollback: inverse',
        "  rollback:\n    request: { path: /undo, body: { of: '${original.reference}' } }\n    repeatable: successes\n    settle: 2m\n    cancelFirst: safe\n    whenUnresolved: askAgain",
      ]),
    );
    const undo = { repeatable: 'successes', settle: 120_000, cancelFirst: true, lookup: 'no' };

    expect([terms.legs.withdraw.undo, terms.legs.deposit.undo, terms.whenUnresolved.rollback]).toEqual([
      undo,
      undo,
      'askAgain',
    ]);
    expect(Object.keys(wallet.undo)).toEqual(['withdraw', 'deposit']);
  });

  test('a kind without an undo has none', () => {
    const { terms, wallet } = operatorOf(fileWith(['rollback: inverse', 'rollback: { withdraw: inverse }']));

    expect([terms.legs.withdraw.undo !== undefined, terms.legs.deposit.undo]).toEqual([true, undefined]);
    expect(Object.keys(wallet.undo)).toEqual(['withdraw']);
    expect(Object.keys(operatorOf(fileWith(['rollback: inverse', 'rollback: unsupported'])).wallet.undo)).toEqual([]);
  });

  test('a betWin in one call answers for itself, its win as a deposit', () => {
    const { terms, wallet } = operatorOf(
      fileWith(
        [
          '  rollback: inverse',
          '  betWin:\n    request: { path: /spins }\n    whenUnresolved: askAgain\n  rollback: { withdraw: inverse, betWin: { request: { path: /undo } } }',
        ],
        ['  deposit:\n', '  deposit:\n    whenUnresolved: askAgain\n'],
      ),
    );

    expect(terms).toMatchObject({
      betWinAsLegs: false,
      whenUnresolved: { withdraw: 'fail', betWin: 'askAgain', win: 'askAgain' },
    });
    expect([Object.keys(wallet.send), Object.keys(wallet.undo)]).toEqual([
      ['withdraw', 'deposit', 'betWin'],
      ['withdraw', 'betWin'],
    ]);
  });

  test.each([
    ['3s', 2700],
    ['1s', 900],
    ['20s', 19_000],
  ])('of %s patience an answer may take %i ms', (timeout, deadline) => {
    const text = fileWith(
      ['platform:\n', `platform:\n  timeout: ${timeout}\n`],
      ['repeatable: always', 'repeatable: always\n  timeout: 1ms\n  settle: 2m'],
    );

    const { operators } = loadTexts({ file: text });

    expect(operators[0]?.terms.deadline).toBe(deadline);
  });
});

describe('agents', () => {
  test('have keys, a currency and formats; a sign that cannot be moved needs no memory', () => {
    const formats = "  formats: { userID: '[0-9]{1,12}', transactionID: '[0-9a-f]{32}' }\n";
    const [agent] = operatorOf(fileWith(['secrets:', `${formats}secrets:`])).agents;

    expect(agent).toMatchObject({
      agentID: 'SOUND01',
      operator: 'sound',
      currency: 'EUR',
      dialect: seamless,
      remembersSigns: false,
    });
    expect(agent?.keys.map((key) => key.export().toString())).toEqual(['platform-test-key']);
    expect([agent?.formats['userID']?.('123'), agent?.formats['userID']?.('12a'), agent?.formats['roundID']]).toEqual([
      true,
      false,
      undefined,
    ]);
    expect(operatorOf(soundFile).agents[0]?.remembersSigns).toBe(true);
  });
});

describe('the dialect', () => {
  const withDialect = (lines: string, ...changes: [string, string][]) =>
    fileWith(['platform:\n', `platform:\n${lines}`], ...changes);
  const reading = (expression: string): [string, string] => [
    "cents: '${request.amount.minor()}' } }\n  rollback",
    `cents: '\${request.amount.minor()}', more: '\${${expression}}' } }\n  rollback`,
  ];
  const v2Lines = '  dialect: v2\n';
  const withoutGame = '  dialect: v2\n  signsGameID: false\n';

  test('is spoken as the vendor does', () => {
    const dialectOf = (lines: string) => operatorOf(withDialect(lines)).agents[0]?.dialect;

    expect(dialectOf('')).toBe(seamless);
    expect(dialectOf(v2Lines)).toBe(v2);
    expect(dialectOf('  dialect: v2\n  signsGameID: true\n')).toBe(v2);
    expect(dialectOf(withoutGame)).toBe(v2.withoutGameInSigns);
  });

  test('says which names there are, and whether each callback has a game', () => {
    for (const expression of ['request.gameID', 'request.?gameID', 'request.?refTransactionID', 'request.?endRound'])
      expect(problemsOf(withDialect(v2Lines, reading(expression)))).toEqual([]);
    expect(problemsOf(withDialect(withoutGame, reading('request.gameID'))).join()).toContain(
      'gameID is optional: write request.?gameID',
    );
    expect(problemsOf(withDialect('', reading('request.gameID'))).join()).toContain('write request.?gameID');
    expect(problemsOf(withDialect('', reading('request.?refTransactionID')))).toEqual([
      expect.stringMatching(
        /^\d+:\d+ operations\.deposit\.request\.body\.more: no callback of the dialect seamless has a refTransactionID; expected a name it has, or platform\.dialect: v2$/,
      ),
    ]);
  });

  test('of a file is that of its preset’s callbacks, which may read whatever any brings', () => {
    const preset = (dialect: string) =>
      operatorOf(
        `operator: preset\nextends: hub88\nplatform:\n  dialect: ${dialect}\n  agents: [{ agentID: A1, currency: EUR, keys: [gsp] }]\n` +
          'secrets: { gsp: { env: GSP_KEY }, privateKey: { env: NOT_SET } }\nwallet: { baseUrl: https://wallet.example }\n' +
          'settings: { gameCode: gsp_slots }\n',
        { standIns: true },
      );
    const closes = (dialect: string, fields: Record<string, string>) => {
      const sampled = sampleCalls(preset(dialect), { operation: 'deposit', fields });
      const [sample] = 'calls' in sampled ? sampled.calls : [];
      const made = sample?.call.render(sample.subject, 0);
      return made?.kind === 'request'
        ? /"round_closed":(\w+)/.exec(Buffer.from(made.request.body ?? []).toString())?.[1]
        : made;
    };

    expect(closes('seamless', {})).toBe('true');
    expect(closes('v2', { endRound: 'true' })).toBe('true');
    expect(closes('v2', { endRound: 'false' })).toBe('false');
  });
});

describe('the wallet a record is begun with', () => {
  const homesOf = (...changes: [string, string][]) => operatorOf(fileWith(...changes)).homes;
  const address = 'https://wallet.example/api/';

  test('is told by operator and origin, whatever the path', () => {
    const { today } = homesOf();

    expect(today).toEqual({ operator: 'sound', origin: expect.stringMatching(/^[\w-]{6}$/) });
    expect(homesOf([address, 'https://wallet.example/v2']).today).toEqual(today);
    expect(homesOf([address, 'https://wallet.example:8443/api/']).today).not.toEqual(today);
    expect(homesOf([address, 'https://wallet2.example/api/']).today).not.toEqual(today);
  });

  test('is known under its former origins', () => {
    const { today } = homesOf();
    const moved = homesOf([
      `baseUrl: ${address}`,
      'baseUrl: https://new.example\n  formerly: [https://wallet.example, http://127.0.0.1:8080]',
    ]);

    expect(moved.formerly.has(today.origin)).toBe(true);
    expect(moved.formerly.size).toBe(2);
  });

  test.each(['wallet.example', 'https://wallet.example/api', 'ftp://wallet.example'])('is not named by %s', (text) => {
    const problems = problemsOf(fileWith([`baseUrl: ${address}`, `baseUrl: ${address}\n  formerly: [${text}]`]));

    expect(problems.join()).toContain('wallet.formerly[0]: not an origin; expected scheme, host and port only');
  });
});
