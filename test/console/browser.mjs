// Why: what a page is to a person only a browser can tell: the machine's own Chromium, driven from here. Where
// this is Debian and we are root it is installed, else the reader is told how.
// Never: asks anything beyond this machine.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

/** @import { BrowserContextOptions, Page } from 'playwright-core' */
/** @typedef {Awaited<ReturnType<typeof openBrowser>>} Opened */

const names = ['chromium', 'chromium-browser', 'google-chrome'];
/** It needs none of them here, and each would ask others than the bridge. */
const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];

/** @param {string} program @param {string[]} args @param {boolean} [isShown] */
const runs = (program, args, isShown = false) =>
  spawnSync(program, args, {
    stdio: isShown ? 'inherit' : 'ignore',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
  }).status === 0;

const isRoot = () => process.getuid?.() === 0;

/** Where it is on this machine; undefined: it is not, and cannot be had. */
export function ensureChromium() {
  const found = installed();
  if (found !== undefined) return found;
  if (isRoot() && runs('apt-get', ['--version'])) {
    console.log('chromium is missing: installing it with apt-get ...');
    const packages = ['-qq', 'install', '-y', '--no-install-recommends', 'chromium'];
    if (runs('apt-get', ['-qq', 'update'], true) && runs('apt-get', packages, true)) return installed();
  }
  return undefined;
}

function installed() {
  const { CHROMIUM, PATH = '' } = process.env;
  if (CHROMIUM !== undefined && CHROMIUM !== '') return CHROMIUM;
  const places = names.flatMap((name) => PATH.split(delimiter).map((directory) => join(directory, name)));
  return places.find((path) => existsSync(path));
}

/** `complaints`: what a browser said of any page that no check asked for. @param {string} executablePath */
export async function openBrowser(executablePath) {
  // Chromium has no sandbox for root.
  const args = [...quiet, '--disable-gpu', ...(isRoot() ? ['--no-sandbox'] : [])];
  const browser = await chromium.launch({ executablePath, headless: true, args });
  /** @type {string[]} */
  const complaints = [];
  return {
    complaints,
    /** A browser of somebody else: it has cookies of its own. @param {BrowserContextOptions} [how] */
    async newPage(how = {}) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...how });
      const page = await context.newPage();
      page.setDefaultTimeout(10_000);
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('console', (message) => {
        // Chromium has a line for each answer of 400 and above; what is answered is checked where it is asked.
        const isStatus = message.text().startsWith('Failed to load resource: the server responded with a status of');
        if (['error', 'warning'].includes(message.type()) && !isStatus)
          complaints.push(`${page.url()}: ${message.text()}`);
      });
      page.on('requestfailed', (request) => {
        const why = request.failure()?.errorText ?? '';
        // A page that is left drops what it still asked for.
        if (why !== 'net::ERR_ABORTED') complaints.push(`${request.url()}: ${why}`);
      });
      return page;
    },
    stop: () => browser.close(),
  };
}

/** Shows a token as a person does. @param {Page} page @param {string} base @param {string} token */
export async function enter(page, base, token) {
  await page.goto(`${base}/console/`);
  await page.getByLabel('The token of ADMIN_TOKEN').fill(token);
  await page.getByRole('button', { name: 'Enter' }).click();
}
