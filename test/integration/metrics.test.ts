// What is counted and logged for each thing that happens, and that watching never hurts what is watched.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { createLog, traceOf } from '../../src/observe/log.js';
import { operatorAlarms, processAlarms } from '../../src/domain/alarms.js';
import { walletCallNames } from '../../src/domain/ports.js';
import { createMonitor } from '../../src/observe/create-monitor.js';
import type { OperatorFacts } from '../../src/domain/operator-facts.js';
import type { CallbackAnswered, Monitor } from '../../src/observe/monitor.js';
import { bet, betWin, eur, player, someTransaction, win } from '../support/transactions.js';

const directory = mkdtempSync(join(tmpdir(), 'wallet-bridge-log-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** The sample lines of the bridge's own metrics after `happen`, buckets left out. */
async function samplesAfter(
  happen: (observe: Monitor, pass: (ms: number) => void) => void | Promise<void>,
): Promise<string[]> {
  let time = 0;
  const observe = createMonitor(createLog('silent'), () => time);
  await happen(observe, (ms) => (time += ms));
  const { text } = await observe.scrape();
  return text.split('\n').filter((line) => line.startsWith('wallet_bridge_') && !line.includes('_bucket'));
}

/** The log lines of `happen`, without time and process. */
async function linesOf(happen: (observe: Monitor) => void): Promise<Record<string, unknown>[]> {
  const file = join(directory, `${String(Math.random())}.log`);
  const log = createLog('info', file);
  happen(createMonitor(log));
  await new Promise<void>((flushed) => log.flush(() => flushed()));
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const entries = Object.entries(JSON.parse(line) as Record<string, unknown>);
    return Object.fromEntries(entries.filter(([name]) => !['time', 'pid', 'hostname'].includes(name)));
  });
}

const answered: CallbackAnswered = {
  operation: 'withdraw',
  operator: 'northstar',
  callback: bet(),
  status: 200,
  result: 'success',
  code: 0,
  ms: 20,
};

describe('a site', () => {
  test('is counted with what was answered, and its call of the platform with what became of it', async () => {
    const samples = await samplesAfter((observe) => {
      observe.siteAnswered({ operator: 'northstar', site: 'lobby', call: 'launch', status: 200, error: 'ok', ms: 20 });
      observe.siteAnswered({ call: 'launch', status: 401, error: 'noSiteKey', ms: 1 });
      observe.platformCalled({ operator: 'northstar', call: 'launch', outcome: 'told', ms: 20 });
      observe.platformCalled({ operator: 'northstar', call: 'launch', outcome: 'kept', ms: 0 });
    });

    expect(samples).toEqual(
      expect.arrayContaining([
        'wallet_bridge_site_requests_total{operator="northstar",site="lobby",call="launch",status="200"} 1',
        'wallet_bridge_site_requests_total{operator="none",site="none",call="launch",status="401"} 1',
        'wallet_bridge_platform_calls_total{operator="northstar",call="launch",outcome="told"} 1',
        'wallet_bridge_platform_calls_total{operator="northstar",call="launch",outcome="kept"} 1',
        'wallet_bridge_platform_call_duration_seconds_count{operator="northstar",call="launch"} 1',
      ]),
    );
  });
});

