// From a body to a callback: what it then says, in which order a wrong one is rejected, and how strictly JSON
// is read.

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isLosslessNumber, parse as parseLossless } from 'lossless-json';
import type { Operation } from '../../../src/domain/callback.js';
import { dialectOf, type Dialect } from '../../../src/protocol/dialects/dialect.js';
import { seamless } from '../../../src/protocol/dialects/seamless.js';
import { v2 } from '../../../src/protocol/dialects/v2.js';
import { readCallback } from '../../../src/protocol/read-callback.js';
import { readJson } from '../../../src/protocol/read-json.js';
import type { Agent } from '../../../src/protocol/agent.js';
import { callbackBody, signCallback, wires, type Callback as Sent } from '../../../src/stand-ins/platform-callback.js';
import {
  bet,
  keyOf,
  roundID,
  secret,
  signedBody,
  signText,
  someAgent,
  transactionID,
} from '../../support/platform-side.js';

const operations = {
  GetBalance: 'getBalance',
  Withdraw: 'withdraw',
  Deposit: 'deposit',
  BetWin: 'betWin',
  RollbackTransaction: 'rollback',
} as const satisfies Record<string, Operation>;
type CallbackPath = keyof typeof operations;

const read = (path: CallbackPath, body: string, agent: Agent = someAgent()) =>
  readCallback(operations[path], Buffer.from(body), (agentID) => (agentID === agent.agentID ? agent : undefined));

function callbackOf(path: CallbackPath, body: string, agent?: Agent) {
  const result = read(path, body, agent);
  if (result.kind === 'rejected') throw new Error(`rejected: ${result.because}`);
  return result.callback;
}

const fingerprintOf = (path: CallbackPath, fields: Record<string, unknown>): string => {
  const callback = callbackOf(path, signedBody(fields));
  return 'fingerprint' in callback ? callback.fingerprint : '';
};

describe('a verified callback says', () => {
  test('GetBalance: whose balance', () => {
    const agent = someAgent({ remembersSigns: false });

    expect(callbackOf('GetBalance', signedBody({ agentID: 'Partner01', userID: 'Player01' }), agent)).toEqual({
      kind: 'getBalance',
      agentID: 'Partner01',
      userID: 'Player01',
    });
  });

  test('Withdraw: the stake', () => {
    const callback = callbackOf('Withdraw', signedBody(bet));

    expect(callback).toMatchObject({ kind: 'withdraw', transactionID, content: { kind: 'withdraw', roundID } });
    expect(callback).toHaveProperty('content.bet.units', 1230n);
    expect(callback).not.toHaveProperty('content.win');
  });

  test('Deposit: what is paid', () => {
    const callback = callbackOf('Deposit', signedBody({ ...bet, amount: '0.00' }));

    expect(callback).toMatchObject({ kind: 'deposit', content: { kind: 'deposit' } });
    expect(callback).toHaveProperty('content.win.units', 0n);
    expect(callback).not.toHaveProperty('content.bet');
  });

  test('BetWin: both', () => {
    const { agentID, userID } = bet;
    const fields = { agentID, userID, betAmount: '10.00', winAmount: '5.00', transactionID, roundID };

    const callback = callbackOf('BetWin', signedBody(fields));

    expect(callback).toHaveProperty('content.bet.units', 1000n);
    expect(callback).toHaveProperty('content.win.units', 500n);
  });

  test('RollbackTransaction: what it takes back', () => {
    const { agentID, userID } = bet;
    const agent = someAgent({ remembersSigns: false });

    expect(callbackOf('RollbackTransaction', signedBody({ agentID, userID, transactionID }), agent)).toEqual({
      kind: 'rollback',
      agentID,
      userID,
      transactionID,
    });
  });

  test('its sign, only where that must be remembered', () => {
    const sign = signText(Object.values(bet).join(''));

    expect(callbackOf('Withdraw', signedBody(bet))).toHaveProperty('sign', sign);
    expect(callbackOf('Withdraw', signedBody(bet), someAgent({ remembersSigns: false }))).not.toHaveProperty('sign');
  });

  test('the same sign, whether it is a balance query or a rollback', () => {
    const query = signedBody({ agentID: 'Partner01', userID: `Player01${transactionID}` });
    const rollback = signedBody({ agentID: 'Partner01', userID: 'Player01', transactionID });
    const sign = signText(`Partner01Player01${transactionID}`);

    expect(callbackOf('GetBalance', query)).toHaveProperty('sign', sign);
    expect(callbackOf('RollbackTransaction', rollback)).toHaveProperty('sign', sign);
  });

  test('identifiers sent as numbers, digit by digit', () => {
    const long = '12345678901234567890123.10';
    const body = `{"agentID":"Partner01","userID":${long},"gameID":2001,"sign":"${signText(`Partner01${long}`)}"}`;

    expect(callbackOf('GetBalance', body, someAgent({ remembersSigns: false }))).toEqual({
      kind: 'getBalance',
      agentID: 'Partner01',
      userID: long,
      gameID: '2001',
    });
  });

  test.each([[null], [true], [{}], [''], ['x'.repeat(257)], ['\ud800']])('no game for a gameID of %j', (gameID) => {
    const sign = signText(Object.values(bet).join(''));

    expect(callbackOf('Withdraw', JSON.stringify({ ...bet, gameID, sign }))).not.toHaveProperty('gameID');
  });

  test.each([
    ['Withdraw', true, true],
    ['Withdraw', false, undefined],
    ['Withdraw', 'true', undefined],
    ['Withdraw', 1, undefined],
    ['Withdraw', null, undefined],
    ['Deposit', true, undefined],
  ] as const)('%s with freeSpin %j: free spin %s', (path, freeSpin, expected) => {
    const body = JSON.stringify({ ...bet, freeSpin, sign: signText(Object.values(bet).join('')) });

    const callback = callbackOf(path, body);

    expect('content' in callback && callback.content.freeSpin).toBe(expected);
  });
});

