// What a file says beyond one call and its answer: sessions, the bet of a round, closing a round, free spins,
// echo checks.

import { describe, expect, jest, test } from '@jest/globals';
import { legsOf } from '../../../src/bridge/legs.js';
import { sampleCalls, type SampleRequest } from '../../../src/commands/samples/sample-callback.js';
import type { Content } from '../../../src/domain/callback.js';
import type { Known } from '../../../src/wallet/compiled-wallet.js';
import { fileWith, operatorOf, problemsOf } from '../../support/operator-text.js';
import { eur } from '../../support/transactions.js';
import type { WalletRequest } from '../../../src/wallet/message.js';

type Change = readonly [string, string];
type Sample = Partial<SampleRequest>;

const bodyOf = ({ body }: WalletRequest): string => Buffer.from(body ?? []).toString();

/** The call of one made-up callback, and the request it makes. */
function callOf(text: string, sample: Sample = {}, known: Known = {}) {
  const sampled = sampleCalls(operatorOf(text), { operation: 'withdraw', fields: {}, ...sample });
  if ('because' in sampled) throw new Error(sampled.because);
  const one = sampled.calls[sampled.calls.length - 1];
  if (one === undefined) throw new Error('no call');
  const subject = { ...one.subject, known: { ...one.subject.known, ...known } };
  const made = one.call.render(subject, 0);
  if (made.kind === 'cannot') throw new Error(made.because);
  return { ...one, subject, request: made.request };
}

const requestBody = (text: string, sample?: Sample, known?: Known): string =>
  bodyOf(callOf(text, sample, known).request);

/** The verdict on a reply, and the session in it. */
function readOf(
  text: string,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
  sample: Sample = {},
) {
  const { call, subject, request } = callOf(text, sample);
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const reply = { status, headers: { 'content-type': 'application/json', ...headers }, body: bytes };
  return call.read(subject, request, reply, 0);
}

const debit = "{ path: /debits, body: { reference: '${reference}', cents: '${request.amount.minor()}' } }";
const credit = "{ path: /credits, body: { reference: '${reference}', cents: '${request.amount.minor()}' } }";
const debiting = (body: string): Change => [debit, `{ path: /debits, body: ${body} }`];
const crediting = (body: string, more = ''): Change => [credit, `{ path: /credits, body: ${body} }${more}`];
const forward: Change = ['errors:', 'policy: { zeroAmounts: forward }\nerrors:'];

describe('what is known of a player', () => {
  const text = fileWith(
    debiting(
      "{ session: '${player.?session.orValue(settings.fallback)}', game: '${player.?gameID}', in: '${player.?currency}' }",
    ),
    ['wallet:', 'settings: { fallback: none }\nwallet:'],
  );

  test('stands in its requests, with the mapping’s own fallback', () => {
    const session = { session: 's1', gameID: '2001', currency: 'EUR' };

    expect(requestBody(text, {}, { session })).toBe('{"session":"s1","game":"2001","in":"EUR"}');
    expect(requestBody(text)).toBe('{"session":"none"}');
  });

  test('is looked up only for calls that read it, in a var too', () => {
    const read = (text: string, sample?: Sample) => callOf(text, sample).call.needs;
    const byVar = fileWith(debiting("{ s: '${vars.s}' }"), [
      'wallet:',
      'vars:\n  s: ${player.?session.orValue("")}\nwallet:',
    ]);

    expect(read(text)).toEqual({ player: true, round: false });
    expect(read(byVar)).toEqual({ player: true, round: false });
    expect(read(text, { operation: 'deposit' })).toBeUndefined();
    expect(read(text, { operation: 'getBalance' })).toBeUndefined();
    expect(read(fileWith())).toBeUndefined();
  });

  test.each([
    ['a path', '/player.php'],
    ['a path of a round', '/round.do/${request.roundID}'],
    ['a quoted name', '/x/${"player.session"}'],
    ['the variable of a macro', '/x/${settings.list.map(player, player.id).join("-")}'],
  ])('is not looked up for what only looks like its name: %s', (_what, path) => {
    const text = fileWith(
      [debit, `{ path: '${path}', body: { ref: '\${reference}' } }`],
      ['wallet:', 'settings: { list: [{ id: a }] }\nwallet:'],
    );

    expect(callOf(text).call.needs).toBeUndefined();
    expect(operatorOf(text).wallet.keepsBets).toBe(false);
  });
});

