// The ids of each call, in every file that is shipped: at one frozen millisecond no two calls may share one,
// for a wallet that answers an id it has as before would swallow a bet.

import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { loadOperators } from '../../../src/operators/load.js';
import { presetNames } from '../../../src/operators/presets.js';
import { sampleCalls, sampleUuid, type SampleRequest } from '../../../src/commands/samples/sample-callback.js';
import type { WalletRequest } from '../../../src/wallet/message.js';

const root = join(__dirname, '../../..');
const files = [
  ...presetNames().map((name) => [name, `test/support/presets/${name}.operator.yaml`] as const),
  ...['minimal', 'northstar', 'old-cgi'].map((name) => [name, `config/examples/${name}.yaml`] as const),
  ['demo', 'config/operators/demo.yaml'] as const,
];
const frozen = 1_700_000_000_000;

function operatorIn(file: string) {
  const { operators } = loadOperators([join(root, file)], { env: {}, standIns: true });
  const [operator] = operators;
  if (operator === undefined) throw new Error(`${file} has errors`);
  return operator;
}

/** Every call an operator makes of one player's bet, win, both, their undo and balance. */
function callsOf(file: string) {
  const operator = operatorIn(file);
  const asked: SampleRequest[] = (['getBalance', 'withdraw', 'deposit', 'betWin'] as const).map((operation) => ({
    operation,
    fields: { gameID: '1' },
  }));
  for (const kind of ['withdraw', 'deposit'] as const) asked.push({ operation: 'rollback', of: kind, fields: {} });
  return asked.flatMap((request) => {
    const sampled = sampleCalls(operator, request);
    return 'because' in sampled ? [] : sampled.calls;
  });
}

/** What stands in a request, by its name; a JSON body and a form alike. */
function fieldsOf({ headers, path, body }: WalletRequest): Map<string, string> {
  const text = Buffer.from(body ?? []).toString('latin1');
  const pairs = text.startsWith('{')
    ? [...text.matchAll(/"(\w+)":("[^"]*"|[^",}\]]+)/g)].map(([, name = '', value = '']) => [name, value] as const)
    : [...new URLSearchParams(text)];
  return new Map([...Object.entries(headers), ...new URLSearchParams(path.split('?')[1]), ...pairs]);
}

function fields(call: ReturnType<typeof callsOf>[number], now: number, uuid?: () => string): Map<string, string> {
  const made = call.call.render(call.subject, now, uuid);
  if (made.kind === 'cannot') throw new Error(made.because);
  return fieldsOf(made.request);
}

const differing = (one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): string[] =>
  [...one].filter(([name, value]) => other.get(name) !== value).map(([name]) => name);
const isSign = (name: string): boolean => /^x-(hub88-)?sign(ature)?$|^imza$/i.test(name);

/** The ids each file makes anew for every call, and what it takes from the clock. */
const made: Readonly<Record<string, { ids?: string; times?: string }>> = {
  hub88: { ids: 'request_uuid' },
  slotegrator: { ids: 'X-Nonce', times: 'X-Timestamp' },
  'generic-form': { times: 'time' },
  'old-cgi': { times: 'zaman' },
};

describe.each(files)('%s', (name, file) => {
  const calls = callsOf(file);
  const { ids, times } = made[name] ?? {};

  test('makes its ids anew for every call, a balance call too', () => {
    expect(calls.length).toBeGreaterThanOrEqual(6);
    const anew = calls.map((call) =>
      differing(fields(call, frozen), fields(call, frozen)).filter((one) => !isSign(one)),
    );

    expect(anew).toEqual(calls.map(() => (ids === undefined ? [] : [ids])));
  });

  test('and never two alike in one millisecond', () => {
    const all =
      ids === undefined ? [] : calls.flatMap((call) => Array.from({ length: 50 }, () => fields(call, frozen).get(ids)));

    expect(all).not.toContain(undefined);
    expect(new Set(all).size).toBe(all.length);
  });

  test('takes nothing but the time from the clock', () => {
    const taken = calls.flatMap((call) =>
      differing(fields(call, frozen, sampleUuid), fields(call, frozen + 86_400_000, sampleUuid)),
    );

    expect([...new Set(taken)].filter((one) => !isSign(one))).toEqual(times === undefined ? [] : [times]);
  });
});

test('an answer with the id of another call is no answer to this one', () => {
  const [, bet] = callsOf('test/support/presets/hub88.operator.yaml');
  if (bet === undefined) throw new Error('no bet');
  const [one, other] = [bet.call.render(bet.subject, frozen), bet.call.render(bet.subject, frozen)];
  if (one.kind === 'cannot' || other.kind === 'cannot') throw new Error('no request');
  const echoing = (request: WalletRequest) => ({
    status: 200,
    headers: {},
    body: Buffer.from(
      `{"status":"RS_OK","balance":8770000,"request_uuid":${fieldsOf(request).get('request_uuid') ?? ''}}`,
    ),
  });

  expect(bet.call.read(bet.subject, one.request, echoing(one.request), frozen).verdict).toMatchObject({
    kind: 'applied',
  });
  expect(bet.call.read(bet.subject, one.request, echoing(other.request), frozen).verdict).toMatchObject({
    kind: 'unknown',
  });
});
