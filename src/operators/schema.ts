// The shape of an operator file: every key there is, its default, and what is expected where it is wrong. Strict at every level.
// Messages here are phrases after "expected"; they never hold a value. What expressions mean is checked elsewhere.

import { z } from 'zod';
import { charsetNames } from '../codecs/charset.js';
import { formatNames } from '../codecs/codec-of.js';
import { DecimalNumber } from '../codecs/decimal-number.js';

const text = (expectation = 'text') => z.string(expectation).min(1, expectation);
const oneOf = <const Words extends readonly [string, ...string[]]>(...words: Words) =>
  z.enum(words, `one of ${words.join(', ')}`);

/** Unknown keys carry the known ones in their message, for the "did you mean". */
function strict<Shape extends z.core.$ZodShape>(shape: Shape, expectation?: string) {
  const known = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: ({ code }) => (code === 'unrecognized_keys' ? known : (expectation ?? `a map with the keys ${known}`)),
  });
}
const list = <Item extends z.ZodType>(item: Item, expectation: string) => z.array(item, expectation);
const table = <Value extends z.ZodType>(value: Value, expectation: string) => z.record(z.string(), value, expectation);

const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const durationExpected = 'a duration such as 2500ms, 10s, 5m, 72h or 30d';
const duration = z
  .string(durationExpected)
  .regex(/^[1-9]\d{0,8}(ms|[smhd])$/, durationExpected)
  .transform((written) => {
    const [, count = '', unit = 'ms'] = /^(\d+)(ms|[smhd])$/.exec(written) ?? [];
    return Number(count) * unitMs[unit as keyof typeof unitMs];
  });
function whole(least: bigint, most: bigint) {
  const expectation = `a whole number from ${least} to ${most}`;
  return z.bigint(expectation).min(least, expectation).max(most, expectation).transform(Number);
}

const template = text('text, where needed with ${…} in it');
const condition = text('a condition in ${…}');
const secretName = text('the name of a secret');
const anything = z.unknown();
const plainValue = z.custom<unknown>(
  (value) => value === null || typeof value !== 'object' || value instanceof DecimalNumber,
  'text, a number, true or false',
);

const repeatable = oneOf('always', 'successes', 'no');
const whenUnresolved = oneOf('fail', 'accept', 'askAgain');
const results = [
  'insufficientFunds',
  'userNotFound',
  'wrongInput',
  'generalError',
  'duplicate',
  'notFound',
  'alreadyRolledBack',
] as const;

const format = oneOf(...formatNames);
const formatExpected = `one of ${formatNames.join(', ')}, or { request: …, response: … }`;
const ownFormat = { format: format.optional() };

const requestParts = {
  method: oneOf('GET', 'POST', 'PUT', 'PATCH', 'DELETE').nullable().optional(),
  path: text('a path that begins with /').nullable().optional(),
  query: table(anything, 'a map of parameters').nullable().optional(),
  headers: table(plainValue, 'a map of headers').nullable().optional(),
  body: anything.optional(),
};
const request = strict({ ...requestParts, ...ownFormat });
const errorRule = strict({
  when: condition,
  result: oneOf(...results),
  outcome: oneOf('refused', 'notApplied', 'unknown').optional(),
}).superRefine(({ result, outcome }, context) => {
  const proves = result === 'duplicate' || result === 'notFound' || result === 'alreadyRolledBack';
  if (proves && outcome !== undefined && outcome !== 'unknown')
    context.addIssue({
      code: 'custom',
      path: ['outcome'],
      message: `${result} says by itself what happened; expected no outcome here, or unknown`,
    });
});
const errors = list(errorRule, 'a list of rules { when, result }').default([]);
const habits = { repeatable: repeatable.optional(), settle: duration.optional() };
const unresolved = { whenUnresolved: whenUnresolved.optional() };
const session = { session: template.optional() };
const response = strict({
  applied: condition.optional(),
  balance: template.optional(),
  receipt: template.optional(),
  ...session,
  ...ownFormat,
}).default({});
const closing = oneOf('closeRound', 'balance');
const after = {
  after: z.union([closing, list(closing, 'closeRound, balance, or both')], 'closeRound, balance, or both').optional(),
};

