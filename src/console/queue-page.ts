// What is not at rest, the oldest first: a page of it, and of no more records than one request may read.

import { listTransactions, type ListOptions } from '../deeds/list.js';
import type { Journal } from '../domain/ports.js';
import type { Row } from '../domain/transaction-rows.js';
import { age } from '../deeds/wording.js';
import type { Page } from './frame.js';
import { html, to, when, type Markup } from './html.js';
import { field, select, stateTag, table } from './parts.js';
import type { OperatorShown } from './ports.js';

const rowsOfPage = 100;
/** Read for one page: callbacks need the journal more. */
export const mostRead = 10_000;
const mostPages = mostRead / rowsOfPage;

const states = ['held', 'open', 'claimed', 'unreadable'] as const;
const isState = (text: string | null): text is NonNullable<ListOptions['state']> => states.some((one) => one === text);

export async function queuePage(
  journal: Journal,
  operators: readonly OperatorShown[],
  query: URLSearchParams,
): Promise<Page> {
  const state = query.get('state');
  const operator = operators.find(({ name }) => name === query.get('operator'));
  const page = Math.min(mostPages, Math.max(1, Number.parseInt(query.get('page') ?? '1', 10) || 1));
  const listing = await listTransactions(journal, {
    ...(isState(state) && { state }),
    ...(operator && { agents: new Set(operator.agents) }),
    limit: page * rowsOfPage,
    most: mostRead,
  });
  const rows = listing.transactions.slice((page - 1) * rowsOfPage);
  const operatorOf = new Map(operators.flatMap(({ name, agents }) => agents.map((agent) => [agent, name] as const)));
  const asked = { state: isState(state) ? state : '', operator: operator?.name ?? '' };
  const way = (to_: number, name: string): Markup =>
    html`<a href="${to('/queue', { ...asked, page: String(to_) })}">${name}</a>`;
  return {
    title: 'Unfinished',
    refreshes: true,
    body: html`${filterForm(asked, operators)}
      ${when(
        listing.isCut,
        () =>
          html`<p class="notice warn">
            Only ${mostRead} unfinished records were read, and there are more: older ones may be among those.
            <code>wallet-bridge transactions list</code> reads all of them.
          </p>`,
      )}
      ${when(
        rows.length > 0,
        () => rowsTable(rows, operatorOf, page),
        () =>
          html`<p>
            ${listing.unfinished === 0 ? 'Nothing is unfinished.' : `None of these among ${listing.unfinished} unfinished.`}
          </p>`,
      )}
      <p>
        ${when(page > 1, () => way(page - 1, 'Older'))}
        ${when(listing.more > 0 && page < mostPages, () => html`${way(page + 1, 'Younger')}, ${listing.more} more`)}
      </p>
      <h2>Find one</h2>
      ${findForm({})}`,
  };
}

function rowsTable(rows: readonly Row[], operatorOf: ReadonlyMap<string, string>, page: number): Markup {
  return table(
    `The oldest first, from ${(page - 1) * rowsOfPage + 1} to ${(page - 1) * rowsOfPage + rows.length}; times are UTC`,
    ['Transaction', 'State', 'Goal', 'Kind', '#Amount', '#Age', 'Next look', 'Operator', 'Agent', 'Why'],
    rows.map((row) => [
      html`<a class="id" href="${to('/transaction', { agentID: row.agentID, transactionID: row.transactionID })}"
        >${row.transactionID}</a
      >`,
      stateTag(row.state),
      row.goal ?? '–',
      row.kind ?? '–',
      [row.bet, row.win].filter((amount) => amount !== null).join(' / ') || '–',
      row.ageSeconds === null ? '–' : age(row.ageSeconds),
      html`<span class="nowrap">${row.nextLook.replace(/^\S+T(\S+)\.\d+Z$/, '$1')}</span>`,
      operatorOf.get(row.agentID) ?? 'none',
      row.agentID,
      html`<span class="why">${row.heldBecause ?? row.unreadableBecause ?? ''}</span>`,
    ]),
  );
}

function filterForm(
  asked: { readonly state: string; readonly operator: string },
  operators: readonly OperatorShown[],
): Markup {
  return html`<form class="row" method="get" action="${to('/queue')}">
    ${select('state', 'State', [['', 'all'], ...states.map((word) => [word, word] as const)], asked.state)}
    ${select('operator', 'Operator', [['', 'all'], ...operators.map(({ name }) => [name, name] as const)], asked.operator)}
    <button>Show</button>
  </form>`;
}

export function findForm({
  agentID = '',
  transactionID = '',
}: {
  readonly agentID?: string;
  readonly transactionID?: string;
}): Markup {
  return html`<form class="row" method="get" action="${to('/transaction')}" role="search">
    ${field('agentID', 'agentID', agentID, html` required`)}
    ${field('transactionID', 'transactionID', transactionID, html` required`)}
    <button>Find</button>
  </form>`;
}
