import { describe, expect, test } from '@jest/globals';
import { declared, evaluate, money, problemsOf, reply, request, scopeWith } from '../../support/expressions.js';
import { absent } from '../../../src/expressions/result.js';
import type { Place } from '../../../src/expressions/scope.js';

const place = (
  operation: Exclude<Place, { kind: 'reference' }>['operation'],
  undoOf?: 'withdraw' | 'deposit' | 'betWin',
): Place => (undoOf === undefined ? { kind: 'request', operation } : { kind: 'request', operation, undoOf });

describe('the names of a place', () => {
  const ofRequest = {
    getBalance: ['userID', 'gameID?'],
    withdraw: ['userID', 'transactionID', 'gameID?', 'roundID', 'amount', 'freeSpin?'],
    deposit: ['userID', 'transactionID', 'gameID?', 'roundID', 'amount'],
    betWin: ['userID', 'transactionID', 'gameID?', 'roundID', 'betAmount', 'winAmount', 'freeSpin?'],
    undo: ['userID', 'transactionID', 'gameID?'],
    lookup: ['userID', 'transactionID', 'gameID?'],
    closeRound: ['userID', 'transactionID', 'gameID?', 'roundID', 'amount', 'freeSpin?'],
  } as const;
  const everything = new Set(
    Object.values(ofRequest)
      .flat()
      .map((name) => name.replace('?', '')),
  );

  test.each(Object.entries(ofRequest))('a %s request has its own fields and no others', (operation, fields) => {
    const own: readonly string[] = fields;
    for (const kind of ['request', 'reply'] as const)
      for (const name of everything) {
        const here: Place = { kind, operation: operation as keyof typeof ofRequest };
        const required = problemsOf(`\${has(request.${name}) ? 1 : 2}`, here);
        const plain = problemsOf(`\${request.${name} == request.${name} ? 1 : 2}`, here);
        if (own.includes(name)) expect([required, plain]).toEqual([[], []]);
        else if (own.includes(`${name}?`)) {
          expect(required).toEqual([]);
          expect(plain[0]).toBe(`10: ${name} is optional: write request.?${name}`);
        } else
          expect(required[0]).toMatch(new RegExp(`^14: request\\.${name} is not a field of an? .* \\(has: userID, `));
      }
  });

  test('wallet.reference sees only the id', () => {
    expect(evaluate('gsp-${id}', { id: 'tx-1-w' }, { kind: 'reference' })).toBe('gsp-tx-1-w');
    expect(problemsOf('gsp-${request.transactionID}', { kind: 'reference' })).toEqual(['6: unknown name "request"']);
    expect(problemsOf('${id}')).toEqual(['2: id exists only in wallet.reference']);
  });

  test('the original is there in an undo and a lookup, with the amounts its kind has', () => {
    expect(problemsOf('${original.reference}')).toEqual(['2: original exists only in an undo or a lookup']);
    expect(problemsOf('${original.amount.minor()}', place('undo', 'withdraw'))).toEqual([]);
    expect(problemsOf('${original.amount.minor()}', place('lookup', 'deposit'))).toEqual([]);
    expect(
      problemsOf('${original.betAmount + original.winAmount == original.betAmount}', place('undo', 'betWin')),
    ).toEqual([]);
    expect(problemsOf('${original.amount.minor()}', place('undo', 'betWin'))).toEqual([
      '11: original.amount is not on record for the original (has: operation, transactionID, roundID, reference, winReference, receipt, session, gameID, freeSpin, freeSpinID, refTransactionID, betAmount, winAmount)',
    ]);
    expect(problemsOf('${original.amount.minor()}', place('undo'))).toEqual([
      '11: amount is optional: write original.?amount',
    ]);
    expect(problemsOf('${original.receipt}', place('undo', 'withdraw'))).toEqual([
      '11: receipt is optional: write original.?receipt',
    ]);
  });

  test('references belong to operations that have them', () => {
    expect(problemsOf('${reference}', place('getBalance'))).toEqual(['2: there is no reference here']);
    expect(problemsOf('${winReference}')).toEqual(['2: winReference exists only in a betWin']);
    expect(problemsOf('${winReference}', place('betWin'))).toEqual([]);
  });

  test('secrets stay in requests, replies in rules', () => {
    expect(problemsOf('${secrets.key}')).toEqual([]);
    expect(problemsOf('${secrets.key == "x"}', reply, 'bool')).toEqual(['2: a rule on a reply may not read secrets']);
    expect(problemsOf('${response.status}')).toEqual([
      '2: response is not there yet: a request is made before its reply',
    ]);
    expect(problemsOf('${response.stats == 1}', reply, 'bool')).toEqual([
      '11: response.stats is not a part of the reply (has: status, headers, body, text) – did you mean "status"?',
    ]);
  });

  test('what the file declares is what there is', () => {
    expect(problemsOf('${secrets.kye}')).toEqual([
      '10: secrets.kye is not declared under secrets (has: key, oldKey) – did you mean "key"?',
    ]);
    expect(problemsOf('${secrets.oldKey}')).toEqual(['10: oldKey is optional: write secrets.?oldKey']);
    expect(problemsOf('${secrets.?oldKey}')).toEqual([]);
    expect(problemsOf('${secrets.?other}')).toHaveLength(1);
    expect(problemsOf('${vars.sum}')).toEqual(['7: vars.sum is not declared under vars (has: total)']);
    expect(problemsOf('${vars.sum}', request, 'any', { ...declared, vars: [] })).toEqual([
      '7: vars.sum is not declared under vars (there are none)',
    ]);
    expect(problemsOf('${settings.gmaes["2001"]}')).toEqual([
      '11: settings.gmaes is not declared under settings (has: games, brand) – did you mean "games"?',
    ]);
    expect(problemsOf('${settings.games["2002"]}')).toEqual([
      '17: settings.games.2002 is not declared under settings (has: 2001) – did you mean "2001"?',
    ]);
  });

  test('a table of the settings may be read by a computed key', () => {
    const scope = scopeWith({}, { request: { gameID: '2001' } });

    expect(evaluate('${settings.games[request.?gameID.orValue("")]}', scope)).toBe('book-of-ra');
    expect(evaluate('${settings.games[?request.?gameID.orValue("")].orValue("other")}')).toBe('other');
    expect(() => evaluate('${settings.games[request.userID]}')).toThrow('`settings.games[request.userID]` is absent');
  });

  test('other groups are read by the names of their fields, one at a time', () => {
    expect(problemsOf('${request[reference]}')).toEqual(['10: write the name of the field of request']);
    expect(problemsOf('${request["amuont"]}')[0]).toMatch(
      /^10: request\.amuont is not a field of a withdraw .* – did you mean "amount"\?$/,
    );
    expect(problemsOf('${secrets}')).toEqual(['2: secrets is no value: write secrets.…']);
    expect(problemsOf('${[vars]}')).toEqual(['3: vars is no value: write vars.…']);
    expect(problemsOf('${money}')).toEqual(['2: money is no value: write money.…(…)']);
    expect(problemsOf('${settings.games}')).toEqual([]);
  });

  test('a player’s session is known only from a launch', () => {
    expect(problemsOf('${player.session}')).toEqual(['9: session is optional: write player.?session']);
    expect(evaluate('${player.?session}', scopeWith({}, { player: { session: 's1' } }))).toBe('s1');
    expect(problemsOf('${player.?name}')).toEqual([
      '10: player.name is not known of a player (has: session, gameID, currency, offline)',
    ]);
  });

  test('the bet of a round is known or not, and what is known of it has its type', () => {
    const bet = { reference: 'gsp-t0', amount: money('12.30') };
    const known = scopeWith({}, { round: { bet } });
    const deposit = place('deposit');

    expect(problemsOf('${round.bet.reference}', deposit)).toEqual(['8: bet is optional: write round.?bet']);
    expect(problemsOf('${round.?bet.receipt}', deposit)).toEqual([
      '13: receipt is optional: write round.?bet.?receipt',
    ]);
    expect(problemsOf('${round.?bet.?id}', deposit)).toEqual([
      '14: round.?bet.id is not known of a bet (has: reference, receipt, amount)',
    ]);
    expect(problemsOf('${round.?win}', deposit)).toHaveLength(1);
    expect(problemsOf('${round.?bet.amount}', deposit)).toEqual([
      '2: this cannot be sent, this is optional Money: write .minor(), .major(), .number() or .scaled(n)',
    ]);
    expect(problemsOf('${round.?bet.reference}', place('getBalance'))).toEqual(['2: there is no round here']);
    for (const operation of ['withdraw', 'betWin', 'undo', 'lookup', 'closeRound'] as const)
      expect(problemsOf('${round.?bet.reference}', place(operation))).toEqual([]);
    expect(evaluate('${round.?bet.reference}', known, deposit)).toBe('gsp-t0');
    expect(evaluate('${round.?bet.?receipt.orValue("none")}', known, deposit)).toBe('none');
    expect(evaluate('${round.?bet.amount.orValue(money.fromMinor(0)).minor()}', known, deposit)).toBe(1230n);
    expect(evaluate('${round.?bet.reference}', scopeWith({}, { round: {} }), deposit)).toBe(absent);
  });

  test('names of reply headers are in lower case', () => {
    expect(problemsOf('${response.headers["X-Result"] == "OK"}', reply, 'bool')).toEqual([
      '19: names of reply headers are in lower case here: write "x-result"',
    ]);
    expect(problemsOf('${response.headers[?"X-Result"].hasValue()}', reply, 'bool')).toHaveLength(1);
    expect(evaluate('${response.headers["x-result"] == "OK"}', scopeWith({}), reply, 'bool')).toBe(true);
  });

  test('the variable of exists(…) is a name inside it, and only there', () => {
    expect(problemsOf('${response.body.list.exists(x, x.code == 1)}', reply, 'bool')).toEqual([]);
    expect(problemsOf('${response.body.list.exists(x, y.code == 1)}', reply, 'bool')).toEqual(['31: unknown name "y"']);
    expect(problemsOf('${response.body.list.exists(x, true) && x == 1}', reply, 'bool')).toEqual([
      '40: unknown name "x"',
    ]);
    expect(problemsOf('${[1].map(request, request)}')).toEqual([]);
  });
});