describe('both dialects', () => {
  const ids = { agentID: 'Partner01', userID: 'Player01', gameID: '2001' };
  const movement = { ...ids, transactionID, roundID };
  const callbacks: [name: string, callback: Sent][] = [
    ['a balance query', { operation: 'GetBalance', ...ids }],
    ['a bet', { operation: 'Withdraw', ...movement, amount: '12.30' }],
    ['a free spin', { operation: 'Withdraw', ...movement, amount: '0.00', freeSpinID: 'fs1' }],
    ['a win', { operation: 'Deposit', ...movement, amount: '90071992547409.93' }],
    ['nothing won', { operation: 'Deposit', ...movement, amount: '0.00' }],
    ['bet and win at once', { operation: 'BetWin', ...movement, betAmount: '10.00', winAmount: '4.50' }],
    ['a rollback', { operation: 'RollbackTransaction', ...ids, transactionID }],
  ];
  const readIn = (name: keyof typeof wires, dialect: Dialect, callback: Sent) => {
    const body = callbackBody(callback, signCallback(callback, secret, wires[name]), wires[name]);
    return callbackOf(callback.operation, body, someAgent({ dialect, remembersSigns: false }));
  };
  /** What only v2 says is left out. */
  const common = ({ kind, agentID, userID, ...more }: ReturnType<typeof callbackOf>) => {
    const { content } = 'content' in more ? more : {};
    const { bet: stake, win, freeSpin } = content ?? {};
    const { transactionID: id } = 'transactionID' in more ? more : {};
    const fingerprint = 'fingerprint' in more ? more.fingerprint : undefined;
    return { kind, agentID, userID, id, round: content?.roundID, stake, win, freeSpin, fingerprint };
  };

  test.each(callbacks)('say the same of %s', (_name, callback) => {
    const said = common(readIn('seamless', seamless, callback));

    expect(common(readIn('v2', v2, callback))).toEqual(said);
    expect(common(readIn('v2-noGameID', v2.withoutGameInSigns ?? seamless, callback))).toEqual(said);
  });
});

