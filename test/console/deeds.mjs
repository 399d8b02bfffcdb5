// Why: what a person does in the console must be what becomes of the money: each deed is compared with the
// record, the log and the wallet's ledger.
import { createServer } from 'node:http';
import { once } from 'node:events';
import { until } from '../support/until.mjs';
import { enter } from './browser.mjs';
import { differs, lacks } from './checks.mjs';
import { tabTo } from './page-checks.mjs';
import { TOKENS } from './stage.mjs';

/** @import { Page } from 'playwright-core' */
/** @import { Opened } from './browser.mjs' */
/** @import { Check } from './checks.mjs' */
/** @import { Stage } from './stage.mjs' */
/** @typedef {{ check: Check, stage: Stage, browser: Opened, page: Page }} Ground */
/** Bets nobody knows the end of, and a win the wallet has not. @typedef {{ taken: string, lost: string, owed: string }} Stuck */

/** @param {string} base @param {string} transactionID @param {string} [act] */
export const storyUrl = (base, transactionID, act = '') =>
  `${base}/console/transaction${act}?agentID=DEMO01&transactionID=${transactionID}`;

/**
 * The one line of the log about a deed: who, of what, and what came of it.
 * @param {Stage} stage @param {string} deed
 */
async function toldOf(stage, deed) {
  const lines = () => stage.told().filter(({ what }) => what === deed);
  await until(`the log has ${deed}`, () => lines().length > 0);
  const { who, operator, transactionID, reason, outcome } = lines()[0] ?? {};
  return [
    who,
    operator ?? transactionID,
    reason,
    outcome,
    ...lines()
      .slice(1)
      .map(() => 'once more'),
  ].join(', ');
}

/** @param {Stage} stage @param {string} player @param {bigint} cents */
async function restsAt(stage, player, cents) {
  await until(`the ledger has ${String(cents)} of ${player}`, () => stage.actual(player) === cents, 20_000).catch(
    () => undefined,
  );
  return differs(`cents of ${player} by the ledger`, stage.actual(player), cents);
}

/** From the overview to what is held, and what it says. @param {Ground} ground @param {Stuck} stuck */
export async function findStuckBet({ check, stage, page }, { taken }) {
  await check('a stuck bet is found from the overview, and its story read', async () => {
    await page.goto(`${stage.base}/console/`);
    await page.getByRole('link', { name: 'held' }).click();
    await page.getByRole('link', { name: taken }).click();
    const text = await page.locator('main').textContent();
    return lacks('the story', text, ['Held for a person', 'nobody knows whether the wallet has it', '10.00']);
  });
}

/** Of a finished one nobody has the id of. @param {Ground} ground */
export async function findByPlayer({ check, stage, page }) {
  await check('what a player did is found by who it was and what was told, and its story read', async () => {
    await page.goto(`${stage.base}/console/find`);
    const form = page.locator('form', { has: page.getByLabel('userID') });
    await form.getByLabel('agentID').fill('DEMO01');
    await form.getByLabel('userID').fill('alice');
    await form.getByLabel('State, or what was told').selectOption('success');
    await form.getByRole('button', { name: 'Find' }).click();
    const rows = page.getByRole('row', { name: /withdraw|deposit/ });
    const found = await rows.count();
    await rows.first().getByRole('link').click();
    return [
      ...differs('bets and wins of alice that were told as done', found, 6),
      ...lacks('the story', await page.locator('main').textContent(), ['alice', 'applied']),
    ];
  });
}

/** @param {Ground} ground @param {Stuck} stuck */
export async function resolveStuckBet({ check, stage, page }, { taken }) {
  await check('a bet the wallet has is resolved, and undone: record, log and ledger agree', async () => {
    const before = stage.actual('alice');
    await page.goto(storyUrl(stage.base, taken));
    await page.getByLabel('The wallet has it').check();
    await page.getByLabel('How you know').fill('seen in its books');
    await page.getByLabel('Your name').last().fill('Anna <b>');
    await page.getByRole('button', { name: 'Put it on record' }).click();
    const notice = await page.locator('.notice.good').textContent();
    const told = await toldOf(stage, 'resolve applied');
    const rests = await restsAt(stage, 'alice', before + 1000n);
    await page.reload();
    const story = await page.locator('main').textContent();
    return [
      ...lacks('the page', notice, ['Recorded']),
      ...differs('the log', told, `Anna <b>, ${taken}, seen in its books, done`),
      ...lacks('the record', story, ['seen in its books (Anna <b>)', 'reversed']),
      ...rests,
    ];
  });
}

