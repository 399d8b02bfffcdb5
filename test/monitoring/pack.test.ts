// What config/monitoring gives to Prometheus, Grafana and Alertmanager: each name, label and word in it is one the
// bridge has. `npm run monitoring` runs all of it in a real Prometheus.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { operatorAlarms, processAlarms } from '../../src/domain/alarms.js';
import { causes } from '../../src/domain/causes.js';
import { createMonitor } from '../../src/observe/create-monitor.js';
import { createLog } from '../../src/observe/log.js';
import { createMetrics } from '../../src/observe/metrics.js';
import { walletCallNames } from '../../src/domain/ports.js';
import { readSettings } from '../../src/settings.js';
import {
  alerts,
  cases,
  dashboard,
  groupedBy,
  groups,
  queries,
  records,
  selectorsIn,
  textIn,
} from '../support/monitoring-pack.js';
import { anchorsOf, inlineCodeIn, root, rowsUnder } from '../support/pages.js';

/** By the name of a series: the labels it has. */
const labelsOf = new Map<string, readonly string[]>([
  ['up', []],
  ...createMetrics(() => 0)
    .registry.getMetricsAsArray()
    .flatMap((metric): (readonly [string, readonly string[]])[] => {
      const found: unknown = Reflect.get(metric, 'labelNames');
      const labels = z.array(z.string()).parse(found);
      if (String(metric.type) !== 'histogram') return [[metric.name, labels]];
      return [
        [`${metric.name}_bucket`, [...labels, 'le']],
        [`${metric.name}_count`, labels],
        [`${metric.name}_sum`, labels],
      ];
    }),
  ...records.map(({ record, expr }) => [record, groupedBy(expr)] as const),
]);
/** Those that a scrape adds. */
const scraped = ['instance', 'job'];
const everywhere = [
  ...records.map(({ record, expr }) => ({ where: record, expr })),
  ...alerts.map(({ alert, expr }) => ({ where: alert, expr })),
  ...queries.map(({ title, expr }) => ({ where: title, expr: expr.replaceAll('$operator', '.*') })),
];

describe.each(everywhere)('$where', ({ expr }) => {
  const selectors = selectorsIn(expr);

  test('reads series the bridge has, by labels they have', () => {
    expect(selectors.length).toBeGreaterThan(0);
    for (const { name, matchers } of selectors) {
      const labels = labelsOf.get(name);
      expect([name, labels]).toEqual([name, expect.any(Array)]);
      for (const { label } of matchers) expect([...(labels ?? []), ...scraped]).toContain(label);
    }
    const all = selectors.flatMap(({ name }) => labelsOf.get(name) ?? []);
    for (const label of groupedBy(expr)) expect([...all, ...scraped]).toContain(label);
  });

  test('adds up nothing that every replica tells alike', () => {
    // By replica it may: the largest of these sums is taken then.
    expect(expr).not.toMatch(
      /\bsum(?: by \((?![^)]*instance)[^)]*\))? ?\(wallet_bridge_(?:unfinished|accepted|oldest)/,
    );
  });
});

test('words that queries ask for are words the bridge says', async () => {
  const monitor = createMonitor(createLog('silent'));
  const facts = {
    name: 'northstar',
    fileHash: '0',
    preset: undefined,
    agents: ['NORTHSTAR01'],
    keys: ['gsp'],
    deadline: 1,
  };
  monitor.operatorsInUse([{ ...facts, calls: walletCallNames, platformCalls: ['launch'] }]);
  const { text } = await monitor.scrape();
  const asked = everywhere
    .flatMap(({ expr }) => selectorsIn(expr))
    .flatMap(({ name, matchers }) => matchers.map((matcher) => ({ name, ...matcher })))
    .filter(({ name, label }) => name.endsWith('_total') && label !== 'operator' && label !== 'job');

  expect(asked.length).toBeGreaterThan(15);
  for (const { name, label, value } of asked)
    for (const word of value.split('|')) expect(text).toMatch(new RegExp(`^${name}\\{[^}]*${label}="${word}"`, 'm'));
  const ofUnclear = asked.filter(({ label }) => label === 'cause').flatMap(({ value }) => value.split('|'));
  expect(ofUnclear.filter((cause) => !(cause in causes))).toEqual([]);
});