describe('v2', () => {
  const agent = someAgent({ dialect: v2, remembersSigns: false });
  const { agentID, userID } = bet;
  const refTransactionID = '4146ed8dd6d5497780e9fc273e86bae0';
  const ofBet = { agentID, userID, amount: '0.00', transactionID, roundID, gameID: '2001' };
  const ofWin = { agentID, userID, amount: '3.40', refTransactionID, transactionID, roundID, gameID: '2001' };
  const ofBoth = { agentID, userID, betAmount: '0.00', winAmount: '5.00', transactionID, roundID, gameID: '2001' };
  /** The body as it is signed, and what nobody signs, written as JSON. */
  const withUnsigned = (fields: Readonly<Record<string, string>>, unsigned: string) =>
    signedBody(fields).replace(/}$/, `${unsigned}}`);
  const contentOf = (path: CallbackPath, fields: Readonly<Record<string, string>>, unsigned: string) => {
    const callback = callbackOf(path, withUnsigned(fields, unsigned), agent);
    return 'content' in callback ? callback.content : undefined;
  };

  test.each([
    ['"fs1"', 'fs1', true],
    ['71', '71', true],
    ['null', undefined, undefined],
    ['""', undefined, undefined],
    ['true', undefined, undefined],
  ])('a bet of 0.00 with freeSpinID %s', (written, freeSpinID, freeSpin) => {
    const content = contentOf('Withdraw', ofBet, `,"freeSpinID":${written}`);

    expect([content?.freeSpinID, content?.freeSpin]).toEqual([freeSpinID, freeSpin]);
  });

  test('what nobody signs takes no stake away: a bet with an amount is one', () => {
    const content = contentOf('Withdraw', { ...ofBet, amount: '0.01' }, ',"freeSpinID":"fs1","freeSpin":true');

    expect(content).toMatchObject({ freeSpinID: 'fs1', bet: { units: 1n } });
    expect(content).not.toHaveProperty('freeSpin');
  });

  test('a betWin of free spins is one, a win of them is a win', () => {
    expect(contentOf('BetWin', ofBoth, ',"freeSpinID":"fs1"')).toMatchObject({ freeSpinID: 'fs1', freeSpin: true });
    expect(contentOf('Deposit', ofWin, ',"freeSpinID":"fs1"')).toHaveProperty('freeSpinID', 'fs1');
    expect(contentOf('Deposit', ofWin, ',"freeSpinID":"fs1"')).not.toHaveProperty('freeSpin');
  });

  test.each([
    ['1', true],
    ['0', false],
    ['"1"', true],
    ['true', true],
    ['2', undefined],
    ['null', undefined],
  ])('a bet with isBonusBuy %s: %s', (written, expected) => {
    expect(contentOf('Withdraw', ofBet, `,"isBonusBuy":${written}`)?.isBonusBuy).toBe(expected);
    expect(contentOf('Deposit', ofWin, `,"isBonusBuy":${written}`)).not.toHaveProperty('isBonusBuy');
  });

  test.each([
    ['true', true],
    ['false', false],
    ['1', true],
    ['"true"', false],
    ['null', false],
  ])('a win with endRound %s: %s', (written, expected) => {
    expect(contentOf('Deposit', ofWin, `,"endRound":${written}`)?.endRound).toBe(expected);
    expect(contentOf('BetWin', ofBoth, `,"endRound":${written}`)).not.toHaveProperty('endRound');
  });

  test('a win says which bet it pays for; nobody ends its round unless it says so', () => {
    expect(contentOf('Deposit', ofWin, '')).toMatchObject({ refTransactionID, endRound: false });
  });

  test('a rollback names what it takes back, and no transactionID of its own', () => {
    const fields = { agentID, userID, refTransactionID, gameID: '2001' };

    expect(callbackOf('RollbackTransaction', signedBody(fields), agent)).toEqual({
      kind: 'rollback',
      agentID,
      userID,
      transactionID: refTransactionID,
      gameID: '2001',
    });
    expect(read('RollbackTransaction', signedBody({ ...fields, refTransactionID: undefined }), agent)).toMatchObject({
      result: 'wrongInput',
      because: 'refTransactionID is missing or unreadable',
    });
  });

  test('the bet a win names has the format of a transactionID', () => {
    const strict = someAgent({ dialect: v2, formats: { transactionID: (text) => /^[0-9a-f]{32}$/.test(text) } });

    expect(read('Deposit', signedBody(ofWin), strict)).toMatchObject({ kind: 'callback' });
    expect(read('Deposit', signedBody({ ...ofWin, refTransactionID: 'x' }), strict)).toMatchObject({
      result: 'wrongInput',
      because: 'refTransactionID does not match its format',
    });
  });

  test('a game that does not match its format is refused where it is signed, and none where it is not', () => {
    const formats = { gameID: (text: string) => /^[0-9]{4}$/.test(text) };
    const unsigned = v2.withoutGameInSigns ?? seamless;
    const fields = { agentID, userID, gameID: 'slot' };

    expect(read('GetBalance', signedBody(fields), someAgent({ dialect: v2, formats }))).toMatchObject({
      because: 'gameID does not match its format',
    });
    expect(
      callbackOf('GetBalance', signedBody(fields, agentID + userID), someAgent({ dialect: unsigned, formats })),
    ).not.toHaveProperty('gameID');
  });

  test('numbers longer than a double keep their digits, identifiers too', () => {
    const [player, id, round, ref] = ['98765432109876543210', '12345678901234567890123', '90071992547409931', '7'];
    const values = [agentID, player, '90071992547409.93', ref, id, round, '18446744073709551617'];
    const body =
      `{"agentID":"${agentID}","userID":${player},"amount":90071992547409.93,"refTransactionID":${ref},` +
      `"transactionID":${id},"roundID":${round},"gameID":18446744073709551617,"sign":"${signText(values.join(''))}"}`;

    expect(callbackOf('Deposit', body, agent)).toMatchObject({
      userID: player,
      transactionID: id,
      gameID: '18446744073709551617',
      content: { roundID: round, refTransactionID: ref, win: { units: 9007199254740993n } },
    });
  });
});

