// The page of whoever writes an operator's site: each call it shows is made as it stands there, and answered
// so; its table of answers is the code's; what it says `explain` prints is printed.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { runExplain } from '../../src/commands/explain.js';
import { starterFile } from '../../src/drafting/starter-file.js';
import { errorWords } from '../../src/platform/answer.js';
import { languages, platformCalls } from '../../src/protocol/platform-api/platform-api.js';
import { blocksOf, inlineCodeIn, literal, proseOf, root, rowsUnder, sectionOf } from '../support/pages.js';
import { platformStage, type PlatformStage } from '../support/platform-stage.js';

const page = 'config/platform.md';
const blocks = blocksOf(page);
let stage: PlatformStage | undefined;
afterEach(async () => {
  await stage?.close();
  stage = undefined;
});

/** What is shown, with `…` for whatever stands there. */
function like(shown: unknown): unknown {
  if (typeof shown === 'string')
    return shown.includes('…')
      ? expect.stringMatching(new RegExp(`^${shown.split('…').map(literal).join('.+')}$`))
      : shown;
  if (Array.isArray(shown)) return shown.map(like);
  if (typeof shown !== 'object' || shown === null) return shown;
  return Object.fromEntries(Object.entries(shown).map(([name, value]) => [name, like(value)]));
}

const shownCalls = blocks.flatMap(({ language, text, heading }, at) => {
  const [, path = '', body = ''] =
    /^curl -s localhost:9091\/platform\/mine\/(\S+) -H "Authorization: Bearer \$SITE_KEY" -d '([^]*)'\n$/.exec(text) ??
    [];
  return language === 'sh' && path !== '' ? [{ heading, path, body, answer: blocks[at + 1]?.text ?? '' }] : [];
});

describe('a call in the page of sites', () => {
  test.each(shownCalls)('is answered as shown: $path', async ({ heading, path, body, answer }) => {
    stage = await platformStage(heading.includes('v2') ? 'v2' : 'seamless');
    const grant = { userID: 'p7abc', gameID: '2001', count: 20 };
    const own = heading.includes('v2') ? { ...grant, freeSpinID: 'spring-1' } : grant;
    const { freeSpinID } = (await stage.ask('free-spins', own)).body;

    const told = await stage.ask(path, body.replace('fs_…', String(freeSpinID)));

    expect(told.body).toEqual(like(JSON.parse(answer)));
    expect(told.status).toBe(200);
  });

  test('is there for every call', () => expect(shownCalls).toHaveLength(platformCalls.length));

  test('that is refused is answered as shown', async () => {
    stage = await platformStage('seamless');
    stage.platform.fail('refuse', { code: 5 });
    const shown = blocks.find(({ text }) => text.includes('"error"'))?.text ?? '';

    expect((await stage.ask('launch', { userID: 'p7abc', gameID: '2001' })).body).toEqual(JSON.parse(shown));
  });

  test('names every language', () => {
    const row = rowsUnder(page, 'Launch a game').find(([field]) => field === '`language`');

    expect(inlineCodeIn(row?.[1] ?? '').slice(0, languages.length)).toEqual([...languages]);
  });
});

test('the page of sites has every answer', () => {
  const rows = rowsUnder(page, 'What an answer means').map(([status, word = '']) => [
    word.replaceAll('`', ''),
    Number(status),
  ]);

  expect(rows.toSorted()).toEqual(Object.entries(errorWords).toSorted());
});

test('the page of sites tells log lines and files there are', () => {
  expect(proseOf(page)).toContain('`site request`');
  expect(readFileSync(join(root, 'src/observe/create-monitor.ts'), 'utf8')).toContain("'site request'");
});

test('explain prints what the page of sites shows', () => {
  const directory = mkdtempSync(join(tmpdir(), 'pages-platform-'));
  const file = join(directory, 'mine.yaml');
  const piece = parse(blocks.find(({ language }) => language === 'yaml')?.text ?? '') as Record<string, object>;
  const whole = parse(starterFile({ operator: 'mine', schema: 's' })) as Record<string, object>;
  const merged = {
    ...whole,
    platform: { ...whole['platform'], ...piece['platform'] },
    secrets: { ...whole['secrets'], ...piece['secrets'] },
  };
  writeFileSync(file, stringify(merged));
  const [, shown = ''] =
    /^\$ npx wallet-bridge explain mine\.yaml launch --field userID=p7 gameID=2001\n([^]*)$/m.exec(
      blocks.find(({ language }) => language === 'console')?.text ?? '',
    ) ?? [];

  const names = [...stringify(merged).matchAll(/env: (\w+)/g)].map(([, name = '']) => name);
  const env = Object.fromEntries(names.map((name) => [name, `a-made-up-${name}`]));
  const { lines } = runExplain(file, 'launch', { env, fields: { userID: 'p7', gameID: '2001' } });
  rmSync(directory, { recursive: true });

  const printed = lines.map((line) => line.trimEnd()).join('\n');
  expect(printed.trimEnd()).toMatch(new RegExp(`^${shown.trimEnd().split('…').map(literal).join('[0-9A-F]{64}')}$`));
  for (const call of platformCalls) expect(inlineCodeIn(sectionOf(page, 'Set it up'))).toContain(call);
});
