// The page of rehearsals: what it shows is what a rehearsal prints, and the table of scenes has them all.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { prepare } from '../../src/commands/simulate/prepare.js';
import { printCannot, printRehearsal } from '../../src/commands/simulate/print-rehearsal.js';
import { rehearse } from '../../src/commands/simulate/rehearse.js';
import { sceneLines } from '../../src/demo/print-scenes.js';
import { blocksOf, literal, root, rowsUnder } from '../support/pages.js';

const page = 'config/simulate.md';
const directory = mkdtempSync(join(tmpdir(), 'pages-simulate-'));
afterAll(() => rmSync(directory, { recursive: true }));

async function printed(file: string): Promise<string> {
  const prepared = prepare(file, { env: {} });
  if ('because' in prepared) return printCannot(prepared, 'text').lines.join('\n');
  const lines: string[] = [];
  const tell: Parameters<typeof rehearse>[1]['tell'] = (event) => lines.push(...sceneLines(event));
  const rehearsal = await rehearse(prepared, { tell, exchanged: () => undefined });
  return [...lines, ...printRehearsal(rehearsal, 'text').lines].join('\n');
}

const shown = blocksOf(page).filter(({ language }) => language === 'console');
const lagoon = join(root, 'test/support/rehearsals/lagoon.yaml');

/** What stands between fences, where `…` is what differs with every run. */
function expectShown(text: string, whole: string): void {
  const wanted = text.replace(/^\$ .*\n/, '').trimEnd();
  expect(whole).toMatch(new RegExp(wanted.split('alice  …').map(literal).join('alice {2}[^\\n]+')));
}

describe('a rehearsal in its page', () => {
  let minimal = '';
  beforeAll(async () => {
    minimal = await printed(join(root, 'config/examples/minimal.yaml'));
  }, 120_000);

  test.each([0, 1])('of the file init writes prints this (%i)', (which) => {
    expectShown(shown[which]?.text ?? '', minimal);
  });

  test('plays the scenes of its table', async () => {
    const others = ['presets/generic-json.operator.yaml', 'rehearsals/harbour.yaml'];
    const all = [
      minimal,
      ...(await Promise.all(others.map((file) => printed(join(root, 'test/support', file))))),
    ].join();
    const named = rowsUnder(page, 'What is played').flatMap(([names = '']) => names.split(/, (?=Its|The|A )/));
    const played = [...all.matchAll(/^ ?\d+ {2}([^:\n]*)/gm)].map(([, title = '']) => title);

    expect(named.length).toBeGreaterThan(17);
    expect(named.filter((name) => !played.some((title) => title.startsWith(name)))).toEqual([]);
    expect(played.filter((title) => !named.some((name) => title.startsWith(name)))).toEqual([]);
  }, 120_000);

  test('asks for an example in these words', () => {
    const text = readFileSync(join(root, 'config/examples/minimal.yaml'), 'utf8');
    const file = join(directory, 'sealed.yaml');
    writeFileSync(file, text.replace('response.body.ok == true', 'hex(sha256(text(response.body.seal))) == "00"'));
    const prepared = prepare(file, { env: {} });
    const lines = 'because' in prepared ? printCannot(prepared, 'text').lines : [];

    for (const line of (shown[2]?.text ?? '').trimEnd().split('\n')) expect(lines).toContain(line);
  });

  test('finds the mistake it shows, and none once it is mended as shown', async () => {
    expectShown(shown[3]?.text ?? '', await printed(lagoon));

    const [mended] = blocksOf(page).filter(({ language }) => language === 'yaml');
    const [balance = ''] = /balance: .*/.exec(mended?.text ?? '') ?? [];
    const text = readFileSync(lagoon, 'utf8');
    const undo = text.indexOf('  rollback:');
    const file = join(directory, 'lagoon.yaml');
    writeFileSync(file, text.slice(0, undo) + text.slice(undo).replace(/balance: .*/, () => balance));

    expect(await printed(file)).toContain('\nEqual to the cent, every result as due.');
  }, 120_000);

  test('shows nothing else', () => expect(shown).toHaveLength(4));
});
