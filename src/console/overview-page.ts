// What a person sees first: whether the bridge is well, and what each operator has that is not at rest.

import type { Sample } from '../domain/ports.js';
import { age } from '../deeds/wording.js';
import { actorField, type Acting } from './act-forms.js';
import { own, type Page } from './frame.js';
import { html, to, when, type Markup } from './html.js';
import type { ConsolePorts, OperatorFigures } from './ports.js';
import { findForm } from './queue-page.js';
import { table, tag } from './parts.js';

/** A page shows no more of them; beyond that the metrics and the list are the better tool. */
const mostOperators = 200;

export async function overviewPage(ports: ConsolePorts, acting: Acting | undefined): Promise<Page> {
  const why = ports.whyNotReady();
  const counted = ports.counted();
  const figures = await ports.figures();
  const known = ports.operators().map(({ name }) => name);
  // What no file answers for any more is still somebody's money.
  const orphans = (counted?.sample.unfinished ?? []).some(({ operator }) => operator === 'none') ? ['none'] : [];
  const names = [...known, ...orphans];
  return {
    title: 'Overview',
    refreshes: true,
    body: html`<p>${why === undefined ? tag('good', 'ready') : tag('bad', 'not ready')} ${why}</p>
      <p class="hint">
        ${counted === undefined ? 'Nothing is counted yet.' : `Unfinished records were counted ${age(Math.floor(counted.ago / 1000))} ago, in the journal all replicas share.`}
        Traffic is of this process, since it started.
      </p>
      ${findForm({})}
      ${names.slice(0, mostOperators).map((name) => card(name, counted?.sample, figures.get(name), acting))}
      ${when(names.length > mostOperators, () => html`<p>… and ${names.length - mostOperators} more operators.</p>`)}`,
  };
}

function card(
  name: string,
  sample: Sample | undefined,
  figures: OperatorFigures | undefined,
  acting: Acting | undefined,
): Markup {
  const title = name === 'none' ? 'Agents no operator file names' : name;
  const unfinished = sample?.unfinished.filter(({ operator }) => operator === name) ?? [];
  const waits = name !== 'none' && unfinished.some(({ state }) => state === 'open' || state === 'claimed');
  return html`<section class="card" aria-label="${title}">
    <h2>${title}</h2>
    <div class="pair">
      <div>
        ${unfinishedTable(name, unfinished)}
        ${trustTable(sample?.onTrust.filter(({ operator }) => operator === name) ?? [])}
      </div>
      <div>${breakers(figures)} ${traffic(figures)}</div>
    </div>
    ${acting !== undefined && waits ? tryAll(name, acting) : undefined}
  </section>`;
}

function unfinishedTable(name: string, rows: Sample['unfinished']): Markup {
  if (rows.length === 0)
    return html`<h3>Unfinished</h3>
      <p>${tag('good', 'nothing')}</p>`;
  return html`<h3>Unfinished</h3>
    ${table(
      'By state and goal',
      ['State', 'Goal', '#Records', '#Oldest'],
      rows.map(({ state, goal, count, oldest }) => [
        html`<a href="${to('/queue', { state, ...(name === 'none' ? {} : { operator: name }) })}">${state}</a>`,
        goal === 'none' ? '–' : goal,
        count,
        oldest === undefined ? '–' : age(Math.floor(oldest / 1000)),
      ]),
    )}`;
}

function trustTable(rows: Sample['onTrust']): Markup {
  if (rows.length === 0)
    return html`<h3>On trust</h3>
      <p>${tag('good', 'nothing')}</p>`;
  return html`<h3>On trust</h3>
    ${table(
      'The platform takes it for done, and the wallet has not confirmed it',
      ['Duty', '#Amount', '#Records', '#Oldest'],
      rows.map(({ duty, currency, amount, count, oldest }) => [
        duty,
        `${amount.toString()} ${currency}`,
        count,
        age(Math.floor(oldest / 1000)),
      ]),
    )}`;
}

const breakerWords = { closed: ['good', 'closed'], halfOpen: ['warn', 'half open'], open: ['bad', 'open'] } as const;

function breakers(figures: OperatorFigures | undefined): Markup {
  return html`<h3>Wallet breakers</h3>
    <p>
      ${
        figures?.breakers.map(({ callClass, state }) => {
          const [kind, word] = breakerWords[state];
          return tag(kind, `${callClass}: ${word}`);
        }) ?? '–'
      }
    </p>`;
}

function traffic(figures: OperatorFigures | undefined): Markup {
  if (figures === undefined || figures.callbacks.length === 0)
    return html`<h3>Callbacks</h3>
      <p class="hint">none since the start</p>`;
  const operations = [...new Set(figures.callbacks.map(({ operation }) => operation))];
  const ms = (value: number | undefined): string =>
    value === undefined ? '–' : `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
  return html`<h3>Callbacks</h3>
    ${table(
      'Answers since the start, and how long they took',
      ['Operation', 'Results', '#Mean', '#95 % within'],
      operations.map((operation) => {
        const took = figures.durations.find((one) => one.operation === operation);
        const results = figures.callbacks.filter((one) => one.operation === operation);
        return [
          operation,
          results.map(({ result, count }) => `${result} ${count}`).join(', '),
          ms(took?.mean),
          took?.p95 === Infinity ? 'above 10 s' : ms(took?.p95),
        ];
      }),
    )}
    ${when(figures.wallet.length > 0, () =>
      table(
        'Wallet calls since the start',
        ['Call', 'Outcome', '#Calls'],
        figures.wallet.map(({ call, outcome, count }) => [call, outcome, count]),
      ),
    )}`;
}

const tryAll = (operator: string, { formToken, actor }: Acting): Markup =>
  html`<form class="row" method="post" action="${to('/try-all', { operator })}">
    ${own(formToken)}
    <p class="hint">Ends the pauses of what the bridge is still trying by itself, the oldest first.</p>
    ${actorField(actor, 'Your name, kept in the log')}
    <button>Try all of ${operator} now</button>
  </form>`;