describe('a callback', () => {
  test('is counted by operator, operation and result, and timed in seconds', async () => {
    const samples = await samplesAfter((observe) => {
      observe.callbackStarted('northstar', bet(), 'gsp');
      observe.callbackAnswered(answered);
    });

    expect(samples).toEqual(
      expect.arrayContaining([
        'wallet_bridge_callbacks_total{operator="northstar",operation="withdraw",result="success"} 1',
        'wallet_bridge_callback_duration_seconds_sum{operator="northstar",operation="withdraw"} 0.02',
        'wallet_bridge_callback_duration_seconds_count{operator="northstar",operation="withdraw"} 1',
        'wallet_bridge_callbacks_in_flight 0',
      ]),
    );
  });

  test('of an unknown agent is counted under none', async () => {
    const samples = await samplesAfter((observe) =>
      observe.callbackAnswered({ operation: 'deposit', status: 200, result: 'invalidAgent', code: 4, ms: 1 }),
    );

    expect(samples).toContain(
      'wallet_bridge_callbacks_total{operator="none",operation="deposit",result="invalidAgent"} 1',
    );
  });

  test('is in flight until it is answered', async () => {
    const samples = await samplesAfter((observe) => {
      observe.callbackStarted('northstar', bet(), 'gsp');
      observe.callbackStarted('northstar', { kind: 'getBalance', ...player }, 'gsp');
      observe.callbackStarted('northstar', win({ transactionID: 't2' }), 'gsp');
      observe.callbackAnswered(answered);
      observe.callbackAnswered({ operation: 'withdraw', status: 200, result: 'wrongInput', code: 2, ms: 1 });
    });

    expect(samples).toContain('wallet_bridge_callbacks_in_flight 2');
  });

  test('that had no balance to tell is counted', async () => {
    const samples = await samplesAfter((observe) => observe.callbackAnswered({ ...answered, balanceMissing: true }));

    expect(samples).toContain('wallet_bridge_balances_missing_total{operator="northstar"} 1');
  });

  test('is one log line, with what the wallet did for it', async () => {
    const lines = await linesOf((observe) => {
      observe.callbackStarted('northstar', betWin(), 'gsp');
      observe.walletCalled({ operator: 'northstar', call: 'send', kind: 'applied', ms: 5.0004, transactionID: 't1' });
      observe.walletCalled({ operator: 'northstar', call: 'send', kind: 'refused', ms: 6, transactionID: 't1' });
      observe.walletCalled({ operator: 'northstar', call: 'send', kind: 'applied', ms: 9, transactionID: 't2' });
      observe.callbackAnswered({ ...answered, operation: 'betWin', callback: betWin(), ms: 12.3456 });
    });

    expect(lines).toEqual([
      {
        level: 'info',
        msg: 'callback',
        event: 'callback',
        operator: 'northstar',
        operation: 'betWin',
        agentID: player.agentID,
        transactionID: 't1',
        userID: 'player_1',
        result: 'success',
        code: 0,
        httpStatus: 200,
        ms: 12.346,
        walletMs: 11,
        outcome: 'refused',
      },
    ]);
  });

  test('that was rejected is a line that quotes nothing of it', async () => {
    const lines = await linesOf((observe) =>
      observe.callbackAnswered({
        operation: 'withdraw',
        operator: 'northstar',
        status: 200,
        result: 'invalidSign',
        code: 3,
        ms: 1,
        because: 'the sign does not match',
      }),
    );

    expect(lines).toEqual([
      {
        level: 'info',
        msg: 'callback',
        event: 'callback',
        operator: 'northstar',
        operation: 'withdraw',
        result: 'invalidSign',
        code: 3,
        httpStatus: 200,
        ms: 1,
        because: 'the sign does not match',
      },
    ]);
  });

  test('that must be asked again is a warning', async () => {
    const [line] = await linesOf((observe) =>
      observe.callbackAnswered({ ...answered, status: 503, result: 'askAgain', because: 'the journal is down' }),
    );

    expect(line).toMatchObject({ level: 'warn', httpStatus: 503, because: 'the journal is down' });
  });
});

describe('a wallet call', () => {
  test('is counted by outcome and timed', async () => {
    const samples = await samplesAfter((observe) => {
      observe.walletCalled({ operator: 'northstar', call: 'send', kind: 'applied', ms: 20 });
      observe.walletCalled({
        operator: 'northstar',
        call: 'send',
        kind: 'unknown',
        ms: 2500,
        because: 'timeout',
        cause: 'timeout',
      });
      observe.walletCalled({ operator: 'northstar', call: 'balance', kind: 'balance', ms: 3 });
    });

    expect(samples).toEqual(
      expect.arrayContaining([
        'wallet_bridge_wallet_outcomes_total{operator="northstar",call="send",outcome="applied"} 1',
        'wallet_bridge_wallet_outcomes_total{operator="northstar",call="send",outcome="unknown"} 1',
        'wallet_bridge_unclear_calls_total{operator="northstar",outcome="unknown",cause="timeout"} 1',
        'wallet_bridge_wallet_outcomes_total{operator="northstar",call="balance",outcome="balance"} 1',
        'wallet_bridge_wallet_call_duration_seconds_count{operator="northstar",call="send"} 2',
      ]),
    );
  });

  test.each(['unknown', 'notApplied'] as const)('that ended %s is a warning with its reason', async (kind) => {
    const lines = await linesOf((observe) =>
      observe.walletCalled({
        operator: 'northstar',
        call: 'undo',
        kind,
        ms: 7,
        because: 'timeout',
        transactionID: 't1',
      }),
    );

    expect(lines).toEqual([
      {
        level: 'warn',
        msg: 'wallet call',
        event: 'walletCall',
        operator: 'northstar',
        call: 'undo',
        transactionID: 't1',
        outcome: kind,
        because: 'timeout',
        ms: 7,
      },
    ]);
  });
});

