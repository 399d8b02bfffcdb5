// What config/monitoring holds, as data: alerts, their cases, the dashboard, and the names and labels that each
// query reads.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { root } from './pages.js';

const folder = 'config/monitoring';
export const textIn = (name: string): string => readFileSync(join(root, folder, name), 'utf8');

const rule = z.strictObject({
  record: z.string().optional(),
  alert: z.string().optional(),
  expr: z.string(),
  for: z.string().optional(),
  labels: z.strictObject({ severity: z.enum(['critical', 'warning']) }).optional(),
  annotations: z.strictObject({ summary: z.string(), description: z.string(), runbook: z.string() }).optional(),
});
const rules = z
  .strictObject({ groups: z.array(z.strictObject({ name: z.string(), rules: z.array(rule) })) })
  .parse(parse(textIn('rules.yml')));

export const groups = rules.groups.map(({ name }) => name);
const all = rules.groups.flatMap((group) => group.rules);
export const records = all.flatMap(({ record, expr }) => (record === undefined ? [] : [{ record, expr }]));
export const alerts = all.flatMap(({ alert, expr, labels, annotations }) =>
  alert === undefined ? [] : [{ alert, expr, severity: labels?.severity, annotations }],
);

export const cases = z
  .strictObject({
    rule_files: z.array(z.string()),
    evaluation_interval: z.string(),
    group_eval_order: z.array(z.string()),
    tests: z.array(
      z.strictObject({
        name: z.string(),
        interval: z.string(),
        input_series: z.array(z.strictObject({ series: z.string(), values: z.string() })),
        alert_rule_test: z.array(
          z.strictObject({ alertname: z.string(), eval_time: z.string(), exp_alerts: z.array(z.unknown()) }),
        ),
      }),
    ),
  })
  .parse(parse(textIn('rules.test.yml')));

const panel = z.looseObject({
  title: z.string(),
  type: z.string(),
  targets: z.array(z.looseObject({ expr: z.string(), legendFormat: z.string() })).default([]),
});
export const dashboard = z
  .looseObject({
    uid: z.string(),
    panels: z.array(panel),
    templating: z.looseObject({ list: z.array(z.looseObject({ name: z.string() })) }),
  })
  .parse(JSON.parse(textIn('grafana-dashboard.json')));
export const queries = dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ title, expr })));

interface Selector {
  readonly name: string;
  readonly matchers: readonly { readonly label: string; readonly operator: string; readonly value: string }[];
}

const words = new Set(['by', 'or', 'and', 'unless', 'without', 'on', 'ignoring', 'offset']);

/** Each series a query reads: its name, and what it is narrowed by. */
export function selectorsIn(query: string): Selector[] {
  const bare = query.replaceAll(/\b(?:by|without|on|ignoring) \([^)]*\)/g, '');
  return [...bare.matchAll(/([a-zA-Z_:][\w:]*)(?:\{([^}]*)\})?(?!\s*[\w(])/g)].flatMap(({ 1: name = '', 2: inside }) =>
    words.has(name) || /^(?:job|[smhd])$/.test(name) || isWithin(bare, name)
      ? []
      : [{ name, matchers: matchersIn(inside ?? '') }],
  );
}

/** It stands only between braces, brackets or quotes. */
function isWithin(query: string, name: string): boolean {
  return !new RegExp(`(?<![\\w:])${name}(?![\\w:])`).test(query.replaceAll(/\{[^}]*\}|\[[^\]]*\]|"[^"]*"/g, '{}'));
}

const matchersIn = (inside: string) =>
  [...inside.matchAll(/(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"/g)].map(
    ({ 1: label = '', 2: operator = '', 3: value = '' }) => ({
      label,
      operator,
      value,
    }),
  );

/** The labels a query groups by. */
export const groupedBy = (query: string): string[] =>
  [...query.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, labels = '']) => labels.split(',').map((label) => label.trim()));