test('every metric of the bridge is shown or alerted on', () => {
  const read = new Set(everywhere.flatMap(({ expr }) => selectorsIn(expr)).map(({ name }) => name));
  const histogram = /_(?:bucket|count|sum)$/;
  const unread = [...labelsOf.keys()].filter(
    (name) =>
      name.startsWith('wallet_bridge_') &&
      !read.has(name) &&
      !(histogram.test(name) && read.has(name.replace(histogram, '_bucket'))),
  );

  // Launches are few: what became of them says more than how long they took.
  expect(unread.filter((name) => !name.startsWith('wallet_bridge_platform_call_duration_seconds'))).toEqual([]);
});

describe('an alert', () => {
  test.each(alerts)('$alert is told with what it means, and where to read on', ({ severity, annotations }) => {
    const [page, anchor = ''] = annotations?.runbook.split('#') ?? [];

    expect(severity).toBeDefined();
    expect(page).toBe('config/monitoring/runbook.md');
    expect(anchorsOf('config/monitoring/runbook.md')).toContain(anchor);
  });

  test.each(alerts)('$alert has a case that is well, and one that fires it', ({ alert }) => {
    const looks = cases.tests
      .flatMap((one) => one.alert_rule_test)
      .filter(({ alertname }) => alertname === alert)
      .map(({ exp_alerts: fired }) => fired.length > 0);

    expect(looks).toEqual(expect.arrayContaining([true, false]));
  });

  test('is in the table of the runbook', () => {
    const rows = rowsUnder('config/monitoring/runbook.md', 'The runbook').slice(0, alerts.length);

    expect(
      rows.map(([name = '', severity, where = '']) => [inlineCodeIn(name)[0], severity, /#([^)]+)/.exec(where)?.[1]]),
    ).toEqual(alerts.map(({ alert, severity, annotations }) => [alert, severity, annotations?.runbook.split('#')[1]]));
  });

  test('is there for every kind of alarm', () => {
    const kinds = alerts
      .flatMap(({ expr }) => selectorsIn(expr))
      .flatMap(({ matchers }) => matchers.filter(({ label }) => label === 'kind'))
      .flatMap(({ value }) => value.split('|'));

    expect(kinds.sort()).toEqual([...Object.keys(operatorAlarms), ...Object.keys(processAlarms)].sort());
  });
});

test('the cases have series the bridge has, and are worked out in the order of the rules', () => {
  expect(cases.group_eval_order).toEqual(groups);
  for (const { series } of cases.tests.flatMap((one) => one.input_series))
    for (const { name, matchers } of selectorsIn(series)) {
      expect([name, labelsOf.get(name)]).toEqual([name, expect.any(Array)]);
      for (const { label } of matchers) expect([...(labelsOf.get(name) ?? []), ...scraped]).toContain(label);
    }
});

describe('compose', () => {
  const service = z.looseObject({
    image: z.string().optional(),
    profiles: z.array(z.string()).optional(),
    command: z.array(z.string()).default([]),
    volumes: z.array(z.string()).default([]),
    ports: z.array(z.string()).default([]),
  });
  const { services } = z
    .looseObject({ services: z.record(z.string(), service) })
    .parse(parse(textIn('../compose.yaml')));
  const watching = Object.entries(services).filter(([, { profiles }]) => profiles !== undefined);
  const prometheus = z
    .looseObject({
      rule_files: z.array(z.string()),
      alerting: z.looseObject({
        alertmanagers: z.array(
          z.looseObject({ static_configs: z.array(z.looseObject({ targets: z.array(z.string()) })) }),
        ),
      }),
      scrape_configs: z.array(
        z.looseObject({
          job_name: z.string(),
          dns_sd_configs: z.array(z.looseObject({ names: z.array(z.string()), port: z.number() })),
        }),
      ),
    })
    .parse(parse(textIn('prometheus.yml')));

  test('runs what watches only where it is asked to, of versions that are named, on this machine alone', () => {
    expect(watching.map(([name]) => name)).toEqual(['prometheus', 'alertmanager', 'grafana']);
    for (const [, { image, profiles, ports }] of watching) {
      expect(profiles).toEqual(['monitoring']);
      expect(image).toMatch(/^[\w/]+:v?\d+\.\d+\.\d+$/);
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    }
  });

  test('mounts files there are, where those who read them look', () => {
    const mounts = watching.flatMap(([, { volumes }]) => volumes.filter((volume) => volume.startsWith('.')));

    expect(mounts.length).toBeGreaterThan(5);
    for (const mount of mounts)
      expect([mount, existsSync(join(root, 'config', mount.split(':')[0] ?? ''))]).toEqual([mount, true]);
    for (const file of prometheus.rule_files) expect(mounts.join()).toContain(`:/etc/prometheus/${file}:ro`);
    const provider = z
      .looseObject({ providers: z.array(z.looseObject({ options: z.looseObject({ path: z.string() }) })) })
      .parse(parse(textIn('grafana/dashboards.yml')));
    for (const { options } of provider.providers) expect(mounts.join()).toContain(`.json:${options.path}/`);
  });

  test('has Prometheus ask every replica where it tells, and tell an Alertmanager there is', () => {
    const { settings } = readSettings({}) as { settings: { ADMIN_PORT: number } };
    const [job] = prometheus.scrape_configs;

    expect(job?.job_name).toBe('wallet-bridge');
    expect(job?.dns_sd_configs).toEqual([expect.objectContaining({ names: ['bridge'], port: settings.ADMIN_PORT })]);
    const told = prometheus.alerting.alertmanagers.flatMap((one) =>
      one.static_configs.flatMap(({ targets }) => targets),
    );
    expect(told.map((target) => target.split(':')[0])).toEqual(['alertmanager']);
    expect(Object.keys(services)).toEqual(expect.arrayContaining(['bridge', 'alertmanager']));
  });

  test('has Alertmanager keep quiet only what there is', () => {
    const text = textIn('alertmanager.yml');
    const named = [...text.matchAll(/WalletBridge\w+/g)].map(([name]) => name);
    const receivers = [...text.matchAll(/receiver: (\w+)/g)].map(([, name]) => name);

    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !alerts.some(({ alert }) => alert === name))).toEqual([]);
    expect(receivers.filter((name) => !text.includes(`- name: ${name ?? ''}`))).toEqual([]);
    expect(parse(text)).toHaveProperty('route.group_by', ['alertname', 'operator']);
  });

  test('shows a dashboard whose panels have a title and a query', () => {
    expect(dashboard.panels.length).toBeGreaterThan(20);
    for (const { title, type, targets } of dashboard.panels)
      expect([title, targets.length > 0]).toEqual([title, type !== 'row']);
    expect(dashboard.templating.list.map(({ name }) => name)).toEqual(['source', 'operator']);
  });
});

test('a query is read as Prometheus reads it', () => {
  const query = 'sum by (a, b) (rate(one_total{x="1", y=~"2|3"}[5m])) / on (a) max(two:r5m) > 0.5 or vector(0)';

  expect(selectorsIn(query)).toEqual([
    {
      name: 'one_total',
      matchers: [
        { label: 'x', operator: '=', value: '1' },
        { label: 'y', operator: '=~', value: '2|3' },
      ],
    },
    { name: 'two:r5m', matchers: [] },
  ]);
  expect(groupedBy(query)).toEqual(['a', 'b']);
});
