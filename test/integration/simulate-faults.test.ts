// What `simulate` finds: each fault of a small hand-written service, one at a time, and nothing in the service
// when it is honest.

import { describe, expect, test } from '@jest/globals';
import { wires } from '../../src/stand-ins/platform-callback.js';
import { playRounds, type Report } from '../../src/stand-ins/rounds/run.js';
import { SCENES, type SceneName } from '../../src/stand-ins/rounds/scenes.js';
import { serviceFaults, startFaultyService, type ServiceFault } from '../support/faulty-service.js';

const names = Object.keys(SCENES) as SceneName[];

async function play(dialect: 'seamless' | 'v2', fault?: ServiceFault, rounds = 60): Promise<Report> {
  const key = 'the-key-nobody-may-see';
  const service = await startFaultyService({
    fault,
    dialect,
    agentID: 'AGENT01',
    key,
    players: { ada: 100_000n, ben: 100_000n, cyd: 100_000n },
    slowMs: 700,
  });
  try {
    return await playRounds({
      targets: [service.url],
      agentID: 'AGENT01',
      key,
      wire: wires[dialect],
      players: ['ada', 'ben', 'cyd'],
      concurrency: 3,
      mix: new Map(names.map((name) => [name, SCENES[name].weight])),
      rate: 5_000,
      durationMs: 20_000,
      rounds,
      timeoutMs: 400,
      pauseMs: 5,
      amounts: { least: 10n, most: 500n },
      seed: 7,
    });
  } finally {
    await service.close();
  }
}

describe.each(['seamless', 'v2'] as const)('%s', (dialect) => {
  test('an honest service breaks no rule', async () => {
    const report = await play(dialect, undefined, 300);
    expect([...report.findings.rules].map(([rule, { examples }]) => [rule, examples])).toEqual([]);
  });
  test.each(Object.keys(serviceFaults) as ServiceFault[])('%s', async (fault) => {
    const report = await play(dialect, fault);
    process.stdout.write(`${dialect} ${fault}: ${[...report.findings.rules].map(([rule, { count }]) => `${rule} ${count}`).join(', ')} | ${[...report.findings.notes.keys()].join(' ')} | ${Math.round(report.seconds * 10) / 10}s ${report.delivered} ${report.stopped ?? ''}\n`);
  }, 60_000);
});