/** @param {Ground} ground @param {Stuck} stuck */
export async function resolveByKeyboard({ check, stage, page }, { lost }) {
  await check('a bet the wallet never had is resolved by keyboard alone', async () => {
    const before = stage.actual('bob');
    await page.goto(storyUrl(stage.base, lost));
    await tabTo(page, 'input[name=said]');
    // Without a choice the first Tab leads to the first one, and an arrow to the next.
    await page.keyboard.press('ArrowDown');
    await tabTo(page, 'input[name=reason]');
    await page.keyboard.type('not in its books');
    await tabTo(page, 'form[action*=resolve] input[name=actor]');
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('Berta');
    await tabTo(page, 'form[action*=resolve] button');
    await page.keyboard.press('Enter');
    await page.locator('.notice.good').waitFor();
    const told = await toldOf(stage, 'resolve notApplied');
    await page.reload();
    return [
      ...differs('the log', told, `Berta, ${lost}, not in its books, done`),
      ...lacks('the record', await page.locator('main').textContent(), ['cancelled', 'not in its books (Berta)']),
      ...(await restsAt(stage, 'bob', before)),
    ];
  });
}

/** @param {Ground} ground @param {Stuck} stuck */
export async function tryNow({ check, stage, page }, { owed }) {
  await check('a win that is owed is tried now while the wallet is away, and nothing is lost', async () => {
    await page.goto(storyUrl(stage.base, owed));
    await page.getByLabel('Your name').first().fill('Anna');
    await page.getByRole('button', { name: 'Try now' }).click();
    await page.locator('.notice.good').waitFor();
    return differs('the log', await toldOf(stage, 'try-now'), `Anna, ${owed}, , done`);
  });
  await check('all of an operator is tried now, and the wallet has it to the cent', async () => {
    const before = stage.actual('bob');
    await stage.wallet.start();
    await page.goto(`${stage.base}/console/`);
    await page.getByLabel('Your name').fill('Anna');
    await page.getByRole('button', { name: 'Try all of demo now' }).click();
    const notice = await page.locator('.notice').textContent();
    const told = await toldOf(stage, 'try-now --all');
    // The bridge may have been faster, and then none is left to be tried.
    const [, count] = /([01]) due now/.exec(notice ?? '') ?? [];
    return [
      ...differs('the log', told, `Anna, demo, , ${count ?? 'what the page does not say is'} due`),
      ...(await restsAt(stage, 'bob', before + 300n)),
    ];
  });
}

/** Who may not. @param {Ground} ground @param {Stuck} stuck */
export async function refuse({ check, stage, browser, page }, { taken }) {
  const viewer = await browser.newPage();
  await check('a wrong token is turned away', async () => {
    await enter(viewer, stage.base, 'a-strangers-token');
    return lacks('the page', await viewer.locator('main').textContent(), ['neither token']);
  });
  await check('who may look sees no form to act, and cannot act with one of their own', async () => {
    await enter(viewer, stage.base, TOKENS.viewer);
    await viewer.goto(storyUrl(stage.base, taken));
    const forms = await viewer.locator('main form').count();
    const form = await viewer.locator('header input[name=form]').inputValue();
    return [
      ...differs('forms in the story', forms, 0),
      ...(await isRefused(viewer, storyUrl(stage.base, taken, '/resolve'), form, 'Your token may only look')),
    ];
  });
  await check('a form without its own token does nothing', async () => {
    await page.goto(storyUrl(stage.base, taken));
    return isRefused(page, storyUrl(stage.base, taken, '/resolve'), '', 'not of a page this browser was given');
  });
  await check(
    'a page of another port of this machine cannot have a browser act, with a form that is known',
    async () => {
      const form = await page.locator('header input[name=form]').inputValue();
      const stranger = createServer((_request, response) => {
        response.setHeader('content-type', 'text/html');
        response.end(strangePage(storyUrl(stage.base, taken, '/resolve'), form));
      });
      await once(stranger.listen(stage.strangePort, '127.0.0.1'), 'listening');
      await page.goto(`http://127.0.0.1:${String(stage.strangePort)}/`);
      await page.getByRole('button').click();
      const title = await page.title();
      stranger.close();
      return lacks('the answer', title, ['Not taken']);
    },
  );
  await check('nothing of it was done, or told as done', async () => {
    await page.goto(storyUrl(stage.base, taken));
    return [
      ...lacks('the record', await page.locator('main').textContent(), ['Held for a person']),
      ...differs('lines of the log', stage.told().length, 0),
    ];
  });
}

const resolution = { said: 'applied', reason: 'x', actor: 'Eve', seen: '1' };

/**
 * What is posted with the cookie of a page, and from its origin.
 * @param {Page} page @param {string} url @param {string} form @param {string} why
 */
async function isRefused(page, url, form, why) {
  const headers = { Origin: new URL(url).origin };
  const response = await page.request.post(url, { form: { ...resolution, form }, headers });
  return [...differs('status', response.status(), 403), ...lacks('the answer', await response.text(), [why])];
}

/** @param {string} url @param {string} form */
const strangePage = (url, form) =>
  `<!doctype html><title>x</title><form method="post" action="${url.replaceAll('&', '&amp;')}">${Object.entries({
    ...resolution,
    form,
  })
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`)
    .join('')}<button>Win a prize</button></form>`;
