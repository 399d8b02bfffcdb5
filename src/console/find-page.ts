// Where a transaction is looked for: by its ids, or by its player, in some days, of no more records than one request
// may read.

import { findAmong, findsBack, findWords, listedFor, type FindWord } from '../deeds/find.js';
import type { Journal } from '../domain/ports.js';
import { dayAndTime } from '../deeds/wording.js';
import type { Page } from './frame.js';
import { html, to, when, type Markup } from './html.js';
import { field, select, stateTag, table } from './parts.js';
import type { OperatorShown } from './ports.js';
import { findForm, mostRead } from './queue-page.js';

const rowsOfPage = 100;
const day = 86_400_000;
/** Each is a list of its own to read. */
const mostDays = 92;

interface Asked {
  readonly agentID: string;
  readonly userID: string;
  /** Days as a browser writes them, both of them meant. */
  readonly from: string;
  readonly to: string;
  readonly word: FindWord | '';
}

export async function findPage(
  journal: Journal,
  operators: readonly OperatorShown[],
  query: URLSearchParams,
): Promise<Page> {
  const asked = askedIn(query, journal.now());
  const isAsked = asked.userID !== '' || asked.agentID !== '';
  const problem = isAsked ? problemOf(asked, operators) : undefined;
  return {
    title: 'Find',
    ...(problem !== undefined && { status: 400 }),
    body: html`<h2>By its transactionID</h2>
      ${findForm({})}
      <h2>By its player</h2>
      ${playerForm(asked)} ${problem && html`<p class="notice bad" role="alert">${problem}</p>`}
      ${isAsked && problem === undefined ? await foundOf(journal, asked) : undefined}`,
  };
}

function askedIn(query: URLSearchParams, now: number): Asked {
  const text = (name: string): string => query.get(name)?.trim() ?? '';
  return {
    agentID: text('agentID'),
    userID: text('userID'),
    from: text('from') || dayIn(now - findsBack),
    to: text('to') || dayIn(now),
    word: findWords.find((word) => word === query.get('result')) ?? '',
  };
}

const dayIn = (at: number): string => new Date(at).toISOString().slice(0, 10);
const instantIn = (text: string): number => (/^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : NaN);

/** Why nothing is looked for, in a sentence. */
function problemOf(
  { agentID, userID, from, to: last }: Asked,
  operators: readonly OperatorShown[],
): string | undefined {
  if (agentID === '' || userID === '') return 'Nothing was looked for: an agentID and a userID are needed.';
  const [first, end] = [instantIn(from), instantIn(last)];
  if (Number.isNaN(first) || Number.isNaN(end))
    return 'Nothing was looked for: a day is written as 2026-11-21, the year first.';
  if (end < first) return 'Nothing was looked for: the last day is before the first.';
  if (end - first >= mostDays * day) return `Nothing was looked for: choose ${mostDays} days at most.`;
  const operator = operators.find(({ agents }) => agents.includes(agentID));
  if (operator === undefined) return 'Nothing was looked for: no operator file names this agent.';
  if (operator.findsByPlayer) return undefined;
  return `Nothing was looked for: the file of ${operator.name} says policy.findByPlayer: false. “wallet-bridge transactions find --scan” reads every record.`;
}

async function foundOf(journal: Journal, { agentID, userID, from, to: last, word }: Asked): Promise<Markup> {
  const span = { from: instantIn(from), to: instantIn(last) + day };
  const { transactions, more, isCut } = await findAmong(journal, listedFor(journal, [{ agentID, userID }], span), {
    ...{ ...span, userID, agents: new Set([agentID]), limit: rowsOfPage, most: mostRead },
    ...(word !== '' && { word }),
  });
  return html`${when(
    isCut,
    () =>
      html`<p class="notice warn">
        Only ${mostRead} records were read, and there are more: choose fewer days, or ask
        <code>wallet-bridge transactions find</code>, which reads all of them.
      </p>`,
  )}
  ${when(
    transactions.length > 0,
    () =>
      table(
        'The oldest first; times are UTC. Whose those are that cannot be read, nobody knows',
        ['Transaction', 'Since', 'State', 'Platform told', 'Kind', '#Amount', 'Why'],
        transactions.map((row) => [
          html`<a class="id" href="${to('/transaction', { agentID: row.agentID, transactionID: row.transactionID })}"
            >${row.transactionID}</a
          >`,
          html`<span class="nowrap">${row.since === null ? '–' : dayAndTime(row.since)}</span>`,
          stateTag(row.state),
          row.result ?? '–',
          row.kind ?? '–',
          [row.bet, row.win].filter((amount) => amount !== null).join(' / ') || '–',
          html`<span class="why">${row.heldBecause ?? row.unreadableBecause ?? ''}</span>`,
        ]),
      ),
    () =>
      html`<p role="status">
        None of these is on record: they never came, their retention is over, or they were claimed while
        <code>policy.findByPlayer</code> was false. <code>wallet-bridge transactions find --scan</code> reads every
        record.
      </p>`,
  )}
  ${when(more > 0, () => html`<p>… and ${more} more: choose fewer days.</p>`)}`;
}

function playerForm({ agentID, userID, from, to: last, word }: Asked): Markup {
  return html`<form class="row" method="get" action="${to('/find')}" role="search" aria-label="By its player">
    ${field('agentID', 'agentID', agentID, html` required`)} ${field('userID', 'userID', userID, html` required`)}
    ${field('from', 'First day (UTC)', from, html` type="date"`)}
    ${field('to', 'Last day (UTC)', last, html` type="date"`)}
    ${select('result', 'State, or what was told', [['', 'all'], ...findWords.map((one) => [one, one] as const)], word)}
    <button>Find</button>
  </form>`;
}