const money = { request, response, errors, ...habits };
const undo = { ...money, cancelFirst: oneOf('safe', 'no').optional() };

const currencyExpected = 'an ISO 4217 code such as EUR, or one of wallet.currencies';
const agent = strict({
  agentID: text('the agentID the platform gave you'),
  currency: z.string(currencyExpected).regex(/^[A-Za-z][A-Za-z0-9]{1,9}$/, currencyExpected),
  keys: list(secretName, 'a list of names of secrets').min(1, 'at least one name of a secret'),
});
const secret = strict(
  {
    env: text('the name of an environment variable').optional(),
    file: text('a path').optional(),
    optional: z.boolean('true or false').default(false),
  },
  '{ env: NAME } or { file: path }, never the secret itself',
);

const tlsKeys = {
  cert: secretName.optional(),
  key: secretName.optional(),
  ca: secretName.optional(),
  passphrase: secretName.optional(),
};
const url = z.union([text(), strict({ env: text('the name of an environment variable') })], 'a URL, or { env: NAME }');

const auth = z
  .discriminatedUnion(
    'type',
    [
      strict({ type: z.literal('none') }),
      strict({ type: z.literal('bearer'), token: secretName }),
      strict({ type: z.literal('basic'), username: secretName, password: secretName }),
      strict({
        type: z.literal('apiKey'),
        in: oneOf('header', 'query'),
        name: z.string('the name of a header or parameter').regex(/^[\w.~-]+$/, 'the name of a header or parameter'),
        key: secretName,
      }),
      strict({
        type: z.literal('oauth2'),
        tokenUrl: url,
        clientId: secretName,
        clientSecret: secretName,
        clientAuth: oneOf('basic', 'body').default('basic'),
        scope: text().optional(),
        audience: text().optional(),
      }),
      strict({ type: z.literal('mtls'), ...tlsKeys, cert: secretName, key: secretName }),
    ],
    'a map with a type: one of none, bearer, basic, apiKey, oauth2, mtls',
  )
  .default({ type: 'none' });

const breaker = strict({
  openAtPercent: whole(1n, 100n).default(50),
  minimumCalls: whole(1n, 100_000n).default(20),
  tryAgainAfter: duration.default(10_000),
});

const moneyOperation = oneOf('withdraw', 'deposit', 'betWin');
const example = strict({
  name: text().optional(),
  operation: oneOf('getBalance', 'withdraw', 'deposit', 'betWin', 'closeRound', 'rollback', 'lookup'),
  of: moneyOperation.optional(),
  repeatOf: oneOf('applied', 'refused').optional(),
  request: table(plainValue, 'a map of the callback’s fields').default({}),
  reply: strict({
    status: whole(100n, 599n),
    headers: table(plainValue, 'a map of headers').default({}),
    body: anything.optional(),
    text: z.string('text').optional(),
  }),
  expect: strict({
    outcome: oneOf(
      'applied',
      'refused',
      'notApplied',
      'unknown',
      'duplicate',
      'notFound',
      'alreadyRolledBack',
    ).optional(),
    result: oneOf(...results).optional(),
    balance: plainValue.optional(),
    receipt: plainValue.optional(),
  }).refine(
    (expected) => Object.keys(expected).length > 0,
    'expects nothing, so it shows nothing; expected outcome, result, balance or receipt',
  ),
}).superRefine(({ operation, repeatOf }, context) => {
  if (repeatOf !== undefined && !['withdraw', 'deposit', 'betWin', 'rollback'].includes(operation))
    context.addIssue({
      code: 'custom',
      path: ['repeatOf'],
      message: `a ${operation} moves nothing, so its repeat shows nothing; expected it of withdraw, deposit, betWin or rollback`,
    });
});

