// A scope and declarations for tests of the expression language, so that each test shows only what it is
// about.

import { Money } from '../../src/domain/money.js';
import { compile, type Wanted } from '../../src/expressions/expressions.js';
import type { Declared, Place } from '../../src/expressions/scope.js';
import type { Scope } from '../../src/expressions/language.js';

export const declared: Declared = {
  settings: { games: { '2001': 'book-of-ra' }, brand: 7n },
  secrets: ['key'],
  optionalSecrets: ['oldKey'],
  vars: ['total'],
};

export const request: Place = { kind: 'request', operation: 'withdraw' };
export const reply: Place = { kind: 'reply', operation: 'withdraw' };

export function money(text: string): Money {
  const amount = Money.parse(text);
  if (amount === undefined) throw new Error(`${text} is no amount`);
  return amount;
}

/** A withdraw of 12.30 EUR whose wallet answered 201 with `body`. */
export function scopeWith(body: unknown, more: Scope = {}): Scope {
  return {
    request: { userID: 'player-1', transactionID: 'tx-1', roundID: 'round-1', amount: money('12.30') },
    reference: 'gsp-tx-1',
    player: {},
    vars: { total: money('5.00') },
    settings: declared.settings,
    secrets: { key: 'secret' },
    agent: 'AGENT01',
    currency: 'EUR',
    minorDecimals: 2,
    now: 1_700_000_000_123,
    uuid: () => '11111111-2222-4333-8444-555555555555',
    sent: { path: '/debits', query: {}, headers: {}, body: { reference: 'gsp-tx-1' }, raw: Buffer.from('{}') },
    response: { status: 201n, headers: { 'x-result': 'OK' }, body, text: '' },
    ...more,
  };
}

/** The messages a source gives, as "offset: message". */
export function problemsOf(
  source: string,
  place: Place = request,
  wanted: Wanted = 'any',
  file: Declared = declared,
): string[] {
  return compile(source, place, file, wanted).problems.map(({ offset, message }) => `${offset}: ${message}`);
}

/** Compiles and evaluates; fails where the source has an error. */
export function evaluate(
  source: string,
  scope: Scope = scopeWith({}),
  place: Place = request,
  wanted: Wanted = 'any',
): unknown {
  const { template, problems } = compile(source, place, declared, wanted);
  if (template === undefined) throw new Error(problems.map(({ message }) => message).join('\n'));
  return template.evaluate(scope);
}

/** What a rule on the reply says of a body. */
export function holds(rule: string, body: unknown, more: Scope = {}): unknown {
  return evaluate(`\${${rule}}`, scopeWith(body, more), reply, 'bool');
}