describe('a fingerprint', () => {
  const { agentID, userID } = bet;
  const betWin = { agentID, userID, betAmount: '10.00', winAmount: '5.00', transactionID, roundID };

  test('has 128 bits', () => {
    expect(fingerprintOf('Withdraw', bet)).toMatch(/^[\w-]{22}$/);
  });

  test('is the same however the amount is written', () => {
    const sign = signText(Object.values(bet).join(''));
    const written = `{"agentID":"Partner01","userID":"Player01","amount":12.3,"transactionID":"${transactionID}","roundID":"${roundID}","freeSpin":true,"sign":"${sign}"}`;

    expect(callbackOf('Withdraw', written)).toHaveProperty('fingerprint', fingerprintOf('Withdraw', bet));
  });

  test('differs with operation, user, amounts and round, also where the sign is the same', () => {
    const prints = [
      fingerprintOf('Withdraw', bet),
      fingerprintOf('Deposit', bet),
      fingerprintOf('Withdraw', { ...bet, userID: 'Player011', amount: '2.30' }),
      fingerprintOf('Withdraw', { ...bet, amount: '12.31' }),
      fingerprintOf('Withdraw', { ...bet, roundID: `${roundID}a` }),
      fingerprintOf('BetWin', betWin),
      fingerprintOf('BetWin', { ...betWin, betAmount: '5.00', winAmount: '10.00' }),
    ];

    expect(new Set(prints).size).toBe(prints.length);
  });
});