describe('the state of things', () => {
  test('redeliveries, alarms, exceptions and journal commands are counted', async () => {
    const samples = await samplesAfter((observe) => {
      observe.redelivered({ operator: 'northstar', operation: 'rollback' });
      observe.alarm({ kind: 'held', operator: 'northstar', agentID: 'NORTHSTAR01', transactionID: 't1', what: 'held' });
      observe.exception('handle', new Error('lost'));
      observe.journalCommand('put', 1, true);
      observe.journalCommand('put', 100, false);
      observe.claimUnlisted();
    });

    expect(samples).toEqual(
      expect.arrayContaining([
        'wallet_bridge_duplicates_total{operator="northstar",operation="rollback"} 1',
        'wallet_bridge_alarms_total{operator="northstar",kind="held"} 1',
        'wallet_bridge_exceptions_total{where="handle"} 1',
        'wallet_bridge_player_index_misses_total 1',
        'wallet_bridge_journal_command_duration_seconds_sum{command="put",ok="true"} 0.001',
        'wallet_bridge_journal_command_duration_seconds_sum{command="put",ok="false"} 0.1',
      ]),
    );
  });

  test.each([
    ['closed', 0],
    ['halfOpen', 1],
    ['open', 2],
  ] as const)('a breaker that is %s is %d', async (state, level) => {
    const samples = await samplesAfter((observe) => observe.breakerChanged('northstar', 'bets', state));

    expect(samples).toContain(`wallet_bridge_breaker_state{operator="northstar",class="bets"} ${level}`);
  });

  test('a call of which no request can be made is an alarm, once for each reason', async () => {
    const unmade = (because: string) => ({
      ...({ operator: 'northstar', call: 'send', kind: 'refused', ms: 0 } as const),
      ...{ unmade: because, transactionID: 't1' },
    });
    const happen = (observe: Monitor) =>
      ['no such game', 'no such game', 'too fine'].forEach((because) => observe.walletCalled(unmade(because)));

    expect(await samplesAfter(happen)).toContain('wallet_bridge_alarms_total{operator="northstar",kind="noRequest"} 2');
    expect(await linesOf(happen)).toEqual(
      ['no such game', 'too fine'].map((because): unknown =>
        expect.objectContaining({
          msg: 'alarm',
          because,
          transactionID: 't1',
          what: expect.stringMatching(/^the operator file can make no request/),
        }),
      ),
    );
  });

  test('unfinished records are the last that were told', async () => {
    const samples = await samplesAfter((observe) => {
      const row = { operator: 'northstar', goal: 'void' } as const;
      observe.unfinished({ unfinished: [{ ...row, state: 'held', count: 1, oldest: 1000 }], onTrust: [] });
      observe.unfinished({ unfinished: [{ ...row, state: 'open', count: 3, oldest: 61_000 }], onTrust: [] });
    });

    expect(samples).toContain('wallet_bridge_unfinished_records{operator="northstar",state="open",goal="void"} 3');
    expect(samples).toContain(
      'wallet_bridge_oldest_unfinished_age_seconds{operator="northstar",state="open",goal="void"} 61',
    );
    expect(samples.join()).not.toContain('held');
  });

  test('what is on trust is counted by operator, duty and currency, with its amount and age', async () => {
    const row = { operator: 'northstar', duty: 'deliver', currency: 'EUR' } as const;
    const samples = await samplesAfter((observe) => {
      observe.unfinished({ unfinished: [], onTrust: [{ ...row, count: 2, amount: eur('40.10'), oldest: 90_000 }] });
    });

    const labels = '{operator="northstar",duty="deliver",currency="EUR"}';
    expect(samples).toEqual(
      expect.arrayContaining([
        `wallet_bridge_accepted_records${labels} 2`,
        `wallet_bridge_accepted_amount${labels} 40.1`,
        `wallet_bridge_oldest_accepted_age_seconds${labels} 90`,
      ]),
    );
  });

  test('ages go on growing between two counts and without another, and when they were counted is told', async () => {
    const row = { operator: 'northstar', state: 'open', goal: 'deliver', count: 2 } as const;
    const trust = { operator: 'northstar', duty: 'deliver', currency: 'EUR', count: 2, amount: eur('1.00') } as const;
    const samples = await samplesAfter(async (observe, pass) => {
      observe.unfinished({ unfinished: [{ ...row, oldest: 1_000 }], onTrust: [] });
      pass(5_000);
      await observe.scrape();
      observe.unfinished({
        unfinished: [
          { ...row, oldest: 2_000 },
          { ...row, state: 'unreadable', goal: 'none', count: 7 },
        ],
        onTrust: [{ ...trust, oldest: 3_000 }],
      });
      pass(600_000);
    });

    expect(samples).toEqual(
      expect.arrayContaining([
        'wallet_bridge_oldest_unfinished_age_seconds{operator="northstar",state="open",goal="deliver"} 602',
        'wallet_bridge_oldest_accepted_age_seconds{operator="northstar",duty="deliver",currency="EUR"} 603',
        'wallet_bridge_unfinished_records{operator="northstar",state="unreadable",goal="none"} 7',
        expect.stringMatching(/^wallet_bridge_unfinished_counted_timestamp_seconds 1\d{9}/),
      ]),
    );
    expect(samples.filter((line) => /age_seconds.*unreadable/.test(line))).toEqual([]);
  });

  test('a resolver that cannot look is an alarm of nobody’s, and dates nothing', async () => {
    const blind = { ms: 31_500, because: 'Redis did not answer due: NOPERM' };
    const samples = await samplesAfter((observe) => observe.blind('resolver', blind));
    const looked = await samplesAfter((observe) => observe.resolverLooked());
    const lines = await linesOf((observe) => {
      observe.blind('resolver', blind);
      observe.blind('resolver', undefined);
      observe.blind('count', blind);
      observe.blind('count', undefined);
    });

    expect(samples).toEqual(
      expect.arrayContaining([
        'wallet_bridge_alarms_total{operator="none",kind="blind"} 1',
        'wallet_bridge_resolver_last_look_timestamp_seconds 0',
      ]),
    );
    expect(looked).toContain('wallet_bridge_alarms_total{operator="none",kind="blind"} 0');
    expect(looked.join()).toMatch(/wallet_bridge_resolver_last_look_timestamp_seconds 1\d{9}/);
    expect(lines).toEqual([
      {
        ...{
          level: 'error',
          msg: 'alarm',
          kind: 'blind',
          event: 'alarm',
          forSeconds: 31,
          because: 'Redis did not answer due: NOPERM',
        },
        what: expect.stringMatching(/^the resolver cannot look at what is unfinished/),
      },
      { level: 'warn', msg: 'sight', event: 'sight', what: 'the resolver can look at what is unfinished again' },
      expect.objectContaining({ msg: 'alarm', what: expect.stringMatching(/^what is unfinished cannot be counted/) }),
      { level: 'warn', msg: 'sight', event: 'sight', what: 'what is unfinished can be counted again' },
    ]);
  });

  test('alarms and moves are logged by what they are about', async () => {
    const lines = await linesOf((observe) => {
      observe.alarm({
        kind: 'held',
        operator: 'northstar',
        agentID: 'NORTHSTAR01',
        transactionID: 't1',
        what: 'a win was refused',
      });
      observe.recordChanged({ operator: 'northstar', transaction: someTransaction({ state: 'open', goal: 'void' }) });
    });

    expect(lines).toEqual([
      expect.objectContaining({
        level: 'error',
        msg: 'alarm',
        kind: 'held',
        transactionID: 't1',
        what: 'a win was refused',
      }),
      expect.objectContaining({ level: 'info', msg: 'record moved', transactionID: 't1', state: 'open', goal: 'void' }),
    ]);
  });
});

