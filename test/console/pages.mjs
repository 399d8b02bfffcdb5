// Why: every page there is, as a person meets it: to look at, to walk through by keyboard, and to leave open.
import { enter } from './browser.mjs';
import { differs, lacks } from './checks.mjs';
import { storyUrl } from './deeds.mjs';
import { checkLooks, checkTabs } from './page-checks.mjs';
import { TOKENS } from './stage.mjs';

/** @import { Page } from 'playwright-core' */
/** @import { Ground, Stuck } from './deeds.mjs' */

/** Where pictures go, if they are kept. @typedef {{ shots?: string | undefined }} Shots */

/** @param {Ground} ground */
export async function leaveOpen({ check, stage, page, browser }) {
  await check('the overview brings itself up to date, without a click', async () => {
    await page.goto(`${stage.base}/console/`);
    const row = page.getByRole('row', { name: /^getBalance/ });
    const before = await row.textContent();
    await stage.deliver({ operation: 'GetBalance' });
    await page.waitForEvent('load', { timeout: 15_000 });
    return before === (await row.textContent()) ? [`its figure is still ${String(before)}`] : [];
  });
  await check('it says how to stop that, and goes on when it is told to', async () => {
    await page.getByRole('button', { name: 'Stop refreshing' }).click();
    await page.getByRole('button', { name: 'Refresh by itself' }).click();
    return differs('buttons', await page.getByRole('button', { name: 'Stop refreshing' }).count(), 1);
  });
  await check('without JavaScript the pages work, and offer nothing that does not', async () => {
    const plain = await browser.newPage({ javaScriptEnabled: false });
    await enter(plain, stage.base, TOKENS.viewer);
    const buttons = await plain.getByRole('button', { name: 'refresh' }).count();
    await plain.getByRole('link', { name: 'Playground' }).click();
    await plain.getByLabel('amount', { exact: true }).fill('12.30');
    await plain.getByRole('button', { name: 'Show' }).click();
    return [
      ...differs('buttons of the script', buttons, 0),
      ...lacks('the playground', await plain.locator('main').textContent(), ['"amountMinor":1230']),
    ];
  });
}

/** @param {Ground} ground @param {Stuck} stuck @param {Shots} how */
export async function lookAtPages({ check, stage, page, browser }, { taken, owed }, { shots }) {
  const stranger = await browser.newPage();
  await stranger.goto(`${stage.base}/console/`);
  await checkTabs(check, stranger, 'enter');
  await checkLooks(check, stranger, 'enter', { shots });
  await enter(stranger, stage.base, 'a-strangers-token');
  await checkLooks(check, stranger, 'enter-wrong', { shots });
  /** @type {readonly (readonly [string, string, true?])[]} */
  const pages = [
    ['overview', '/console/'],
    ['queue', '/console/queue', true],
    ['story-held', storyUrl('', taken)],
    ['story-open', storyUrl('', owed)],
    ['no-story', '/console/transaction?agentID=%3Cscript%3E&transactionID=%E2%80%AEabc%22'],
    ['find', '/console/find'],
    ['found', '/console/find?agentID=DEMO01&userID=alice', true],
    ['playground', '/console/playground'],
  ];
  for (const [name, path, wide] of pages) {
    await page.goto(stage.base + path);
    await checkTabs(check, page, name);
    await checkLooks(check, page, name, { shots, ...(wide && { wide }) });
  }
}

/** What only a form leads to. @param {Ground} ground @param {Stuck} stuck @param {Shots} how */
export async function lookAtAnswers({ check, stage, page }, { taken }, { shots }) {
  await page.goto(storyUrl(stage.base, taken));
  await checkLooks(check, page, 'story-ended', { shots });
  await page.goto(`${stage.base}/console/playground`);
  await page.getByLabel('amount', { exact: true }).fill('12.30');
  await page.getByLabel('HTTP status').fill('201');
  await page.getByLabel('Headers, a line each').fill('content-type: application/json');
  await page.getByLabel('Body, as it comes').fill('{"reference":"x","balanceMinor":"8770"}');
  await page.getByRole('button', { name: 'Show' }).click();
  await checkLooks(check, page, 'played', { shots, wide: true });
  await check('another version of the file is dropped, and what it changes is marked', async () => {
    const text = stage.operatorFile.replace('request.amount.minor()', 'request.amount.major()');
    await drop(page, text);
    await page.getByRole('button', { name: 'Show' }).click();
    const section = page.getByRole('region', { name: 'Versions' });
    const [removed, added] = [section.locator('del').first(), section.locator('ins').first()];
    return [
      ...differs('in use', await removed.textContent(), '1230'),
      ...differs('pasted', await added.textContent(), '"12.30"'),
    ];
  });
  await checkTabs(check, page, 'compared');
  await checkLooks(check, page, 'compared', { shots, wide: true });
}

/** As a file of that text is dropped on its field. @param {Page} page @param {string} text */
async function drop(page, text) {
  const files = `(() => { const files = new DataTransfer(); files.items.add(new File([${JSON.stringify(text)}], 'x.yaml')); return files; })()`;
  const dataTransfer = await page.evaluateHandle(files);
  const field = page.locator('textarea[name=file]');
  await field.dispatchEvent('drop', { dataTransfer });
  await page.waitForFunction(`document.querySelector('textarea[name=file]').value !== ''`);
}
