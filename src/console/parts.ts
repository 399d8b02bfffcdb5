// What several pages are made of.

import { html, type Markup, type Value } from './html.js';

/** `#` before a heading: a column of numbers. The first cell of a row names it. */
export function table(caption: string, headings: readonly string[], rows: readonly (readonly Value[])[]): Markup {
  const isNumber = headings.map((heading) => heading.startsWith('#'));
  const names = headings.map((heading) => heading.replace(/^#/, ''));
  const head = (name: string, at: number): Markup =>
    isNumber[at] === true ? html`<th scope="col" class="number">${name}</th>` : html`<th scope="col">${name}</th>`;
  const cell = (value: Value, at: number): Markup => {
    if (at === 0) return html`<th scope="row">${value}</th>`;
    return isNumber[at] === true ? html`<td class="number">${value}</td>` : html`<td>${value}</td>`;
  };
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${names.map(head)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map(cell)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

export const tag = (kind: 'good' | 'warn' | 'bad' | 'plain', text: string): Markup =>
  html`<span class="tag ${kind}">${text}</span> `;

const kinds = { held: 'bad', unreadable: 'bad', open: 'warn', claimed: 'warn' } as const;

export const stateTag = (state: string): Markup =>
  tag(Object.entries(kinds).find(([name]) => name === state)?.[1] ?? 'good', state);

/** A name and a value each; what has no value is left out. */
export const facts = (rows: readonly (readonly [string, Value])[]): Markup =>
  html`<dl>
    ${rows.flatMap(([name, value]) =>
      value === undefined
        ? []
        : [
            html`<dt>${name}</dt>
              <dd>${value}</dd>`,
          ],
    )}
  </dl>`;

/** A choice of words, the first of which may be empty. */
export function select(
  name: string,
  label: string,
  words: readonly (readonly [string, string])[],
  chosen: string,
): Markup {
  return html`<label class="field"
    ><span>${label}</span>
    <select name="${name}">
      ${words.map(([word, shown]) => html`<option value="${word}" ${word === chosen ? html` selected` : undefined}>${shown}</option>`)}
    </select></label
  >`;
}

export const field = (name: string, label: string, value: string, more?: Markup): Markup =>
  html`<label class="field"
    ><span>${label}</span><input name="${name}" value="${value}" autocomplete="off" spellcheck="false" ${more}
  /></label>`;