describe('in a dialect of other names and another order', () => {
  const player = { agentID: 'agentID', userID: 'who' } as const;
  const movement = { ...player, transactionID: 'id', roundID: 'round' } as const;
  const agent = someAgent({
    remembersSigns: false,
    formats: { userID: (text) => text !== 'Nobody', transactionID: (text) => text !== 'none' },
    dialect: dialectOf({
      ...seamless,
      operations: {
        getBalance: { path: 'Ask', signs: { gameID: 'game', ...player } },
        withdraw: { path: 'Take', signs: { bet: 'stake', ...movement } },
        deposit: { path: 'Give', signs: { ...movement, refTransactionID: 'of', win: 'prize', gameID: 'game' } },
        betWin: { path: 'Both', signs: { win: 'prize', bet: 'stake', ...movement } },
        rollback: { path: 'Undo', signs: { ...player, transactionID: 'of' } },
      },
      sign: 'seal',
      gameID: 'game',
      tells: [],
      besides: (kind, members) => (kind === 'betWin' && typeof members['gift'] === 'string' ? { freeSpin: true } : {}),
    }),
  });
  const sealed = (fields: Record<string, unknown>) =>
    JSON.stringify({ ...fields, seal: signText(Object.values(fields).join('')) });
  const { agentID, userID } = bet;

  test('a callback says the same', () => {
    const withdraw = sealed({ stake: '12.30', agentID, who: userID, id: transactionID, round: roundID });
    const ofSeamless = callbackOf('Withdraw', signedBody(bet), someAgent({ remembersSigns: false }));

    expect(callbackOf('Withdraw', withdraw, agent)).toEqual(ofSeamless);
  });

  test('what is signed besides must be there', () => {
    const fields = { agentID, who: userID, id: transactionID, round: roundID, of: 'bet1', prize: '1.00', game: 'dice' };

    expect(callbackOf('Deposit', sealed(fields), agent)).toMatchObject({ gameID: 'dice', content: { gameID: 'dice' } });
    expect(read('Deposit', sealed({ ...fields, of: undefined }), agent)).toMatchObject({
      result: 'wrongInput',
      because: 'of is missing or unreadable',
    });
  });

  test('what is rolled back goes by the name that a rollback has for it', () => {
    expect(callbackOf('RollbackTransaction', sealed({ agentID, who: userID, of: transactionID }), agent)).toEqual({
      kind: 'rollback',
      agentID,
      userID,
      transactionID,
    });
  });

  test('a free spin is told as the dialect tells it', () => {
    const fields = { prize: '5.00', stake: '0.00', agentID, who: userID, id: transactionID, round: roundID };
    const given = JSON.stringify({ ...fields, gift: 'g1', seal: signText(Object.values(fields).join('')) });

    expect(callbackOf('BetWin', given, agent)).toHaveProperty('content.freeSpin', true);
    expect(callbackOf('BetWin', sealed(fields), agent)).not.toHaveProperty('content.freeSpin');
  });

  test('a rejection names the field as the platform does', () => {
    const fields = { agentID, who: userID, of: transactionID };

    expect(read('RollbackTransaction', signedBody(fields), agent)).toMatchObject({ because: 'seal is missing' });
    expect(read('RollbackTransaction', sealed({ ...fields, who: '' }), agent)).toMatchObject({
      because: 'who is missing or unreadable',
    });
    expect(read('RollbackTransaction', sealed({ ...fields, who: 'Nobody' }), agent)).toMatchObject({
      because: 'who does not match its format',
    });
    expect(read('RollbackTransaction', sealed({ ...fields, of: 'none' }), agent)).toMatchObject({
      because: 'of does not match its format',
    });
  });
});

describe('the checks come in this order', () => {
  const sign = signText(Object.values(bet).join(''));
  const agent = someAgent({ formats: { userID: (text) => /^[a-z]+$/.test(text) } });

  test.each([
    ['unreadable JSON', '{"agentID":', 'wrongInput', 'the body is not a JSON object'],
    ['no agentID', JSON.stringify({ ...bet, agentID: undefined }), 'wrongInput', 'agentID is missing or unreadable'],
    ['unknown agent', JSON.stringify({ ...bet, agentID: 'Other' }), 'invalidAgent', 'unknown agent'],
    ['no sign', JSON.stringify({ ...bet, amount: 'x' }), 'wrongInput', 'sign is missing'],
    ['no amount', JSON.stringify({ ...bet, amount: 'x', sign: 'x' }), 'wrongInput', 'amount is missing or unreadable'],
    ['wrong sign', JSON.stringify({ ...bet, sign: 'x' }), 'invalidSign', 'the sign does not match'],
    ['wrong format', JSON.stringify({ ...bet, sign }), 'wrongInput', 'userID does not match its format'],
  ])('%s', (_name, body, result, because) => {
    expect(read('Withdraw', body, agent)).toMatchObject({ kind: 'rejected', result, because });
  });

  test('the agent is told as soon as it is known', () => {
    expect(read('Withdraw', JSON.stringify({ ...bet, sign: 'x' }))).toHaveProperty('agent.operator', 'northstar');
    expect(read('Withdraw', JSON.stringify({ ...bet, agentID: 'Other' }))).not.toHaveProperty('agent');
  });

  test('formats refuse the border between two fields that a sign does not see', () => {
    const fixed = someAgent({ formats: { transactionID: (text) => /^[0-9a-f]{32}$/.test(text) } });
    const moved = { ...bet, transactionID: `${transactionID}a`, roundID: roundID.slice(1) };

    expect(read('Withdraw', signedBody(bet), fixed)).toMatchObject({ kind: 'callback' });
    expect(read('Withdraw', signedBody(moved), fixed)).toMatchObject({ kind: 'rejected', result: 'wrongInput' });
  });

  test('a new key is accepted beside the old one, and told by its name', () => {
    const agent = someAgent({ keys: [keyOf(secret), keyOf('next')], keyNames: ['gsp', 'gspNext'] });

    expect(read('Withdraw', signedBody(bet), agent)).toMatchObject({ kind: 'callback', key: 'gsp' });
    expect(read('Withdraw', signedBody(bet, undefined, 'next'), agent)).toMatchObject({
      kind: 'callback',
      key: 'gspNext',
    });
  });
});

