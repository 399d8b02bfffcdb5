// The README is what an engineer goes by, so what it shows is made here again: files, requests, commands, tables. It may leave
// something out; it may not say what is no longer so.

import { execFile } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { createMetrics } from '../../src/observe/metrics.js';
import { presetNames, readPreset } from '../../src/operators/presets.js';
import { describeSettings } from '../../src/settings.js';
import { runCheck } from '../../src/commands/check.js';
import { runExplain } from '../../src/commands/explain.js';
import { language } from '../../src/expressions/functions/functions.js';
import { environment, fileWith, problemsOf } from '../support/operator-text.js';

const root = join(__dirname, '../..');
const directory = mkdtempSync(join(tmpdir(), 'readme-'));
afterAll(() => rmSync(directory, { recursive: true }));

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const blocks = [...readme.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].map(([, language = '', text = '']) => ({
  language,
  text,
}));
const wholeFiles = blocks.filter(({ language, text }) => language === 'yaml' && /^version: /m.test(text));

/** The cells of each row below a heading, without the line under the names of the columns. */
function tableUnder(beginning: string): string[][] {
  const from = readme.indexOf(`\n${beginning}`);
  const [table = ''] = /(^\|.*\n)+/m.exec(readme.slice(from + 1)) ?? [];
  return table
    .trim()
    .split('\n')
    .slice(2)
    .map((row) => row.split('|').map((cell) => cell.trim()));
}

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
      if (name.endsWith('GSP_KEY')) return [name, 'platform-test-key'];
      if (name.endsWith('_CALLER_ID')) return [name, 'example-caller'];
      return [name, name === 'WALLET_URL' ? 'https://wallet.example' : 'example-key'];
    }),
  );
}

/** What `explain` prints, as the README shows it. */
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

describe('an operator file in the README', () => {
  test.each(wholeFiles.map(({ text }) => [/^operator: (\S+)/m.exec(text)?.[1] ?? '', text]))(
    '%s passes check without a warning',
    (name, text) => {
      const file = join(directory, `${name}.yaml`);
      writeFileSync(file, text);

      expect(runCheck([file], { format: 'text', env: environmentOf(text) }).lines).toEqual(['0 errors, 0 warnings']);
    },
  );

  test('is there', () => expect(wholeFiles.length).toBeGreaterThan(0));
});

describe('an expression in the README', () => {
  const signs = [...readme.matchAll(/`(\$\{[^`]*secrets\.[^`]*\})`/g)].map(([, expression = '']) => expression);

  test.each(signs)('%s can be a header', (expression) => {
    const names = [...expression.matchAll(/secrets\.(\w+)/g)].map(([, name = '']) => name);
    const text = fileWith(
      ['secrets:\n', `secrets:\n${names.map((name) => `  ${name}: { env: A_${name.toUpperCase()} }\n`).join('')}`],
      ['path: /debits,', `path: /debits, headers: { X-Sign: '${expression}' },`],
    );
    const env = { ...environment, A_KEY: 'k', A_SALT: 's', A_PASSWORD: 'p', A_PEM: privateKey };

    expect(problemsOf(text, { env })).toEqual([]);
  });

  test('is there', () => expect(signs.length).toBeGreaterThanOrEqual(5));
});

describe('explain in the README', () => {
  test('of the whole file prints this, for this reply and with this sign', () => {
    const { text = '' } = blocks.find((block) => block.text.startsWith("$ echo '")) ?? {};
    const [, reply = '', command = '', printed = '', signed = ''] =
      /^\$ echo '(.*)' > reply\.json\n\$ (.*)\n([^]*)\$ printf %s '(.*)' \| md5sum/.exec(text) ?? [];
    const file = join(directory, 'explained.yaml');
    const replyFile = join(directory, 'reply.json');
    writeFileSync(file, wholeFiles[0]?.text ?? '');
    writeFileSync(replyFile, reply);

    expect(printed.trim().split('\n')).toEqual(explained(file, 'withdraw', fieldsOf(command), replyFile));
    expect(printed).toContain(`X-Sign: ${createHash('md5').update(signed).digest('hex').toUpperCase()}\n`);
  });

  const [, command = ''] = /<code>(explain FILE withdraw .*?)<\/code>/.exec(readme) ?? [];
  const { text: shown = '' } = blocks.find(({ text }) => text.startsWith('hub88 ')) ?? {};
  const shownOf = new Map(
    shown.split(/^(?=\S+ +POST )/m).map((part) => {
      const [, name = '', lines = ''] = /^(\S+) +([^]*)/.exec(part) ?? [];
      return [name, lines.trim()] as const;
    }),
  );

  test('shows every preset', () => expect([...shownOf.keys()].sort()).toEqual(presetNames()));

  test.each(presetNames())('of a bet with the preset %s prints this', (name) => {
    const file = join(root, `test/support/presets/${name}.operator.yaml`);
    const printed = explained(file, 'withdraw', fieldsOf(command)).join('\n');

    // `…` is what differs with every call.
    const parts = (shownOf.get(name) ?? '').split('…').map((part) => part.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));
    expect(printed).toMatch(new RegExp(`^${parts.join('[^\\n"&]+')}$`));
  });
});