describe('a session in a reply', () => {
  const text = fileWith([
    "receipt: '${response.body.id}' }",
    "receipt: '${response.body.id}', session: '${response.headers[\"x-session\"]}' }",
  ]);
  const rotated = { 'x-session': 's2' };

  test.each([
    ['applied', 200, { balance: 100 }, 'applied'],
    ['refused', 402, { error: 'FUNDS' }, 'refused'],
    ['not understood', 500, { error: 'OOPS' }, 'unknown'],
  ] as const)('is found where the reply is %s', (_what, status, body, kind) => {
    const read = readOf(text, status, body, rotated);

    expect([read.verdict.kind, read.session]).toEqual([kind, 's2']);
  });

  test.each([
    ['is no JSON', 200, '<html>', rotated],
    ['is a redirect', 302, '{}', rotated],
    ['has none', 200, '{}', {}],
    ['has an empty one', 200, '{}', { 'x-session': '' }],
    ['has one of no sensible length', 200, '{}', { 'x-session': 's'.repeat(5000) }],
  ])('is not there where the reply %s', (_what, status, body, headers) => {
    expect(readOf(text, status, body, headers).session).toBeUndefined();
  });

  test('is looked for only where the file says so', () => {
    expect(readOf(fileWith(), 200, { balance: 100 }, rotated)).toEqual({
      verdict: expect.objectContaining({ kind: 'applied' }),
    });
  });

  test('is found in the reading that gives the verdict, so that the bytes are decoded once', () => {
    const { call, subject, request } = callOf(text);
    const body = Buffer.from('{"balance":100}');
    const read = jest.spyOn(call.codecs.response, 'read');

    expect(call.read(subject, request, { status: 200, headers: rotated, body }, 0)).toMatchObject({
      verdict: { kind: 'applied' },
      session: 's2',
    });
    expect(read).toHaveBeenCalledTimes(1);
  });
});

describe('the bet of a round', () => {
  const text = fileWith(
    crediting(
      "{ bet: '${round.?bet.reference}', debit: '${round.?bet.?receipt}', staked: '${round.?bet.amount.orValue(money.fromMinor(0)).minor()}' }",
    ),
  );
  const bet = { reference: 'gsp-t0', receipt: 'd-1', amount: eur('12.30') };
  const deposit = { operation: 'deposit' } as const;

  test('stands in the win’s request, and is left out where nothing is known', () => {
    expect(requestBody(text, deposit, { bet })).toBe('{"bet":"gsp-t0","debit":"d-1","staked":1230}');
    expect(requestBody(text, deposit)).toBe('{"staked":0}');
    expect(callOf(text, deposit).call.needs).toEqual({ player: false, round: true });
  });

  test('a wallet with a call that reads it keeps bets, and no other does', () => {
    expect(operatorOf(text).wallet.keepsBets).toBe(true);
    expect(operatorOf(fileWith()).wallet.keepsBets).toBe(false);
  });

  test('of a betWin in legs is its own bet', () => {
    const fields = { transactionID: 't1', betAmount: '5.00', winAmount: '7.00' };

    expect(requestBody(text, { operation: 'betWin', fields })).toBe('{"bet":"t1","staked":500}');
  });
});

describe('a balance that is not to be trusted', () => {
  const text = fileWith(['    request: { path: /debits,', '    after: balance\n    request: { path: /debits,']);

  test('is not taken from the reply, of a yes or of a no', () => {
    expect(readOf(text, 200, { balance: 100, id: 'd-1' }).verdict).toEqual({ kind: 'applied', receipt: 'd-1' });
    expect(readOf(text, 402, { balance: 100, error: 'FUNDS' }).verdict).toEqual({
      kind: 'refused',
      result: 'insufficientFunds',
      because: 'errors[0] holds (HTTP 402)',
    });
    expect(readOf(fileWith(), 200, { balance: 100, id: 'd-1' }).verdict).toMatchObject({ balance: eur('1.00') });
  });
});