describe('operator files read', () => {
  test('are counted by outcome, and dated where they are in use', async () => {
    const samples = await samplesAfter((observe) => {
      observe.operatorFilesRead('started', []);
      observe.operatorFilesRead('done', []);
      observe.operatorFilesRead('refused', ['a.yaml:1:1: not YAML']);
      observe.operatorFilesRead('refused', ['a.yaml:1:1: not YAML']);
    });

    expect(samples).toEqual(
      expect.arrayContaining([
        'wallet_bridge_reloads_total{outcome="done"} 1',
        'wallet_bridge_reloads_total{outcome="refused"} 2',
        'wallet_bridge_reloads_total{outcome="unchanged"} 0',
        expect.stringMatching(/^wallet_bridge_operators_loaded_timestamp_seconds 1\d{9}/),
      ]),
    );
  });

  test('say which version runs', async () => {
    const samples = await samplesAfter((observe) => observe.builtAs({ version: '0.1.0', node: '24.1.0' }));

    expect(samples).toContain('wallet_bridge_build_info{version="0.1.0",node="24.1.0"} 1');
  });

  test('and refused date nothing', async () => {
    const samples = await samplesAfter((observe) => observe.operatorFilesRead('refused', ['a.yaml:1:1: not YAML']));

    expect(samples).toContain('wallet_bridge_operators_loaded_timestamp_seconds 0');
  });

  const operatorFiles = { msg: 'operator files', event: 'operatorFiles' };

  test('are logged with what is wrong in them, and with what no longer has an operator', async () => {
    const lines = await linesOf((observe) => {
      observe.operatorFilesRead('done', ['a.yaml:8:12 wallet.baseUrl: warning: not encrypted']);
      observe.operatorFilesRead('refused', ['a.yaml:1:1: not YAML', 'b.yaml:1:1: nor this']);
      observe.operatorFilesRead('unchanged', []);
      observe.agentsGone(['NORTHSTAR01']);
      observe.nobodysRecord({ agentID: 'NORTHSTAR01', transactionID: 't1' });
    });

    expect(lines).toEqual([
      {
        ...{ level: 'warn', msg: 'operator file', event: 'operatorFile' },
        problem: 'a.yaml:8:12 wallet.baseUrl: warning: not encrypted',
      },
      { level: 'info', ...operatorFiles, what: 'read again and in use' },
      {
        level: 'error',
        ...operatorFiles,
        what: 'refused: those read before stay in use',
        problems: ['a.yaml:1:1: not YAML', 'b.yaml:1:1: nor this'],
      },
      { level: 'info', ...operatorFiles, what: 'read again: nothing changed' },
      expect.objectContaining({ level: 'warn', event: 'agentsGone', agentIDs: ['NORTHSTAR01'] }),
      {
        ...{ level: 'warn', msg: 'record waits', event: 'recordWaits' },
        what: 'no operator file names its agent',
        agentID: 'NORTHSTAR01',
        transactionID: 't1',
      },
    ]);
  });
});