describe('a table of the README', () => {
  test('has every function of expressions, and no other', () => {
    const rows = tableUnder('| in `${…}` |').filter(([, about = '']) => /^(text|lists|signs)/.test(about));
    const named = rows.flatMap(([, , cell = '']) => {
      const [own = ''] = cell.split('and CEL’s');
      return [...own.matchAll(/`([^`]+)`/g)].flatMap(([, code = '']) =>
        /^\w+$/.test(code) ? [code] : [...code.replaceAll(/"[^"]*"/g, '').matchAll(/(\w+)\(/g)].map(([, name]) => name),
      );
    });
    // CEL's own, and one that stands with the charsets.
    const elsewhere = ['size', 'bool', 'has', 'bytes'];
    const functions = [...language.functions].filter((name) => !elsewhere.includes(name));
    expect(named.filter((name = '') => !language.functions.has(name) && !language.methods.has(name))).toEqual([]);
    expect(functions.filter((name) => !named.includes(name))).toEqual([]);
  });

  test('has every preset, with what it asks and how it may be repeated', () => {
    const rows = tableUnder('| preset |').map(([, preset, , asked, , repeatable]) => [preset, asked, repeatable]);

    const presets = presetNames().map((name) => {
      const { text } = readPreset(name);
      const [, repeatable] = /^ {2}repeatable: (\w+)/m.exec(text) ?? [];
      expect(text).not.toMatch(/^ +(lookup|cancelFirst):/m);
      const [secrets = '', settings = ''] = [...text.matchAll(/^(?:secrets|settings):\n((?: .*\n)+)/gm)].map(
        ([, section = '']) => [...section.matchAll(/^ {2}(\w+): \{ required: /gm)].map(([, key]) => key).join(', '),
      );
      return [`\`${name}\``, [secrets, settings].filter((part) => part !== '').join('; '), repeatable];
    });
    expect(rows.sort()).toEqual(presets);
  });

  test('has every metric, with its labels', () => {
    const rows = tableUnder('| metric').map(([, name = '', labels = '']) => [
      `wallet_bridge_${name.replaceAll('`', '')}`,
      labels,
    ]);

    const metrics = createMetrics(() => 0)
      .registry.getMetricsAsArray()
      .map((metric): [string, unknown] => [metric.name, Reflect.get(metric, 'labelNames')])
      .filter(([name]) => name.startsWith('wallet_bridge_'));
    expect(rows).toEqual(
      expect.arrayContaining(
        metrics.map(([name, labels]) => [name, Array.isArray(labels) ? labels.join(', ') : 'no labels']),
      ),
    );
    expect(rows).toHaveLength(metrics.length);
  });

  test('has every setting', () => {
    const named = tableUnder('| setting').flatMap(([, names = '']) => names.replaceAll('`', '').split(', '));
    const settings = [...describeSettings().matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name);

    expect([...named, 'NODE_ENV'].sort()).toEqual(settings.sort());
  });
});

/** What a command's help says; a command that does not exist has none. */
function helpOf(command: string): Promise<string> {
  const words = ['dist/main.js', ...command.split(' ').filter(Boolean), '--help'];
  return new Promise((resolve) => {
    execFile(process.execPath, words, { cwd: root }, (_failure, stdout) => resolve(stdout));
  });
}

describe('a command in the README', () => {
  const code = [
    ...blocks.filter(({ language }) => ['sh', 'console'].includes(language)).flatMap(({ text }) => text.split('\n')),
    ...[...readme.replaceAll(/^```[^]*?^```$/gm, '').matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text),
  ];
  const used = new Map<string, Set<string>>();
  for (const line of code) {
    const [, said = '', group = '', name = '', rest = ''] =
      /(?:npx wallet-bridge|^wallet-bridge|node dist\/main\.js) ((transactions |journal )?([a-z-]+))\b(.*)/.exec(
        line,
      ) ?? [];
    if (said === '') continue;
    const options = used.get(group + name) ?? new Set();
    for (const [option] of rest.matchAll(/--[a-z][a-z-]*/g)) options.add(option);
    used.set(group + name, options);
  }

  test.each([...used])('%s exists, and so do its options', async (command, options) => {
    const help = await helpOf(command);

    expect(help).toContain(`Usage: wallet-bridge ${command} `);
    for (const option of options) expect(help).toContain(option);
  });

  test('is one of those --help lists, and none of those is left out', async () => {
    const listed = [...(await helpOf('')).matchAll(/^ {2}([a-z]+) /gm)].map(([, name = '']) => name);
    const shown = new Set([...used.keys()].map((command) => command.split(' ')[0]));

    expect([...shown].sort()).toEqual(listed.filter((name) => !['help', 'demo'].includes(name)).sort());
  });
});

test('every file the README points to is there', () => {
  const targets = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path = '']) => path);

  expect(targets.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});