export const operatorSchema = strict({
  version: z.literal(1n, 'the number 1'),
  operator: z
    .string('a short name')
    .regex(/^[a-z][a-z0-9-]{0,31}$/, 'a short name of a-z, 0-9 and -, such as northstar'),
  extends: text('the name of a preset').optional(),
  platform: strict({
    dialect: oneOf('seamless').default('seamless'),
    timeout: duration.default(10_000),
    duplicates: oneOf('success', 'code-11').default('success'),
    agents: list(agent, 'a list of agents').min(1, 'at least one agent'),
    formats: strict({
      userID: text('a pattern').optional(),
      transactionID: text('a pattern').optional(),
      roundID: text('a pattern').optional(),
    }).default({}),
  }),
  secrets: table(secret, 'a map of secrets').default({}),
  settings: table(anything, 'a map of constants and tables').default({}),
  vars: table(template, 'a map of expressions').default({}),
  wallet: strict({
    baseUrl: url,
    formerly: list(text('an origin such as https://wallet.example'), 'a list of origins').default([]),
    format: z.union([format, strict({ request: format, response: format })], formatExpected).default('json'),
    charset: oneOf(...charsetNames).default('utf-8'),
    timeout: duration.default(2500),
    concurrency: whole(1n, 10_000n).default(64),
    auth,
    tls: strict(tlsKeys).optional(),
    breaker: breaker.prefault({}),
    currencies: table(whole(0n, 18n), 'a map of currencies to decimals').default({}),
    reference: template.default('${id}'),
    request: strict(requestParts).optional(),
    applied: condition.optional(),
    sessionLifetime: duration.default(unitMs.d),
    ...habits,
    ...unresolved,
  }),
  operations: strict({
    getBalance: strict({
      request,
      response: strict({ applied: condition.optional(), balance: template, ...session, ...ownFormat }),
      errors,
    }),
    withdraw: strict({ ...money, ...unresolved, after: oneOf('balance').optional() }),
    deposit: strict({ ...money, ...unresolved, ...after }),
    betWin: z
      .union([oneOf('legs'), strict({ ...money, ...unresolved, ...after })], 'legs, or a mapping')
      .default('legs'),
    freeSpin: strict({ request, response, errors }).optional(),
    closeRound: strict({
      request,
      response: strict({ applied: condition.optional(), ...session, ...ownFormat }).default({}),
      errors,
      when: condition.optional(),
    }).optional(),
    rollback: z.union(
      [
        oneOf('inverse', 'unsupported'),
        strict({ ...undo, ...unresolved }),
        strict({
          withdraw: z
            .union([oneOf('inverse', 'unsupported'), strict(undo)], 'inverse, unsupported or a mapping')
            .optional(),
          deposit: z
            .union([oneOf('inverse', 'unsupported'), strict(undo)], 'inverse, unsupported or a mapping')
            .optional(),
          betWin: z.union([oneOf('legs', 'unsupported'), strict(undo)], 'legs, unsupported or a mapping').optional(),
          ...unresolved,
        }),
      ],
      'inverse, unsupported, a mapping, or one of these per kind',
    ),
    lookup: strict({
      request,
      response: strict({
        applied: condition,
        refused: condition.optional(),
        absent: condition.optional(),
        balance: template.optional(),
        receipt: template.optional(),
        ...session,
        ...ownFormat,
      }),
    }).optional(),
  }),
  errors,
  policy: strict({
    whenJournalDown: oneOf('askAgain', 'fail').default('askAgain'),
    freeSpins: oneOf('skip', 'forward').optional(),
    zeroAmounts: oneOf('skip', 'forward').default('skip'),
    accept: strict({ most: whole(0n, 1_000_000n).default(1000), maxAge: duration.default(72 * unitMs.h) }).prefault({}),
    retention: duration.default(30 * unitMs.d),
    giveUpAfter: duration.default(72 * unitMs.h),
    risks: list(oneOf('shortRetention', 'weakKeys'), 'a list of shortRetention, weakKeys').default([]),
  }).prefault({}),
  examples: list(example, 'a list of examples').default([]),
});

/** An operator file whose shape is right. Durations are milliseconds. */
export type OperatorFile = z.output<typeof operatorSchema>;
