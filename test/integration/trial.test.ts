// A file whose calls can never be made must not load, and one whose calls can only sometimes be made must say
// when: every call is made at load, of made-up callbacks of every shape.

import { describe, expect, test } from '@jest/globals';
import { fileWith, problemsOf } from '../support/operator-text.js';

const sound = "{ path: /debits, body: { reference: '${reference}', cents: '${request.amount.minor()}' } }";
const withdrawing = (request: string, ...more: (readonly [string, string])[]): string[] =>
  problemsOf(fileWith([sound, request], ...more));
const body = "reference: '${reference}', cents: '${request.amount.minor()}'";
const games = ['wallet:', "settings: { games: { '7': seven } }\nwallet:"] as const;

describe('a call that can be made of no callback is an error, at its place', () => {
  test.each([
    [
      'a name the body has not',
      `{ path: /debits, body: { ${body} }, headers: { X-A: '\${sent.body.nothing}' } }`,
      '16:123 operations.withdraw.request.headers.X-A: no request can be made: `sent.body.nothing` is absent; expected a name that is there, or .?… with .orValue(…) for what may be absent',
    ],
    [
      'a bare amount in a map',
      `{ path: /debits, body: '\${{"reference": reference, "cents": request.amount}}' }`,
      '16:37 operations.withdraw.request.body: no request can be made: the value cannot be sent as it is: there is Money in it, write .minor(), .major(), .number() or .scaled(n)',
    ],
    [
      'bytes in a header',
      `{ path: /debits, body: { ${body} }, headers: { X-A: '\${"1." + sent.raw}' } }`,
      '16:120 operations.withdraw.request.headers.X-A: no request can be made: the value cannot be sent as it is: there is bytes in it, write .hex() or .base64()',
    ],
    [
      'an amount its unit cannot hold',
      "{ path: /debits, body: { reference: '${reference}', units: '${request.amount.scaled(1)}' } }",
      '16:76 operations.withdraw.request.body.units: no request can be made: the amount has more decimals than its unit can hold; expected a finer unit, or the decimals of this currency under wallet.currencies',
    ],
    [
      'kinds that do not go together',
      `{ path: /debits, body: { ${body}, n: '\${sent.path + sent.query}' } }`,
      '16:108 operations.withdraw.request.body.n: no request can be made: `sent.path + sent.query` does not work with values of these kinds: text + map, write text(…)',
    ],
    [
      'an id no platform sends in such a form',
      `{ path: /debits, body: { ${body}, n: '\${split(request.userID, "~")[1]}' } }`,
      '16:108 operations.withdraw.request.body.n: no request can be made: `split(request.userID, "~")[1]` is absent; expected a key that is there, or [?…].orValue(…) for what may be absent',
    ],
  ])('%s', (_what, request, problem) => {
    expect(withdrawing(request)).toEqual([problem]);
  });

  test('a table without the constant key', () => {
    const vars = ['wallet:', "settings: { games: { '7': seven } }\nvars: { k: x }\nwallet:"] as const;

    expect(withdrawing(`{ path: /debits, body: { ${body}, n: '\${settings.games[vars.k]}' } }`, vars)).toEqual([
      expect.stringContaining('body.n: no request can be made: `settings.games[vars.k]` is absent'),
    ]);
  });

  test('a sign in what all requests share is said once, and where a call has no body', () => {
    const shared = (sign: string) =>
      problemsOf(fileWith(['repeatable: always', `repeatable: always\n  request: { headers: { X-S: '${sign}' } }`]));

    expect(shared('${hex(md5(sent.body.a))}')).toEqual([
      expect.stringMatching(/^11:41 wallet.request.headers.X-S: no request can be made: `sent.body.a` is absent/),
    ]);
    expect(shared('${hex(md5(sent.raw))}')).toEqual([]);
  });

  test('an undo, a lookup, a closing call, and another agent’s currency', () => {
    const undo =
      "rollback: { withdraw: { request: { path: '/u/${original.reference}', body: { r: '${reference}', n: '${sent.path[9]}' } } } }";
    const lookup =
      "rollback: inverse\n  lookup: { request: { path: /l, body: { r: '${original.reference}', n: '${integer(original.operation)}' } }, response: { applied: '${response.body.a == 1}' } }";
    const close = 'deposit:\n    after: closeRound';
    const yen = ['keys: [gsp] }]', 'keys: [gsp] }, { agentID: SOUND02, currency: KWD, keys: [other] }]'] as const;

    expect(problemsOf(fileWith(['rollback: inverse', undo]))).toContainEqual(
      expect.stringContaining('rollback.withdraw.request.body.n: no request can be made'),
    );
    expect(problemsOf(fileWith(['rollback: inverse', lookup]))).toContainEqual(
      expect.stringContaining('lookup.request.body.n: no request can be made: the text is not a whole number'),
    );
    expect(
      problemsOf(
        fileWith(
          ['deposit:', close],
          [
            'rollback: inverse',
            'closeRound: { request: { path: /c, body: { a: \'${integer("x")}\' } } }\n  rollback: inverse',
          ],
        ),
      ),
    ).toContainEqual(expect.stringContaining('closeRound.request.body.a: no request can be made'));
    expect(
      withdrawing(
        sound,
        yen,
        ['gsp: { env: GSP_KEY }', 'gsp: { env: GSP_KEY }\n  other: { env: OTHER_GSP_KEY }'],
        [
          'wallet:',
          "settings: { of: { EUR: eur } }\nwallet:\n  request: { headers: { X-C: '${settings.of[currency]}' } }",
        ],
      ),
    ).toEqual([
      expect.stringContaining('wallet.request.headers.X-C: no request can be made: `settings.of[currency]` is absent'),
    ]);
  });
});

