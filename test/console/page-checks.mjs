// Why: whoever is on call may have a phone, a dark room, a keyboard alone or a reader of the screen: what each
// page must be for all of them.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @import { Page } from 'playwright-core' */
/** @import { AxeResults } from 'axe-core' */
/** @import { Check } from './checks.mjs' */

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** @type {readonly { name: string, colorScheme: 'light' | 'dark', width: number, height: number }[]} */
const looks = [
  { name: 'light', colorScheme: 'light', width: 1280, height: 800 },
  { name: 'dark', colorScheme: 'dark', width: 1280, height: 800 },
  { name: 'phone', colorScheme: 'light', width: 390, height: 844 },
];

/**
 * Light, dark and on a phone: no finding of axe, and nothing that is wider than the screen. `wide`: its tables may
 * be moved sideways on a phone.
 * @param {Check} check @param {Page} page @param {string} name @param {{ shots?: string | undefined, wide?: true }} [how]
 */
export async function checkLooks(check, page, name, { shots, wide } = {}) {
  await check(`${name}: no finding of axe in light, dark and on a phone; nothing is cut off`, async () => {
    /** @type {string[]} */
    const found = [];
    for (const { name: look, colorScheme, ...size } of looks) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(size);
      if (shots !== undefined) await page.screenshot({ path: join(shots, `${name}-${look}.png`), fullPage: true });
      /** @type {AxeResults['violations']} */
      const violations = await page.evaluate(`${axe};axe.run().then(({ violations }) => violations)`);
      found.push(...violations.map(({ id, nodes }) => `${look} ${id}: ${nodes.map(({ html }) => html).join(' ')}`));
      /** @type {string[]} */
      const cut = await page.evaluate(wide && look === 'phone' ? widerThanScreen : cutOff);
      found.push(...cut.map((what) => `${look} is cut off: ${what}`));
    }
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1280, height: 800 });
    return found;
  });
}

const widerThanScreen = `document.documentElement.scrollWidth > innerWidth ? ['the page'] : []`;
const cutOff = `[...document.querySelectorAll('html, .scroll, pre, main, .card')]
  .filter((one) => one.scrollWidth > one.clientWidth)
  .map((one) => (one.getAttribute('aria-label') ?? one.tagName) + ' ' + one.scrollWidth + ' > ' + one.clientWidth)`;

/** Everything that can be pressed, chosen or written in, in the order of the page; of choices, one. */
const controls = `[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, .scroll')]
  .filter((one, at, all) => one.type !== 'radio' || all.findIndex(({ name }) => name === one.name) === at)
  .map((one) => nameOf(one))`;
const nameOf = `const nameOf = (one) => [one.tagName.toLowerCase(), one.name ?? '', one.getAttribute('href') ?? one.form?.getAttribute('action') ?? one.getAttribute('aria-label') ?? '', one.tagName === 'BUTTON' ? one.textContent.trim() : ''].join(' ').trim()`;
/** What has the focus now, and whether that can be seen. */
const focused = `(() => { ${nameOf}; const one = document.activeElement; const style = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  return { name: nameOf(one), isSeen: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
    && box.width > 0 && box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight,
    hasParts: one.type === 'date' };
})()`;
/** A browser's field for a day is day, month, year and a calendar. */
const mostParts = 4;

/** @typedef {{ name: string, isSeen: boolean, hasParts: boolean }} Focused */
/**
 * The Tab key alone leads to each control, in the order they stand in, and shows where it is.
 * @param {Check} check @param {Page} page @param {string} name
 */
export async function checkTabs(check, page, name) {
  await check(`${name}: Tab reaches every control in its order, and it is seen where`, async () => {
    /** @type {string[]} */
    const expected = await page.evaluate(`(() => { ${nameOf}; return ${controls}; })()`);
    /** @type {string[]} */
    const found = [];
    /** @type {Focused | undefined} */
    let at;
    for (const control of expected) {
      const before = at;
      for (let pressed = 0; pressed < mostParts && at === before; pressed += 1) {
        await page.keyboard.press('Tab');
        /** @type {Focused} */
        const now = await page.evaluate(focused);
        if (!now.hasParts || now.name !== before?.name) at = now;
      }
      if (at?.name !== control) return [...found, `expected ${control}, was at ${String(at?.name)}`];
      if (!at.isSeen) found.push(`nobody sees the focus on ${control}`);
    }
    return found;
  });
}

/**
 * Tab until the control has the focus, as who has no mouse.
 * @param {Page} page @param {string} selector
 */
export async function tabTo(page, selector) {
  for (let pressed = 0; pressed < 80; pressed += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)) return;
  }
  throw new Error(`Tab never came to ${selector}`);
}