describe('the closing of a round', () => {
  const closing = (more = '', body = "{ round: '${request.roundID}', win: '${reference}' }") =>
    fileWith(
      crediting(
        "{ reference: '${reference}', cents: '${request.amount.minor()}' }",
        '\n    after: [closeRound, balance]',
      ),
      [
        '  rollback: inverse',
        `  closeRound:\n    request: { path: /close, body: ${body} }${more}\n  rollback: inverse`,
      ],
      forward,
    );

  test('names the round and the win, and what else its request reads', () => {
    const body =
      "{ round: '${request.roundID}', win: '${reference}', cents: '${request.amount.minor()}', bet: '${round.?bet.reference}', session: '${player.?session}' }";
    const sample = {
      operation: 'closeRound',
      fields: { roundID: 'r1', transactionID: 't1', amount: '7.00', session: 's1', bet: 'gsp-t0' },
    } as const;

    const { request, call } = callOf(closing('', body), sample);

    expect([request.path, bodyOf(request)]).toEqual([
      '/close',
      '{"round":"r1","win":"t1","cents":700,"bet":"gsp-t0","session":"s1"}',
    ]);
    expect(call.needs).toEqual({ player: true, round: true });
  });

  test('follows the wins of the kinds that say so', () => {
    const { wallet } = operatorOf(closing());

    expect([...(wallet.closeRound?.after ?? [])]).toEqual(['deposit']);
    expect(operatorOf(fileWith()).wallet.closeRound).toBeUndefined();
  });

  test('has a condition, which may be none', () => {
    const due = (text: string, amount: string) => {
      const { call, subject } = callOf(text, { operation: 'closeRound', fields: { amount } });
      return call.isDue?.(subject, 0);
    };
    const lost = closing('\n    when: ${request.amount == money.fromMajor("0")}');

    expect([due(lost, '0.00'), due(lost, '1.00'), due(closing(), '1.00')]).toEqual([true, false, undefined]);
    expect(
      due(
        closing('\n    when: ${settings.table[request.userID] == 1}').replace(
          'policy:',
          'settings: { table: {} }\npolicy:',
        ),
        '1.00',
      ),
    ).toBe(false);
  });

  test('may as well be a flag in the win’s own request', () => {
    const text = fileWith(crediting('{ closed: \'${request.amount == money.fromMajor("0") ? "Y" : "N"}\' }'), forward);
    const closed = (amount: string) => requestBody(text, { operation: 'deposit', fields: { amount } });

    expect([closed('0.00'), closed('1.00')]).toEqual(['{"closed":"Y"}', '{"closed":"N"}']);
  });
});

describe('the session a bet was sent with', () => {
  const undo =
    "rollback: { withdraw: { request: { path: /undo, body: { sid: '${original.?session}', r: '${reference}' } } } }";
  const text = fileWith(['rollback: inverse', undo]);
  const rolledBack = (fields: SampleRequest['fields']) =>
    requestBody(text, { operation: 'rollback', fields: { transactionID: 't1', ...fields } });

  test('stands in its undo', () => {
    expect(rolledBack({ session: 'now', 'original.session': 'then' })).toBe('{"sid":"then","r":"t1-r"}');
    expect(rolledBack({ session: 'now' })).toBe('{"sid":"now","r":"t1-r"}');
    expect(rolledBack({})).toBe('{"r":"t1-r"}');
  });

  test('is kept only where a call reads it, and then every send is told of the player', () => {
    const plain = operatorOf(fileWith()).wallet;
    const { wallet } = operatorOf(text);

    expect([plain.sentWithLifetime, plain.send.deposit?.needs]).toEqual([undefined, undefined]);
    expect(wallet.sentWithLifetime).toBe(30 * 86_400_000);
    expect(wallet.send.deposit?.needs).toEqual({ player: true, round: false });
    expect(wallet.undo.withdraw?.needs).toEqual({ player: false, round: false, sentWith: true });
  });

  test('may be absent, and is read so', () => {
    expect(problemsOf(text.replace('.?session', '.session'))).toEqual([
      expect.stringContaining('body.sid: session is optional: write original.?session'),
    ]);
  });
});