describe('a call that can be made of some callbacks only is a warning that says of which', () => {
  test.each([
    ['${settings.games[request.?gameID.orValue("")]}', ['without a gameID', 'of a game that settings do not list']],
    ['${player.?session.value()}', ['without a session of the player']],
    ['${integer(request.userID)}', ['of every id that platform.formats allows']],
    ['${request.?gameID.hasValue() ? "a" : sent.query.none}', ['without a gameID']],
    ['${settings.games[?request.?gameID.orValue("")].orValue("other")}', []],
    ['${player.?session}', []],
  ])('%s', (value, when) => {
    expect(withdrawing(`{ path: /debits, body: { ${body}, n: '${value}' } }`, games)).toEqual(
      when.map((words): unknown => expect.stringContaining(`body.n: warning: no request can be made ${words}: `)),
    );
  });

  test('an id is made as the formats want it, or nothing certain can be said', () => {
    const formatted = (format: string, value: string) =>
      withdrawing(`{ path: /debits, body: { ${body}, n: '${value}' } }`, [
        'agents:',
        `formats: { userID: '${format}' }\n  agents:`,
      ]);

    expect(formatted('[0-9]{6}', '${integer(request.userID)}')).toEqual([]);
    expect(formatted('[a-z]{2}~[0-9]{6}', '${split(request.userID, "~")[1]}')).toEqual([
      expect.stringContaining(
        'warning: no request can be made of any made-up id, and none of them is as platform.formats wants it',
      ),
    ]);
  });

  test('a condition that keeps a call from being made is looked at first', () => {
    const closing =
      "closeRound: { when: '${has(request.gameID)}', request: { path: /c, body: { a: '${request.?gameID.value()}' } } }\n  rollback: inverse";

    expect(
      problemsOf(fileWith(['deposit:', 'deposit:\n    after: closeRound'], ['rollback: inverse', closing])),
    ).toEqual([expect.stringContaining('after: warning: closeRound, while a win of 0.00')]);
  });
});