describe('JSON', () => {
  const membersOf = (text: string) => readJson(Buffer.from(text));

  test('keeps numbers as the text they were', () => {
    expect(membersOf('{"a":12.50,"b":-1E+400,"c":[0.10,{"d":90071992547409.93}],"e":"1"}')).toEqual({
      a: '12.50',
      b: '-1E+400',
      c: ['0.10', { d: '90071992547409.93' }],
      e: '1',
    });
  });

  test('takes nothing inside a text for a number or a key', () => {
    expect(membersOf(String.raw`{"a":":1,\"b\":2","\\":"\\","x:":": 3"}`)).toEqual({
      a: ':1,"b":2',
      '\\': '\\',
      'x:': ': 3',
    });
  });

  test('ignores a byte order mark', () => {
    expect(membersOf('\ufeff{"a":"b"}')).toEqual({ a: 'b' });
  });

  test('makes an ordinary member of __proto__', () => {
    const members = membersOf('{"__proto__":{"agentID":"Partner01"}}');

    expect(members?.['agentID']).toBeUndefined();
    expect(Object.hasOwn(members ?? {}, '__proto__')).toBe(true);
  });

  test.each([
    '{"a":"1","a":"1"}',
    '{"a":"1","a":"2"}',
    '{"a":1, "a" :2}',
    String.raw`{"a":"1","\u0061":"1"}`,
    '{"x":{"a":1,"a":1}}',
    '{"x":[{"y":{"a":1,"a":1}}]}',
    '{"__proto__":1,"__proto__":1}',
    '{"a":"b",":x":1,":x":1}',
  ])('refuses a key that comes twice: %s', (text) => {
    expect(() => void JSON.parse(text)).not.toThrow();
    expect(membersOf(text)).toBeUndefined();
  });

  test('may be nested 16 deep and no deeper', () => {
    const nested = (depth: number) => `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;

    expect(membersOf(nested(16))).toBeDefined();
    expect(membersOf(nested(17))).toBeUndefined();
    expect(membersOf(nested(4000))).toBeUndefined();
  });

  test('agrees with another exact parser on every object, its numbers included', () => {
    const written = fc
      .tuple(
        fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 4 }), { noNullPrototype: true }),
        fc.nat(2),
      )
      .map(([value, indent]) => JSON.stringify(value, null, indent));

    fc.assert(
      fc.property(written, (text) => {
        expect(membersOf(text)).toEqual(numbersAsText(parseLossless(text)));
      }),
      { numRuns: 300 },
    );
  });

  test('is refused where another strict parser refuses it, when one character is gone or doubled', () => {
    const text = `{"a":"x\\n1","b":[1.5,{"c":null}],"d":true}`;
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.boolean(), (at, doubled) => {
        const changed = text.slice(0, at) + (doubled ? text.charAt(at) : '') + text.slice(doubled ? at : at + 1);
        expect(membersOf(changed)).toEqual(orUndefined(() => numbersAsText(parseLossless(changed))));
      }),
    );
  });
});

function numbersAsText(value: unknown): unknown {
  if (isLosslessNumber(value)) return value.toString();
  if (Array.isArray(value)) return value.map(numbersAsText);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, part]) => [key, numbersAsText(part)] as const);
  return Object.fromEntries(entries);
}

function orUndefined(compute: () => unknown): unknown {
  try {
    const value = compute();
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