describe('text compared with numbers', () => {
  const never = 'a text never equals a number: put the number in quotes, or write integer(…) around the text';

  test.each([
    ['${response.text == 0}', [`2: ${never}`]],
    ['${response.status == "201"}', [`2: ${never}`]],
    ['${response.headers["x-result"] == 1.5}', [`2: ${never}`]],
  ])('%s is refused, because the types are known', (source, problems) => {
    expect(problemsOf(source, reply, 'bool')).toEqual(problems);
  });

  test.each([
    '${response.body.code == "0"}',
    '${"0" == response.body.code}',
    '${response.body.error.code in ["A", "0"]}',
    '${response.body["code"] != "0"}',
  ])('%s is a warning, because the wallet may send a number', (source) => {
    expect(problemsOf(source, reply, 'bool')).toEqual([
      `${source.indexOf('"0"')}: this holds only for the text "0", not for the number 0: if the wallet sends a number, write 0 without quotes`,
    ]);
  });

  test.each([
    '${response.body.code == 0}',
    '${response.body.code == "LOW"}',
    '${text(response.body.code) == "0"}',
    '${response.text == "0"}',
  ])('%s is as it should be', (source) => {
    expect(problemsOf(source, reply, 'bool')).toEqual([]);
  });
});

describe('kinds of values that do not go together', () => {
  const amount = 'write .minor(), .major(), .number() or .scaled(n)';

  test.each([
    ['${request.amount + 1}', `2: + does not work between Money and integer: ${amount}`],
    ['${request.amount == 12.3}', `2: == does not work between Money and number: ${amount}`],
    ['${"a" + 1}', '2: + does not work between text and integer: write text(…)'],
    [
      '${"a" + request.?gameID}',
      '2: + does not work between text and optional text: it may be absent: write .orValue(…)',
    ],
    ['${!request.userID}', '2: ! does not work on text'],
    ['${request.userID && true}', '2: && and || want true or false on both sides, found text'],
    ['${request.userID ? 1 : 2}', '10: the condition before ? must be true or false, found text'],
    ['${true ? 1 : "a"}', '2: both sides of : must be of one type'],
    ['${request.userID.x}', '17: request.userID.x has no such field'],
    ['${request.userID.orValue("a")}', '10: this value is never absent: .orValue(…) and .or(…) are for what .? gives'],
    ['${text(request.amount)}', `2: text does not take (Money): ${amount}`],
    ['${digits(1)}', '2: digits does not take (integer); it takes (bytes) or (text)'],
    ['${join("a", ",")}', '2: join does not take (text, text); it takes (list, text)'],
  ])('%s', (source, problem) => {
    expect(problemsOf(source)).toEqual([problem]);
  });
});