describe('operators in use', () => {
  const northstar: OperatorFacts = {
    ...{
      name: 'northstar',
      fileHash: '0123456789ab',
      preset: 'hub88',
      agents: ['N1'],
      keys: ['gsp', 'gspNext'],
      deadline: 5_000,
    },
    ...{ calls: ['send', 'balance'], platformCalls: ['launch'] },
  };

  test('have every series of a closed set from 0', async () => {
    const samples = await samplesAfter((observe) => observe.operatorsInUse([northstar]));
    const zeroes = samples.filter((line) => line.includes('operator="northstar"'));

    expect(zeroes).toEqual(
      expect.arrayContaining([
        'wallet_bridge_alarms_total{operator="northstar",kind="held"} 0',
        'wallet_bridge_callbacks_total{operator="northstar",operation="rollback",result="askAgain"} 0',
        'wallet_bridge_duplicates_total{operator="northstar",operation="betWin"} 0',
        'wallet_bridge_wallet_outcomes_total{operator="northstar",call="send",outcome="unknown"} 0',
        'wallet_bridge_unclear_calls_total{operator="northstar",outcome="unknown",cause="timeout"} 0',
        'wallet_bridge_balances_missing_total{operator="northstar"} 0',
        'wallet_bridge_unknown_rollbacks_total{operator="northstar",agent="N1"} 0',
        'wallet_bridge_not_accepted_total{operator="northstar",because="maxAge"} 0',
        'wallet_bridge_late_answers_total{operator="northstar",operation="withdraw"} 0',
        'wallet_bridge_verified_signs_total{operator="northstar",key="gspNext"} 0',
        'wallet_bridge_platform_calls_total{operator="northstar",call="launch",outcome="timedOut"} 0',
        'wallet_bridge_operator_info{operator="northstar",file_hash="0123456789ab",preset="hub88"} 1',
      ]),
    );
    expect(zeroes.filter((line) => !line.endsWith(' 0')).length).toBe(1);
    expect(zeroes.join()).not.toContain('call="undo"');
    for (const kind of Object.keys(operatorAlarms))
      expect(zeroes).toContain(`wallet_bridge_alarms_total{operator="northstar",kind="${kind}"} 0`);
    for (const kind of Object.keys(processAlarms))
      expect(samples).toContain(`wallet_bridge_alarms_total{operator="none",kind="${kind}"} 0`);
  });

  test('are so many series, and fifty of them no more than a scrape bears', async () => {
    const most = { ...northstar, calls: walletCallNames, platformCalls: [] };
    const samples = await samplesAfter((observe) =>
      observe.operatorsInUse(Array.from({ length: 50 }, (_, index) => ({ ...most, name: `operator-${index}` }))),
    );

    expect(samples.length).toBeLessThan(50 * 170 + 100);
  });

  test('go on with what they counted when they are loaded again, and the texts of before are told no more', async () => {
    const samples = await samplesAfter((observe) => {
      observe.operatorsInUse([northstar]);
      observe.redelivered({ operator: 'northstar', operation: 'rollback' });
      observe.operatorsInUse([{ ...northstar, fileHash: 'ba9876543210', preset: undefined }]);
    });

    expect(samples).toContain('wallet_bridge_duplicates_total{operator="northstar",operation="rollback"} 1');
    expect(samples.filter((line) => line.startsWith('wallet_bridge_operator_info'))).toEqual([
      'wallet_bridge_operator_info{operator="northstar",file_hash="ba9876543210",preset="none"} 1',
    ]);
  });

  test('are late after their deadline, and say which key a sign was made with', async () => {
    const samples = await samplesAfter((observe) => {
      observe.operatorsInUse([northstar]);
      observe.callbackStarted('northstar', bet(), 'gspNext');
      observe.callbackAnswered({ ...answered, ms: 5_001 });
      observe.callbackStarted('northstar', bet(), 'gspNext');
      observe.callbackAnswered({ ...answered, ms: 5_000 });
    });

    expect(samples).toEqual(
      expect.arrayContaining([
        'wallet_bridge_late_answers_total{operator="northstar",operation="withdraw"} 1',
        'wallet_bridge_verified_signs_total{operator="northstar",key="gsp"} 0',
        'wallet_bridge_verified_signs_total{operator="northstar",key="gspNext"} 2',
      ]),
    );
  });
});

