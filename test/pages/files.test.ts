// The operator files in the pages, checked and explained as the commands do it: whole ones, pieces of one,
// and what each sends.

import { createHash, createHmac, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { runCheck } from '../../src/commands/check.js';
import { runExplain } from '../../src/commands/explain.js';
import { presetNames } from '../../src/operators/presets.js';
import { environment, fileWith, problemsOf } from '../support/operator-text.js';
import {
  blocksOf,
  inlineCodeIn,
  literal,
  pageNames,
  proseOf,
  root,
  sectionOf,
  type PageName,
} from '../support/pages.js';

const directory = mkdtempSync(join(tmpdir(), 'pages-'));
afterAll(() => rmSync(directory, { recursive: true }));

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

/** Every variable a file names. */
function environmentOf(text: string): Record<string, string> {
  const names = [...text.matchAll(/env: (\w+)/g)].map(([, name = '']) => name);
  return Object.fromEntries(
    names.map((name) => {
      if (name === 'HARBOUR_SALT') return [name, 'pepper'];
      if (name.endsWith('_PRIVATE_KEY')) return [name, privateKey];
      if (/GSP_KEY(_NEXT)?$/.test(name)) return [name, 'platform-test-key'];
      if (name.endsWith('_CALLER_ID')) return [name, 'example-caller'];
      return [name, name === 'WALLET_URL' ? 'https://wallet.example' : 'example-key'];
    }),
  );
}

function fileOf(name: string, text: string): string {
  const file = join(directory, `${name}.yaml`);
  writeFileSync(file, text);
  return file;
}

const checked = (name: string, text: string): readonly string[] =>
  runCheck([fileOf(name, text)], { format: 'text', env: environmentOf(text) }).lines;

/** What `explain` prints, as the pages show it. */
function explained(
  file: string,
  operation: string,
  fields: Readonly<Record<string, string>>,
  replyFile?: string,
): string[] {
  const env = environmentOf(readFileSync(file, 'utf8'));
  const { lines, exitCode } = runExplain(file, operation, { env, fields, ...(replyFile && { replyFile }) });
  expect(exitCode).toBe(0);
  const shown = lines.slice(1).map((line) => line.trim());
  return shown.filter((line) => line !== '' && !/^(Accept|Content-Type): /.test(line));
}

function fieldsOf(command: string): Record<string, string> {
  const [, pairs = ''] = /--field((?: \w+=\S+)+)/.exec(command) ?? [];
  return Object.fromEntries(
    [...pairs.matchAll(/(\w+)=(\S+)/g)].map(([, name = '', value = '']): [string, string] => [name, value]),
  );
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A file with what a piece of one says put over it. */
function over(file: unknown, piece: unknown): unknown {
  if (!isMap(file) || !isMap(piece)) return piece;
  const both = Object.entries(piece).map(
    ([key, value]) => [key, key in file ? over(file[key], value) : value] as const,
  );
  return { ...file, ...Object.fromEntries(both) };
}

const yamlIn = (page: PageName) => blocksOf(page).filter(({ language }) => language === 'yaml');
const stepByStep = yamlIn('config/README.md')
  .map(({ text }) => text)
  .join('');

describe('an operator file', () => {
  test('written step by step passes check without a warning', () => {
    expect(stepByStep).toMatch(/^version: /);
    expect(checked('harbour', stepByStep)).toEqual(['0 errors, 0 warnings']);
  });

  const minimal = readFileSync(join(root, 'config/examples/minimal.yaml'), 'utf8');
  const pieces = (
    ['README.md', 'config/deploy/rotation.md', 'config/platform.md', 'config/from-curl.md'] as const
  ).flatMap((page) => yamlIn(page).map(({ text }) => [page, text] as const));

  test.each(pieces)('of which %s shows a piece passes check with it', (_page, piece) => {
    const whole = stringify(over(parse(minimal), parse(piece)));

    expect(checked('piece', whole)).toEqual(['0 errors, 0 warnings']);
  });

  test('is there, and so are pieces', () => expect(pieces.length).toBeGreaterThan(1));

  test('of the first page is the one init writes, but for its layout', () => {
    const [, piece = ''] = pieces[0] ?? [];
    const written: unknown = parse(minimal);
    const { operations, errors } = isMap(written) ? written : {};
    const shown: unknown = parse(piece);

    expect(shown).toEqual({
      operations: { withdraw: isMap(operations) ? operations['withdraw'] : undefined },
      errors: Array.isArray(errors) ? errors.slice(0, 1) : [],
    });
  });
});

describe('an expression with a secret in a page', () => {
  const signs = pageNames
    .flatMap((page) => [...inlineCodeIn(proseOf(page)), ...yamlIn(page).flatMap(({ text }) => text.split('\n'))])
    .flatMap((code) => /\$\{.*secrets\.\w.*\}$/.exec(code)?.[0] ?? [])
    .filter((expression) => !expression.includes('vars.'));

  test.each(signs)('%s can be a header', (expression) => {
    const names = [...new Set([...expression.matchAll(/secrets\.(\w+)/g)].map(([, name = '']) => name))];
    const text = fileWith(
      ['secrets:\n', `secrets:\n${names.map((name) => `  ${name}: { env: A_${name.toUpperCase()} }\n`).join('')}`],
      ['path: /debits,', `path: /debits, headers: { X-Sign: '${expression}' },`],
    );
    const env = { ...environment, A_KEY: 'k', A_SALT: 's', A_PASSWORD: 'p', A_PEM: privateKey };

    expect(problemsOf(text, { env })).toEqual([]);
  });

  test('is there', () => expect(signs.length).toBeGreaterThanOrEqual(5));
});

describe('explain in a page', () => {
  test('of the whole file prints this, for this reply and with this sign', () => {
    const { text = '' } = blocksOf('config/README.md').find((block) => block.text.startsWith("$ echo '")) ?? {};
    const [, reply = '', command = '', printed = '', signed = ''] =
      /^\$ echo '(.*)' > reply\.json\n\$ (.*)\n([^]*)\$ printf %s '(.*)' \| md5sum/.exec(text.replace(/\\\n */, '')) ??
      [];
    const replyFile = join(directory, 'reply.json');
    writeFileSync(replyFile, reply);

    const file = fileOf('explained', stepByStep);
    expect(printed.trim().split('\n')).toEqual(explained(file, 'withdraw', fieldsOf(command), replyFile));
    expect(printed).toContain(`X-Sign: ${createHash('md5').update(signed).digest('hex').toUpperCase()}\n`);
  });

  const presets = 'config/examples/README.md';
  const command = inlineCodeIn(sectionOf(presets, 'What each preset sends')).find((code) => code.includes('explain'));
  const shownOf = new Map(
    blocksOf(presets).map(({ heading, text }) => [heading, text.replaceAll('\n  ', '').trim()] as const),
  );

  test('shows every preset', () => expect([...shownOf.keys()].sort()).toEqual(presetNames()));

  test.each(presetNames())('of a bet with the preset %s prints this', (name) => {
    const file = join(root, `test/support/presets/${name}.operator.yaml`);
    const printed = explained(file, 'withdraw', fieldsOf(command ?? '')).join('\n');

    // `…` is what differs with every call.
    const parts = (shownOf.get(name) ?? '').split('…').map(literal);
    expect(printed).toMatch(new RegExp(`^${parts.join('[^\\n"&]+')}$`));
  });
});

describe('a recipe for a sign', () => {
  const sound = fileWith(
    ['/api/', ''],
    ['  gsp: { env: GSP_KEY }', '  gsp: { env: SIGNS_GSP_KEY }\n  key: { env: SIGN_KEY }'],
    ['path: /debits', 'path: /debit'],
    ["{ reference: '${reference}', cents:", "{ player: '${request.userID}', cents:"],
    ["'${request.amount.minor()}' }", "'${request.amount.minor()}', ref: '${reference}' }"],
  );
  const recipes = yamlIn('config/reference.md').map(({ heading, text }) => [heading, text] as const);

  test.each(recipes)('%s makes the very sign that is made by hand', (heading, recipe) => {
    const [, signed = '', hash, key = '', shown = ''] =
      /^# printf %s '(.*)' \| (?:openssl dgst -(\w+) -hmac (\S+)|md5sum)\n# (.*)$/m.exec(recipe) ?? [];
    const byHand = hash === undefined ? createHash('md5') : createHmac(hash, key);
    const sign = byHand.update(signed).digest('hex');
    const file = fileOf('signs', stringify(over(parse(sound), parse(recipe))));
    const clock = jest.spyOn(Date, 'now').mockReturnValue(1_700_000_000_000);

    const printed = heading.includes('empty')
      ? explained(file, 'getBalance', { userID: 'p7' })
      : explained(file, 'withdraw', { userID: 'p7', transactionID: 't1', roundID: 'r1' });
    clock.mockRestore();

    expect(printed).toContain(shown);
    expect(shown.toLowerCase()).toContain(sign);
  });

  test('is there for every way people meet', () => expect(recipes.length).toBeGreaterThanOrEqual(7));
});
