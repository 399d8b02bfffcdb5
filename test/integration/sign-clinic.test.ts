// Signs that do not verify: the platform hears 3 and nothing more, the log says what each was probably made of,
// and so does `sign`. No key, no sign and nothing that would be one stands in either.

import { createHash, createHmac } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startApp, type App } from '../../src/app.js';
import { runSign } from '../../src/commands/sign.js';
import type { Operation } from '../../src/domain/callback.js';
import { createSignClinic } from '../../src/http/sign-clinic.js';
import { createLog, type Log } from '../../src/observe/log.js';
import { suspicionNames } from '../../src/protocol/sign-clinic.js';
import { readSettings } from '../../src/settings.js';
import { fileWith } from '../support/operator-text.js';
import { keyOf, signedBody, someAgent } from '../support/platform-side.js';

const keys = {
  SOUND_KEY: 'the-sound-key-of-the-platform',
  SPACED_KEY: ' the-spaced-key-of-the-platform ',
  QUOTED_KEY: '"the-quoted-key-of-the-platform"',
  HEX_KEY: Buffer.from('the-bytes-of-a-key-in-hex').toString('hex'),
  V2_KEY: 'the-key-of-the-other-dialect',
};
const agentsOf = (names: readonly string[]): string =>
  names.map((name) => `    - { agentID: ${name}01, currency: EUR, keys: [${name.toLowerCase()}] }\n`).join('');
const secretsOf = (names: readonly string[]): string =>
  names.map((name) => `  ${name.toLowerCase()}: { env: ${name}_KEY }\n`).join('');
function file(operator: string, names: readonly string[], dialect: string): string {
  return fileWith(
    ['operator: sound', `operator: ${operator}`],
    [
      '  agents: [{ agentID: SOUND01, currency: EUR, keys: [gsp] }]\n',
      `  dialect: ${dialect}\n  agents:\n${agentsOf(names)}`,
    ],
    ['  gsp: { env: GSP_KEY }\n', secretsOf(names)],
    ['https://wallet.example/api/', 'http://127.0.0.1:1'],
  );
}

type Fields = Readonly<Record<string, string>>;
const hex = (text: string | Buffer, key: string | Buffer, hash = 'sha256'): string =>
  createHmac(hash, key).update(text).digest('hex').toUpperCase();
const joined = (...values: readonly (string | undefined)[]): string => values.join('');

const bet = { agentID: 'SOUND01', userID: 'ann', amount: '12.50', transactionID: 'tx-1', roundID: 'r-9' };
const text = joined(...Object.values(bet));
const v2Bet = { ...bet, agentID: 'V201', gameID: '2001' };

interface Mistake {
  readonly name: string;
  readonly sign: string;
  readonly says: RegExp;
  /** Absent: a withdraw of `bet`. */
  readonly fields?: Fields;
  readonly operation?: Operation;
  readonly path?: string;
}
const of = (fields: Fields): string => joined(...Object.values(fields));
const agent = (agentID: string): Fields => ({ ...bet, agentID });

const mistakes: readonly Mistake[] = [
  { name: 'lowerCase', sign: hex(text, keys.SOUND_KEY).toLowerCase(), says: /in lower case/ },
  { name: 'decorated', sign: ` sha256=${hex(text, keys.SOUND_KEY)}`, says: /white space, a prefix or dashes/ },
  { name: 'base64', sign: createHmac('sha256', keys.SOUND_KEY).update(text).digest('base64'), says: /in Base64/ },
  { name: 'noDigits', sign: 'not-a-sign', says: /the sign is none/ },
  { name: 'unpaddedAmount', sign: hex(text.replace('12.50', '12.5'), keys.SOUND_KEY), says: /12\.30/ },
  { name: 'otherAmount', sign: hex(text.replace('12.50', '1250'), keys.SOUND_KEY), says: /in the smallest unit/ },
  {
    name: 'otherOrder',
    sign: hex(joined('SOUND01', 'ann', '12.50', 'r-9', 'tx-1'), keys.SOUND_KEY),
    says: /transactionID and roundID are exchanged/,
  },
  {
    name: 'fieldAdded',
    sign: hex(`${text}EUR`, keys.SOUND_KEY),
    says: /has currency at its end/,
    fields: { ...bet, currency: 'EUR' },
  },
  { name: 'fieldLeftOut', sign: hex(of({ ...v2Bet, gameID: '' }), keys.V2_KEY), says: /lacks gameID/, fields: v2Bet },
  {
    name: 'otherDialect',
    sign: hex(joined('SOUND01', 'ann', '12.50', 'ref-1', 'tx-1', 'r-9', '2001'), keys.SOUND_KEY),
    says: /platform\.dialect: v2/,
    fields: { ...bet, refTransactionID: 'ref-1', gameID: '2001' },
    operation: 'deposit',
    path: 'Deposit',
  },
  {
    name: 'otherOperation',
    sign: hex(joined('SOUND01', 'ann', 'tx-1'), keys.SOUND_KEY),
    says: /as that of a RollbackTransaction/,
  },
  { name: 'separators', sign: hex(Object.values(bet).join('|'), keys.SOUND_KEY), says: /with "\|" between/ },
  {
    name: 'trimmedValues',
    sign: hex(text, keys.SOUND_KEY),
    says: /without the white space/,
    fields: { ...bet, userID: 'ann ' },
  },
  {
    name: 'otherCharset',
    sign: hex(Buffer.from(text.replace('ann', 'änn'), 'latin1'), keys.SOUND_KEY),
    says: /Latin-1/,
    fields: { ...bet, userID: 'änn' },
  },
  { name: 'otherAgentsKey', sign: hex(text, keys.V2_KEY), says: /a key of agent V201/ },
  {
    name: 'keyWhiteSpace',
    sign: hex(of(agent('SPACED01')), keys.SPACED_KEY.trim()),
    says: /without the white space around/,
    fields: agent('SPACED01'),
  },
  { name: 'keyWhiteSpace', sign: hex(text, `${keys.SOUND_KEY}\n`), says: /with a line break at its end/ },
  {
    name: 'keyQuotes',
    sign: hex(of(agent('QUOTED01')), keys.QUOTED_KEY.slice(1, -1)),
    says: /without the quotes/,
    fields: agent('QUOTED01'),
  },
  {
    name: 'keyEncoding',
    sign: hex(of(agent('HEX01')), Buffer.from(keys.HEX_KEY, 'hex')),
    says: /the bytes whose hex digits/,
    fields: agent('HEX01'),
  },
  { name: 'otherHash', sign: hex(text, keys.SOUND_KEY, 'sha512'), says: /HMAC-SHA512/ },
  {
    name: 'noHmac',
    sign: createHash('sha256')
      .update(text + keys.SOUND_KEY)
      .digest('hex')
      .toUpperCase(),
    says: /SHA-256 of the text and then the key/,
  },
];

