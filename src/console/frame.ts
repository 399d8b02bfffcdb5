// What every page has: its head, the way round, and what came of the last thing that was done.

import { html, to, when, type Markup } from './html.js';
import type { Notice } from './visitors.js';

export interface Page {
  readonly title: string;
  readonly body: Markup;
  readonly status?: number;
  /** Brings itself up to date, where the browser runs scripts. */
  readonly refreshes?: true;
}

interface Around {
  readonly version: string;
  /** Of this page, to say in the way round that it is this one. */
  readonly path: string;
  /** Undefined: who looks has not shown a token. */
  readonly may: 'look' | 'anything' | undefined;
  /** Nobody needs a token, so nobody can leave. */
  readonly isOpen: boolean;
  readonly formToken: string;
  readonly notice?: Notice | undefined;
}

const ways = [
  ['/', 'Overview'],
  ['/queue', 'Unfinished'],
  ['/find', 'Find'],
  ['/playground', 'Playground'],
] as const;

export function framed(page: Page, around: Around): string {
  const { title, body } = page;
  const { may, notice, version } = around;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · wallet bridge</title>
        <link rel="stylesheet" href="/console/style.css" />
        ${when(page.refreshes === true, () => html`<script src="/console/refresh.js" defer></script>`)}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header>
          <p class="name"><strong>wallet bridge</strong> <span>${version}</span></p>
          ${when(may !== undefined, () => wayRound(around))}
        </header>
        <main id="main" tabindex="-1">
          ${notice && html`<p class="notice ${notice.isGood ? 'good' : 'bad'}" role="status">${notice.text}</p>`}
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html>`.text;
}

function wayRound({ path, may, isOpen, formToken }: Around): Markup {
  return html`<nav aria-label="Console">
      <ul>
        ${ways.map(
          ([way, name]) =>
            html`<li>
              ${path === way ? html`<a href="${to(way)}" aria-current="page">${name}</a>` : html`<a href="${to(way)}">${name}</a>`}
            </li>`,
        )}
      </ul>
    </nav>
    ${when(
      !isOpen,
      () =>
        html`<form method="post" action="/console/leave">
          ${own(formToken)}<span>${may === 'look' ? 'you may look' : 'you may act'}</span>
          <button class="quiet">Leave</button>
        </form>`,
    )}`;
}

/** What makes a form one of ours. */
export const own = (formToken: string): Markup => html`<input type="hidden" name="form" value="${formToken}" />`;