describe('a movement of nothing', () => {
  const oneCall =
    "  betWin:\n    zeroAmounts: forward\n    request: { path: /both, body: { r: '${reference}', w: '${winReference}', b: '${request.betAmount.minor()}', c: '${request.winAmount.minor()}' } }\n  rollback: unsupported";
  const legsWith = (content: Partial<Content> & Pick<Content, 'kind'>, ...changes: Change[]): string[] => {
    const { wallet, terms } = operatorOf(fileWith(...changes));
    const zero = eur('0.00');
    const amounts = {
      ...(content.kind !== 'deposit' && { bet: zero }),
      ...(content.kind !== 'withdraw' && { win: zero }),
    };
    const legs = legsOf({ roundID: 'r', ...amounts, ...content }, 't1', terms, (id) => wallet.reference(id));
    return legs.map(({ kind }) => kind);
  };
  const wins: Change = ['deposit:\n', 'deposit:\n    zeroAmounts: forward\n'];
  const notBets: Change = ['withdraw:\n', 'withdraw:\n    zeroAmounts: skip\n'];

  test('is a call where its operation says so, whatever the others do', () => {
    expect(legsWith({ kind: 'deposit' }, wins)).toEqual(['deposit']);
    expect(legsWith({ kind: 'withdraw' }, wins)).toEqual([]);
    expect(legsWith({ kind: 'withdraw' }, notBets, forward)).toEqual([]);
    expect(legsWith({ kind: 'deposit' }, notBets, forward)).toEqual(['deposit']);
  });

  test('goes leg by leg in a betWin of two calls, and by its own word in one of one call', () => {
    expect(legsWith({ kind: 'betWin' }, wins)).toEqual(['deposit']);
    expect(legsWith({ kind: 'betWin', bet: eur('1.00') }, wins)).toEqual(['withdraw', 'deposit']);
    expect(legsWith({ kind: 'betWin' }, ['  rollback: inverse', oneCall])).toEqual(['betWin']);
    expect(legsWith({ kind: 'betWin' }, ['  rollback: inverse', oneCall.replace('forward', 'skip')], forward)).toEqual(
      [],
    );
    expect(legsWith({ kind: 'withdraw' }, ['  rollback: inverse', oneCall])).toEqual([]);
  });

  test('closes its round only where it is a call, and the warning looks there', () => {
    const closing = (...changes: Change[]) =>
      problemsOf(
        fileWith(
          ...changes,
          ['deposit:\n', 'deposit:\n    after: closeRound\n'],
          ['  rollback', "  closeRound: { request: { path: /close, body: { r: '${reference}' } } }\n  rollback"],
        ),
      );

    expect(closing(wins)).toEqual([]);
    expect(closing(['deposit:\n', 'deposit:\n    zeroAmounts: skip\n'], forward)).toEqual([
      expect.stringContaining('a round without a win is never closed; expected zeroAmounts: forward beside it'),
    ]);
  });
});

describe('a free spin with a mapping of its own', () => {
  const free =
    "  freeSpin:\n    request: { path: /free-spins, body: { spin: '${reference}', free: '${request.?freeSpin}' } }\n";
  const undo =
    "  rollback:\n    deposit: inverse\n    withdraw:\n      request: { path: /undo, body: { of: '${original.reference}', free: '${original.?freeSpin}', game: '${original.?gameID}' } }";
  const text = fileWith(['  rollback: inverse', free + undo]);
  const fields = { freeSpin: 'true', gameID: '7', transactionID: 't1' };

  test('is sent by it, and other bets are not', () => {
    expect(operatorOf(text).terms.freeSpins).toBe('forward');
    expect(callOf(text, { fields }).request.path).toBe('/free-spins');
    expect(requestBody(text, { fields })).toBe('{"spin":"t1","free":true}');
    expect(callOf(text, { fields: { freeSpin: 'false' } }).request.path).toBe('/debits');
    expect(callOf(text).request.path).toBe('/debits');
  });

  test('is a leg of its own in a betWin', () => {
    const { wallet, terms } = operatorOf(text);
    const content = { kind: 'betWin', roundID: 'r', bet: eur('1.00'), win: eur('2.00'), freeSpin: true } as const;

    expect(legsOf(content, 't1', terms, (id) => wallet.reference(id)).map(({ kind }) => kind)).toEqual([
      'withdraw',
      'deposit',
    ]);
  });

  test('is undone by the withdraw’s undo, which is told', () => {
    expect(requestBody(text, { operation: 'rollback', fields })).toBe('{"of":"t1","free":true,"game":"7"}');
    expect(requestBody(text, { operation: 'rollback', fields: { transactionID: 't1' } })).toBe('{"of":"t1"}');
  });

  test('is sent in v2, where its stake is 0.00 and makes no other call', () => {
    const told = "free: '${request.?freeSpin}', id: '${request.?freeSpinID}', buys: '${request.?isBonusBuy}'";
    const v2 = fileWith(
      ['platform:', 'platform:\n  dialect: v2'],
      ['  rollback: inverse', free.replace("free: '${request.?freeSpin}'", told) + undo],
    );
    const none = sampleCalls(operatorOf(v2), { operation: 'withdraw', fields: { amount: '0.00' } });

    expect(requestBody(v2, { fields: { transactionID: 't1', amount: '0.00', freeSpinID: 'fs1' } })).toBe(
      '{"spin":"t1","free":true,"id":"fs1","buys":false}',
    );
    expect(callOf(v2, { fields: { amount: '0.01', freeSpinID: 'fs1' } }).request.path).toBe('/debits');
    expect(none).toHaveProperty('because', 'no money moves, so the wallet is not called');
  });

  test('without one nothing changes', () => {
    expect(operatorOf(fileWith()).terms.freeSpins).toBe('skip');
    expect(
      problemsOf(fileWith(['errors:', 'policy: { freeSpins: forward }\nerrors:'], ['inverse', 'unsupported'])),
    ).toEqual([]);
  });
});

