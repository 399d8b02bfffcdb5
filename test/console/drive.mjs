// Why: the command `npm run console`: a real browser does what people do in the console of a real bridge, with a
// real Redis and a wallet that fails, and a line says of each thing whether it holds. `--shots DIR` keeps a picture
// of each page, in light, dark and on a phone.
// Exit code 0: all holds; 1: something does not; 2: there is no Chromium.
import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { until } from '../support/until.mjs';
import { ensureChromium, enter, openBrowser } from './browser.mjs';
import { createChecks } from './checks.mjs';
import { findByPlayer, findStuckBet, refuse, resolveByKeyboard, resolveStuckBet, tryNow } from './deeds.mjs';
import { leaveOpen, lookAtAnswers, lookAtPages } from './pages.mjs';
import { setStage, TOKENS } from './stage.mjs';

/** @import { Ground } from './deeds.mjs' */
/** @import { Stage } from './stage.mjs' */

const { shots } = parseArgs({ options: { shots: { type: 'string' } } }).values;

/**
 * Ordinary traffic, two bets whose end nobody knows, and a win that is owed to a wallet that is away.
 * @param {Stage} stage
 */
async function play(stage) {
  for (const userID of ['alice', 'bob']) await stage.deliver({ operation: 'GetBalance', userID });
  for (let i = 0; i < 5; i += 1) await stage.deliver({ operation: 'Withdraw' });
  await stage.deliver({ operation: 'Deposit', amount: '2.50' });
  await stage.befall('apply-then-hang');
  const taken = await stage.deliver({ operation: 'Withdraw', amount: '10.00' });
  await stage.befall('hang');
  const lost = await stage.deliver({ operation: 'Withdraw', userID: 'bob', amount: '2.00' });
  await stage.wallet.stop();
  const owed = await stage.deliver({ operation: 'Deposit', userID: 'bob', amount: '3.00' });
  return { taken: taken.transactionID, lost: lost.transactionID, owed: owed.transactionID };
}

/** @param {Ground} ground */
const untilCounted = ({ stage, page }) =>
  until(
    'the overview counts what is held and what is open',
    async () => {
      await page.goto(`${stage.base}/console/`);
      const links = ['held', 'open'].map((name) => page.getByRole('link', { name, exact: true }).count());
      return (await Promise.all(links)).every((count) => count === 1);
    },
    30_000,
  );

async function main() {
  const chromium = ensureChromium();
  if (chromium === undefined) {
    console.error('a Chromium is needed: "apt-get install chromium" (Debian), or say where one is in CHROMIUM');
    return 2;
  }
  if (shots !== undefined) mkdirSync(shots, { recursive: true });
  const { check, count } = createChecks();
  const stage = await setStage();
  const browser = await openBrowser(chromium);
  try {
    const page = await browser.newPage();
    const ground = { check, stage, browser, page };
    await enter(page, stage.base, TOKENS.operator);
    const stuck = await play(stage);
    await untilCounted(ground);
    await refuse(ground, stuck);
    await leaveOpen(ground);
    await lookAtPages(ground, stuck, { shots });
    await findByPlayer(ground);
    await findStuckBet(ground, stuck);
    await tryNow(ground, stuck);
    await resolveStuckBet(ground, stuck);
    await resolveByKeyboard(ground, stuck);
    await lookAtAnswers(ground, stuck, { shots });
    await check('no page broke its own policy, or had an error', async () => browser.complaints);
  } finally {
    await browser.stop();
    await stage.stop();
  }
  console.log(`\n${String(count.passed)} passed, ${String(count.failed)} failed`);
  return count.failed === 0 ? 0 : 1;
}

process.exitCode = await main();
