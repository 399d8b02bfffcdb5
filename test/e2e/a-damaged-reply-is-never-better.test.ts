// Every reply the shipped operator files show, damaged in one place, again and again: nothing falls over, and
// what is read out of it is never more than the wallet had said. DAMAGED_REPLIES sets how many (100,000 for a
// release), DAMAGE_SEED which.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { CompiledOperator } from '../../src/operators/compile.js';
import { isError, loadOperators } from '../../src/operators/load.js';
import { replyOf } from '../../src/commands/samples/made-up-reply.js';
import { sampleCalls, sampleUuid } from '../../src/commands/samples/sample-callback.js';
import { summarize, type Summary } from '../../src/commands/samples/verdict-summary.js';
import { damaged, diceOf, type Dice } from '../support/damage.js';
import type { WalletReply } from '../../src/wallet/message.js';
import { fieldsOf } from '../../src/commands/samples/example-parts.js';

const replies = Number(process.env['DAMAGED_REPLIES'] ?? 10_000);
const seed = Number(process.env['DAMAGE_SEED'] ?? 1);

const directories = [join(__dirname, '../../config/examples'), join(__dirname, '../support/presets')];
const files = directories.flatMap((directory) =>
  readdirSync(directory)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => join(directory, name)),
);

/** The more is claimed of the money, the better. */
const worth: Readonly<Record<string, number>> = {
  applied: 2,
  duplicate: 2,
  alreadyRolledBack: 2,
  refused: 1,
  notFound: 1,
  notApplied: 1,
  unknown: 0,
};

interface Original {
  readonly name: string;
  readonly became: Summary;
  readonly read: (reply: WalletReply) => Summary;
  readonly damage: (dice: Dice) => { reply: WalletReply; damage: string };
}

function originalsOf({ file, ...operator }: CompiledOperator): Original[] {
  return file.examples.flatMap((example, index): Original[] => {
    const { operation, of, reply } = example;
    if (reply === undefined) return [];
    const sampled = sampleCalls({ file, ...operator }, { operation, of, fields: fieldsOf(example) });
    const [only] = 'because' in sampled ? [] : sampled.calls;
    if (only === undefined) throw new Error(`example ${index} of ${operator.name} has no call`);
    const { call, subject } = only;
    const rendered = call.render(subject, 0, sampleUuid);
    const answered = replyOf(reply, call.codecs.response);
    if (rendered.kind === 'cannot' || 'because' in answered) throw new Error(`example ${index} of ${operator.name}`);
    const read = (from: WalletReply) => summarize(call.read(subject, rendered.request, from, 0).verdict);
    return [
      {
        name: `${operator.name}, example ${index} (${operation})`,
        became: read(answered),
        read,
        damage: (dice) => damaged(answered, call.codecs.response, dice),
      },
    ];
  });
}

describe('a damaged reply', () => {
  // Each by itself: the operators of the presets share one name.
  const loaded = files.map((file) => loadOperators([file], { env: {}, standIns: true }));
  const operators = loaded.flatMap(({ operators }) => operators);
  const originals = operators.flatMap(originalsOf);

  test('is one of every shipped file, and of every outcome', () => {
    expect(loaded.flatMap(({ problems }) => problems.filter(isError))).toEqual([]);
    expect(operators).toHaveLength(files.length);
    expect(new Set(originals.map(({ became }) => worth[became.outcome]))).toEqual(new Set([0, 1, 2]));
  });

  test(`is never better than it was (seed ${seed})`, () => {
    const dice = diceOf(seed);
    const better: string[] = [];
    const seen = new Map<string, number>();
    for (let count = 0; count < replies; count++) {
      const original = originals[count % originals.length];
      if (original === undefined) throw new Error('no example');
      const { reply, damage } = original.damage(dice);

      const became = original.read(reply);

      const move = `${original.became.outcome} to ${became.outcome}`;
      seen.set(move, (seen.get(move) ?? 0) + 1);
      if ((worth[became.outcome] ?? 3) > (worth[original.became.outcome] ?? 0))
        better.push(
          `${original.name}: ${damage}: ${move}: ${reply.status} ${Buffer.from(reply.body).toString('latin1')}`,
        );
    }

    expect(better).toEqual([]);
    expect(seen.get('applied to unknown') ?? 0).toBeGreaterThan(0);
  }, 600_000);
});