describe('an echo check', () => {
  const text = fileWith(debiting("{ request_uuid: '${uuid()}', cents: '${request.amount.minor()}' }"), [
    "response: { balance: '${money.fromMinor(response.body.balance)}', receipt",
    "response: { applied: '${response.status == 200 && response.body.request_uuid == sent.body.request_uuid}', receipt",
  ]);

  test('takes for a yes only what answers this very request', () => {
    const { call, subject, request } = callOf(text);
    const { request_uuid: sent } = JSON.parse(bodyOf(request)) as { request_uuid: string };
    const other = callOf(text);
    const answer = (uuid: string) =>
      call.read(
        subject,
        request,
        { status: 200, headers: {}, body: Buffer.from(JSON.stringify({ request_uuid: uuid })) },
        0,
      ).verdict.kind;

    expect(sent).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
    expect(bodyOf(other.request)).not.toBe(bodyOf(request));
    expect([answer(sent), answer('11111111-2222-4333-8444-555555555555')]).toEqual(['applied', 'unknown']);
  });
});

describe('a lookup that asks after an undo', () => {
  const lookup =
    "lookup: { request: { method: GET, path: '/${original.operation}/${original.reference}/${original.amount.minor()}' }, response: { applied: '${response.body.done == true}' } }";
  const withLookup = (rollback: string): Change => ['  rollback: inverse', `  rollback: ${rollback}\n  ${lookup}`];

  function pathOf(kind: 'withdraw' | 'deposit', rollback: string): string | undefined {
    const operator = operatorOf(fileWith(withLookup(rollback)));
    const sampled = sampleCalls(operator, { operation: kind, fields: { transactionID: 't1' } });
    if ('because' in sampled) throw new Error(sampled.because);
    const subject = sampled.calls[0]?.subject;
    const made = subject && operator.wallet.lookupUndo[kind]?.render(subject, 0);
    return made?.kind === 'request' ? made.request.path : undefined;
  }

  test('names the undo’s own reference, as the operation that made it', () => {
    expect(pathOf('withdraw', 'inverse')).toBe('/deposit/t1-r/1230');
    expect(pathOf('deposit', 'inverse')).toBe('/withdraw/t1-r/1230');
  });

  test('of a mapping of its own is about what it undoes', () => {
    expect(pathOf('withdraw', "{ request: { path: /undo, body: { of: '${original.reference}' } } }")).toBe(
      '/withdraw/t1-r/1230',
    );
  });

  test('proves both ways of an inverse, only that it is there of another undo that cannot be repeated, else is not asked', () => {
    const undoOf = (rollback: string) => operatorOf(fileWith(withLookup(rollback))).terms.legs.withdraw.undo?.lookup;
    const mapping = (more: string) => `{ request: { path: /undo, body: { of: '\${original.reference}' } }${more} }`;

    expect(undoOf('inverse')).toBe('proves');
    expect(undoOf(mapping(', repeatable: no'))).toBe('finds');
    expect(undoOf(mapping(', repeatable: successes'))).toBe('no');
    expect(operatorOf(fileWith()).terms.legs.withdraw.undo?.lookup).toBe('no');
  });
});
