// Tables and messages in the pages, compared with the code they speak of: none may say what is no longer so.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { operatorAlarms, processAlarms } from '../../src/domain/alarms.js';
import { causes } from '../../src/domain/causes.js';
import { events } from '../../src/observe/events.js';
import { findingKinds, findingMeanings } from '../../src/books/findings.js';
import { readAmount } from '../../src/books/read-amount.js';
import { exportColumns } from '../../src/books/export-columns.js';
import { createMetrics } from '../../src/observe/metrics.js';
import { presetNames, readPreset } from '../../src/operators/presets.js';
import { suspicionNames } from '../../src/protocol/sign-clinic.js';
import { resultCodes } from '../../src/protocol/result-codes.js';
import { describeSettings } from '../../src/settings.js';
import { inlineCodeIn, proseOf, root, rowsUnder, textOf } from '../support/pages.js';
import { ruleResults } from '../../src/mapping/source.js';

const folder = join(root, 'src');
const source = (under = ''): string =>
  readdirSync(join(folder, under), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(folder, under, name), 'utf8'))
    .join('\n');
const monitoring = 'config/monitoring/README.md';
const runbook = 'config/monitoring/runbook.md';
const codeOf = (cell = ''): string => inlineCodeIn(cell)[0] ?? '';

describe('the page of presets', () => {
  test('has every preset, with what it asks and how it may be repeated', () => {
    const rows = rowsUnder('config/examples/README.md', 'Presets, and what each sends')
      .filter((row) => row.length === 5)
      .map(([preset, , asked, , repeatable]) => [preset, asked, repeatable]);

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

  test('has every file of its folder', () => {
    const files = readdirSync(join(root, 'config/examples')).filter((name) => name.endsWith('.yaml'));
    const listed = rowsUnder('config/examples/README.md', 'Whole files').map(
      ([cell = '']) => /\[(.*?)\]/.exec(cell)?.[1],
    );

    expect(listed.sort()).toEqual(files.sort());
  });
});

describe('the page of whoever watches', () => {
  const metrics = createMetrics(() => 0)
    .registry.getMetricsAsArray()
    .filter(({ name }) => name.startsWith('wallet_bridge_'));
  const rows = rowsUnder(monitoring, 'Metrics');

  test('has every metric, with its labels', () => {
    const listed = rows.map(([name, labels]) => [`wallet_bridge_${codeOf(name)}`, labels]);

    expect(listed).toEqual(
      expect.arrayContaining(
        metrics.map((metric) => {
          const labels: unknown = Reflect.get(metric, 'labelNames');
          return [metric.name, Array.isArray(labels) ? labels.join(', ') : 'no labels'];
        }),
      ),
    );
    expect(listed).toHaveLength(metrics.length);
  });

  test('says of every metric how replicas are put together', () => {
    const kinds = new Map(metrics.map(({ name, type }) => [name, String(type)]));
    for (const [name, , over] of rows) {
      const kind = kinds.get(`wallet_bridge_${codeOf(name)}`);
      expect([name, over]).toEqual([name, expect.stringMatching(kind === 'gauge' ? /^(sum|max|min)$/ : /^sum$/)]);
    }
  });

  test('names no metric that there is not', () => {
    const pages = [textOf(monitoring), textOf(runbook), textOf('config/deploy/README.md')].join('\n');
    const named = new Set([...pages.matchAll(/wallet_bridge_[a-z_]+[a-z]/g)].map(([name]) => name));

    expect([...named].filter((name) => !metrics.some((metric) => metric.name === name))).toEqual([]);
  });

  test('says of what every replica reads from the journal that it does not add up', () => {
    const shared = metrics.filter(({ name }) => /bridge_(unfinished_records|accepted_|oldest_)/.test(name));

    expect(shared).toHaveLength(5);
    for (const { name, help } of metrics)
      expect([name, help.endsWith('take the max over replicas, not the sum.')]).toEqual([
        name,
        shared.some((metric) => metric.name === name),
      ]);
  });

  test('has every kind of alarm, and every cause', () => {
    const kinds = rowsUnder(monitoring, 'Kinds of alarms').map(([kind, about, means]) => [codeOf(kind), about, means]);

    expect(kinds).toEqual([
      ...Object.entries(operatorAlarms).map(([kind, means]) => [kind, 'its operator', means]),
      ...Object.entries(processAlarms).map(([kind, means]) => [kind, 'the process', means]),
    ]);
    const listed = rowsUnder(monitoring, 'Causes').map(([cause, means]) => [codeOf(cause), means]);
    expect(listed).toEqual(Object.entries(causes));
  });

  test('has metrics of Node that there are', () => {
    const named = rowsUnder(monitoring, 'Series').flatMap(([cell = '']) => inlineCodeIn(cell));
    const all = createMetrics(() => 0).registry.getMetricsAsArray();

    expect(named.length).toBeGreaterThan(2);
    expect(named.filter((name) => !all.some((metric) => metric.name === name))).toEqual([]);
  });

  const words = source();
  const alarms = ['A record is held', 'The platform and the bridge disagree', 'Too much is owed'].flatMap((heading) =>
    rowsUnder(runbook, heading).flatMap(([cell = '']) => inlineCodeIn(cell)),
  );

  test.each(alarms)('tells of an alarm the bridge has: %s', (alarm) => expect(words.includes(alarm)).toBe(true));

  test('tells of every reason a record is held for', () => {
    const domain = source('domain');
    const reasons = [
      ...domain.matchAll(/\bhold\(\s*\w+,\s*(['`])(.+?)\1/g),
      ...domain.matchAll(/kind: 'hold',\s*because:\s*(')(.+?)'/g),
      ...domain.matchAll(/const undoUnknown = (')(.+?)'/g),
    ].map(([, , reason = '']) => reason);

    expect(reasons.length).toBeGreaterThan(10);
    expect(reasons.filter((reason) => !alarms.some((alarm) => reason.includes(alarm)))).toEqual([]);
  });

  test('has every code the platform may hear', () => {
    const listed = rowsUnder(monitoring, 'Why this code?').map(([code, result]) => [code, result]);
    const codes = Object.entries(resultCodes).map(([result, { code }]) => [String(code), result]);

    expect(listed).toEqual([...codes, ['503', 'askAgain']]);
  });
});

describe('the page of the log', () => {
  const log = 'config/monitoring/log.md';

  test('has every line there may be, with its fields', () => {
    const listed = rowsUnder(log, 'Lines and fields').map(([event, line, fields = '']) => [
      codeOf(event),
      line,
      inlineCodeIn(fields),
    ]);

    expect(listed).toEqual(Object.entries(events).map(([event, { line, fields }]) => [event, line, [...fields]]));
  });

  test('has everything a sign is suspected of', () => {
    const listed = rowsUnder(log, 'A sign that does not match').map(([name]) => codeOf(name));

    expect(listed).toEqual([...suspicionNames]);
  });
});

describe('other pages', () => {
  test('have every setting', () => {
    const rows = rowsUnder('config/deploy/README.md', 'Settings');
    const named = rows.flatMap(([names = '']) => inlineCodeIn(names));
    const settings = [...describeSettings().matchAll(/^ {2}(\w+)(?: \((.*?)\))?:/gm)].map(
      ([, name = '', preset = '–']) => [name, preset] as const,
    );

    expect([...named].sort()).toEqual(settings.map(([name]) => name).sort());
    const defaults = rows.flatMap(([names = '', presets = '']) =>
      inlineCodeIn(names).map((name, at) => [name, inlineCodeIn(presets)[at] ?? '–'] as const),
    );
    expect(new Map(defaults)).toEqual(new Map(settings));
  });

  const books = 'config/reconcile/README.md';

  test('have everything a comparison finds, and what to do with it', () => {
    expect(rowsUnder(books, 'What to do with each finding')).toEqual(
      findingKinds.map((kind) => [`\`${kind}\``, findingMeanings[kind].means, findingMeanings[kind].remedy]),
    );
  });

  test('read amounts as a ledger’s are read', () => {
    const rows = rowsUnder(books, 'How amounts may be spelled');
    const read = rows.map(([cell]) => {
      const found = readAmount(codeOf(cell));
      return [cell, found === undefined ? 'none' : 'between' in found ? 'in doubt' : found.amount.toString()];
    });

    expect(rows.length).toBeGreaterThan(10);
    expect(rows).toEqual(read);
  });

  test('have every column of an export', () => {
    expect(rowsUnder(books, 'The journal itself')).toEqual(
      exportColumns.map(({ name, means }) => [`\`${name}\``, means]),
    );
  });

  const messages = rowsUnder('config/README.md', 'It says …, what now?').flatMap(([cell = '']) => inlineCodeIn(cell));
  const said = source();

  test.each(messages)('quote a message there is: %s', (message) => expect(said.includes(message)).toBe(true));

  test('quote messages', () => expect(messages.length).toBeGreaterThan(10));

  test('have the answers a rule may give', () => {
    const [, written = ''] = /A rule can answer ([^]*?)\. The last/.exec(proseOf('config/README.md')) ?? [];

    expect(inlineCodeIn(written).sort()).toEqual([...ruleResults].sort());
  });
});