describe('a scrape that asks for OpenMetrics', () => {
  const scrapesAfter = async (happen: (observe: Monitor) => void): Promise<{ open: string; plain: string }> => {
    const observe = createMonitor(createLog('silent'));
    happen(observe);
    const open = await observe.scrape(true);
    expect(open.contentType).toMatch(/^application\/openmetrics-text; version=1\.0\.0/);
    return { open: open.text, plain: (await observe.scrape()).text };
  };

  test('finds the latest transaction beside its bucket, and a plain one does not', async () => {
    const { open, plain } = await scrapesAfter((observe) => {
      observe.callbackStarted('northstar', bet(), 'gsp');
      observe.walletCalled({ operator: 'northstar', call: 'send', kind: 'applied', ms: 2_000, transactionID: 't1' });
      observe.callbackAnswered({ ...answered, ms: 11_000 });
      observe.callbackAnswered({ ...answered, callback: bet({ transactionID: 'a"b\\c\nd' }), ms: 1 });
    });

    const about = 'operator="northstar",operation="withdraw"';
    expect(open).toMatch(
      new RegExp(`duration_seconds_bucket{le="\\+Inf",${about}} 2 # {transactionID="t1"} 11 1\\d{9}`),
    );
    expect(open).toContain('call="send"} 1 # {transactionID="t1"} 2 1');
    expect(open).toContain(String.raw`{le="0.001",${about}} 1 # {transactionID="a\"b\\c\nd"} 0.001 `);
    expect(plain).not.toContain('transactionID=');
    expect(plain).toContain('# TYPE wallet_bridge_alarms_total counter');
  });

  test('has the same samples, its counters under their short names, and an end', async () => {
    const { open, plain } = await scrapesAfter((observe) => observe.journalCommand('put', 1, true));
    const samplesOf = (text: string) => text.split('\n').filter((line) => line.startsWith('wallet_bridge_'));

    expect(samplesOf(open)).toEqual(samplesOf(plain));
    expect(open).toContain('# TYPE wallet_bridge_alarms counter\n');
    expect(open.endsWith('\n# EOF\n')).toBe(true);
    expect(open).not.toMatch(/\n\n|# (?:TYPE|HELP) \w+_total /);
  });

  test('leaves out an id that is too long for it', async () => {
    const { open } = await scrapesAfter((observe) =>
      observe.callbackAnswered({ ...answered, callback: bet({ transactionID: 'x'.repeat(116) }) }),
    );

    expect(open).not.toContain('# {');
  });
});

describe('watching never hurts', () => {
  test('every metric has a help text, a unit in its name and labels of ours only', async () => {
    const { text } = await createMonitor(createLog('silent')).scrape();
    const names = [...text.matchAll(/^# TYPE (wallet_bridge_\w+) (\w+)/gm)].map(
      ([, name = '', type = '']) => [name, type] as const,
    );

    expect(names.length).toBeGreaterThanOrEqual(12);
    for (const [name, type] of names) {
      expect(text).toMatch(new RegExp(`^# HELP ${name} \\S`, 'm'));
      if (type === 'counter') expect(name).toMatch(/_total$/);
      if (type === 'histogram') expect(name).toMatch(/_seconds$/);
    }
  });

  test('a number that cannot be counted is lost, and nothing is thrown', async () => {
    const samples = await samplesAfter((observe) => {
      observe.journalCommand('put', Number.NaN, true);
      observe.callbackAnswered(answered);
    });

    expect(samples).toContain(
      'wallet_bridge_callbacks_total{operator="northstar",operation="withdraw",result="success"} 1',
    );
  });

  test('a log that throws does not stop a callback', async () => {
    const log = createLog('info', join(directory, 'broken.log'));
    log.info = () => {
      throw new Error('the disk is full');
    };
    const observe = createMonitor(log);

    expect(() => observe.callbackAnswered(answered)).not.toThrow();
    expect((await observe.scrape()).text).toContain('result="success"} 1');
  });

  test('secrets that stray into a line are masked', async () => {
    const file = join(directory, 'masked.log');
    const log = createLog('info', file);
    const stray = { sign: 'S1', headers: { authorization: 'S2' }, token: 'S3', userID: 'player_1' };
    log.info(stray, 'callback');
    await new Promise<void>((flushed) => log.flush(() => flushed()));

    const written = readFileSync(file, 'utf8');
    expect(written).toContain('player_1');
    expect(written).not.toMatch(/S[123]/);
  });

  test('no line holds what a terminal obeys or nobody sees, and each says the same', async () => {
    const file = join(directory, 'visible.log');
    const log = createLog('info', file);
    const userID = 'ann\u001b[2J\n\u0007\u009b31m\u202egnp\u2066\u200f\u2028\u061c\u200b\u{e0041}\u007f é 漢';
    const stray = { userID, because: [userID], [userID]: userID };
    log.info(stray, 'callback');
    await new Promise<void>((flushed) => log.flush(() => flushed()));

    const written = readFileSync(file, 'utf8');
    expect(written.replace(/\n$/, '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(written).toContain('é 漢');
    expect(JSON.parse(written)).toMatchObject({ userID, because: [userID], [userID]: userID });
  });

  test('an exception is told without its message', () => {
    const trace = traceOf(new TypeError('the token was t0ps3cret\n    at all'));

    expect(trace.error).toBe('TypeError');
    expect(trace.at[0]).toMatch(/metrics\.test/);
    expect(JSON.stringify(trace)).not.toContain('t0ps3cret');
    expect(traceOf('t0ps3cret')).toEqual({ error: 'string', at: [] });
  });
});