let home: string;
let operators: string;
let app: App;
let log: Log;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'wallet-bridge-clinic-'));
  operators = join(home, 'operators');
  mkdirSync(operators);
  writeFileSync(join(operators, 'a.yaml'), file('sound', ['SOUND', 'SPACED', 'QUOTED', 'HEX'], 'seamless'));
  writeFileSync(join(operators, 'b.yaml'), file('other', ['V2'], 'v2'));
  const env = { ...keys, PORT: '0', ADMIN_PORT: '0', HOST: '127.0.0.1', OPERATORS_DIR: operators };
  const read = readSettings(env);
  if ('problems' in read) throw new Error(read.problems.join());
  log = createLog('info', join(home, 'log'));
  app = await startApp(read.settings, env, log);
});
afterAll(async () => {
  await app.stop();
  rmSync(home, { recursive: true });
});

async function post({ path = 'Withdraw', fields = bet, sign }: Pick<Mistake, 'path' | 'fields' | 'sign'>) {
  const answer = await fetch(`http://127.0.0.1:${app.port}/WalletService/${path}`, {
    method: 'POST',
    body: JSON.stringify({ ...fields, sign }),
  });
  return { status: answer.status, body: await answer.text() };
}

function logged(): { text: string; lines: Record<string, unknown>[] } {
  log.flush(() => undefined);
  const written = readFileSync(join(home, 'log'), 'utf8');
  const lines = written.trimEnd().split('\n');
  return { text: written, lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

/** What nobody may read anywhere: keys in each form, the signs that came, and those that were right. */
const secrets = [
  ...Object.values(keys).flatMap((key) => [
    key.trim(),
    Buffer.from(key).toString('hex'),
    Buffer.from(key).toString('base64'),
  ]),
  ...mistakes.filter(({ name }) => name !== 'noDigits').map(({ sign }) => sign.trim()),
];

test('every mistake there is a name for is planted here', () => {
  expect([...new Set(mistakes.map(({ name }) => name))].sort()).toEqual([...suspicionNames].sort());
  expect(mistakes.length).toBeGreaterThan(10);
});

describe('a callback whose sign does not verify', () => {
  test('hears 3 and nothing more, and its line in the log says what the sign was made of', async () => {
    for (const mistake of mistakes) {
      // So seldom are signs of one agent looked into.
      await pause(1_010);
      const named = (mistake.fields?.['agentID'] ?? 'SOUND01') === 'V201' ? 'code' : 'result';
      expect(await post(mistake)).toEqual({ status: 200, body: `{"${named}":3,"message":"invalid sign"}` });
      const { agentID, userID, transactionID } = mistake.fields ?? bet;
      const line = logged().lines.findLast(({ event }) => event === 'callback');
      expect(line).toMatchObject({
        ...{ event: 'callback', result: 'invalidSign', code: 3, agentID, userID, transactionID },
        ...{ address: '127.0.0.1', suspicions: expect.arrayContaining([mistake.name]) },
        what: expect.stringMatching(mistake.says),
      });
      // A field that only one dialect signs is both.
      expect([[mistake.name], ['fieldLeftOut', 'otherDialect'], ['otherDialect']]).toContainEqual(line?.['suspicions']);
    }
    const { text: all } = logged();
    expect(secrets.filter((secret) => all.includes(secret))).toEqual([]);
  }, 60_000);

  test('of which nothing usual is known is said to have another key', async () => {
    await pause(1_010);
    await post({ sign: hex(text, 'a-key-nobody-has-heard-of') });

    const line = logged().lines.findLast(({ event }) => event === 'callback');
    expect(line).toMatchObject({ suspicions: [], what: expect.stringMatching(/most likely the key is another one/) });
  });

  test('is looked into once in a second', async () => {
    await pause(1_010);
    const before = logged().lines.length;
    for (let i = 0; i < 20; i += 1) await post({ sign: 'not-a-sign' });

    const lines = logged().lines.slice(before);
    expect(lines).toHaveLength(20);
    expect(lines.filter((line) => 'suspicions' in line).length).toBeLessThanOrEqual(2);
    for (const line of lines) expect(line).toMatchObject({ code: 3, agentID: 'SOUND01', address: '127.0.0.1' });
  });

  test('of any number of agents is looked into a few times in a second', () => {
    let now = 0;
    const examine = createSignClinic(
      () => [],
      () => now,
    );
    const body = Buffer.from(signedBody({ ...bet }, 'another text'));
    const looked = () =>
      Array.from({ length: 100 }, (_, at) =>
        examine('withdraw', body, someAgent({ agentID: `A${at}`, keys: [keyOf('k')] })),
      ).filter((found) => found !== undefined).length;

    expect(looked()).toBe(4);
    now += 999;
    expect(looked()).toBe(0);
    now += 1;
    expect(looked()).toBe(4);
  });
});

describe('the command says the same', () => {
  const ask = (
    { operation = 'withdraw', fields = bet }: Partial<Mistake>,
    sign?: string,
    format: 'text' | 'json' = 'text',
  ) => {
    const { agentID = '', ...others } = fields;
    const question = { agent: agentID, operation, fields: others, operators, env: keys };
    return runSign(sign === undefined ? question : { ...question, sign }, format);
  };

  test.each(mistakes)('of $name: $says', (mistake) => {
    const { lines, exitCode } = ask(mistake, mistake.sign);
    const printed = lines.join('\n');

    expect(exitCode).toBe(1);
    expect(printed).toMatch(new RegExp(`^  ${mistake.name} `, 'm'));
    expect(printed).toMatch(mistake.says);
    const keysOnly = secrets.filter((secret) => !mistakes.some(({ sign }) => sign.trim() === secret));
    expect(keysOnly.filter((secret) => printed.includes(secret))).toEqual([]);
  });

  test('and agrees with a sign that is right', () => {
    const right = hex(text, keys.SOUND_KEY);
    const { lines, exitCode } = ask({}, right);

    expect(exitCode).toBe(0);
    expect(lines).toContain('Withdraw signs   SOUND01│ann│12.50│tx-1│r-9');
    expect(lines).toContain(`sign with sound   ${right}`);
    expect(lines.at(-1)).toBe('The given sign matches.');
  });

  test('as JSON', () => {
    const { lines, exitCode } = ask({ fields: { ...bet, amount: '12.5' } }, 'not-a-sign', 'json');

    expect(exitCode).toBe(1);
    expect(JSON.parse(lines.join(''))).toEqual({
      ...{ operator: 'sound', agentID: 'SOUND01', operation: 'withdraw', path: 'Withdraw' },
      fields: [
        { name: 'agentID', value: 'SOUND01', sent: 'SOUND01' },
        { name: 'userID', value: 'ann', sent: 'ann' },
        { name: 'amount', value: '12.50', sent: '12.5' },
        { name: 'transactionID', value: 'tx-1', sent: 'tx-1' },
        { name: 'roundID', value: 'r-9', sent: 'r-9' },
      ],
      signs: [{ key: 'sound', sign: hex(text, keys.SOUND_KEY) }],
      given: { matches: false, suspicions: [{ name: 'noDigits', says: expect.any(String) }] },
    });
  });

  test.each([
    ['a field is missing', { fields: { agentID: 'SOUND01', userID: 'ann' } }, /^amount is missing/],
    ['an amount is none', { fields: { ...bet, amount: '1,5' } }, /^amount is missing or unreadable/],
    ['nobody is that agent', { fields: { ...bet, agentID: 'SUND01' } }, /no agent SUND01 – did you mean "SOUND01"/],
  ])('and that it was asked wrong where %s', (_, question, says) => {
    const { lines, exitCode } = ask(question);

    expect(exitCode).toBe(2);
    expect(lines.join()).toMatch(says);
  });

  test('and makes no sign of what stands in for a key', () => {
    const { agentID, ...fields } = bet;
    const { lines, exitCode } = runSign({ agent: agentID, operation: 'withdraw', fields, operators, env: {} }, 'text');

    expect({ lines, exitCode }).toEqual({ lines: ['no key of SOUND01 is set here; expected sound'], exitCode: 2 });
  });
});
