// All that is known of one transaction, in plain words, and what a person may do about it.

import { showTransaction } from '../deeds/show.js';
import { age, dayAndTime } from '../deeds/wording.js';
import type { Attempts, Described, Movement } from '../domain/describe-transaction.js';
import type { Journal, TransactionKey } from '../domain/ports.js';
import { actForms, type Acting } from './act-forms.js';
import type { Page } from './frame.js';
import { html, when, type Markup } from './html.js';
import { facts, stateTag } from './parts.js';
import { findForm } from './queue-page.js';

export async function storyPage(journal: Journal, key: TransactionKey, acting: Acting | undefined): Promise<Page> {
  const shown = await showTransaction(journal, key);
  if (shown === undefined)
    return {
      title: 'No such record',
      status: 404,
      body: html`<p>
          There is no record of <span class="id">${key.agentID} ${key.transactionID}</span>: it never came, or its
          retention is over.
        </p>
        ${findForm(key)}`,
    };
  const { agentID, transactionID } = shown.facts;
  const ids = [
    ['agent', html`<span class="id">${agentID}</span>`],
    ['transaction', html`<span class="id">${transactionID}</span>`],
  ] as const;
  if ('remedy' in shown)
    return {
      title: 'A record that cannot be read',
      body: html`${facts([
        ...ids,
        ['state', html`${stateTag('unreadable')} ${shown.facts.unreadableBecause ?? ''}`],
        ['looked at next', dayAndTime(shown.facts.nextLook)],
        ['meanwhile', 'no replica that cannot read it acts on it, and no money of it moves'],
        ['what to do', shown.remedy],
      ])}`,
    };
  const { facts: row, story, movements } = shown;
  const isUnfinished = ['claimed', 'open', 'held'].includes(row.state);
  return {
    title: `${shown.subject.charAt(0).toUpperCase()}${shown.subject.slice(1)}`,
    body: html`${when(row.state === 'held', () => html`<p class="notice bad">Held for a person: ${row.heldBecause ?? 'no reason on record'}</p>`)}
      <div class="pair">
        <section aria-label="Facts">
          <h2>What is known</h2>
          ${facts([...ids, ...factRows(shown)])}
        </section>
        <section aria-label="Story">
          <h2>Story <small class="hint">(UTC)</small></h2>
          <ol class="story">
            ${story.map((sentence) => html`<li>${sentence}</li>`)}
          </ol>
        </section>
      </div>
      <h2>In the wallet</h2>
      ${movements.length === 0 ? html`<p>No money moves, so the wallet is not called.</p>` : html`<div class="pair">${movements.map(movement)}</div>`}
      ${when(isUnfinished && acting !== undefined, () => actForms(key, shown, acting ?? { formToken: '', actor: '' }))}
      ${when(isUnfinished && acting === undefined, () => html`<p class="hint">You may look; who has the token of ADMIN_TOKEN may act.</p>`)}`,
  };
}

function factRows({
  facts: row,
  roundID,
  told,
  next,
  vainTries,
  balance,
  revision,
}: Described): [string, string | Markup | undefined][] {
  const ends = { void: 'must end without effect', deliver: 'must reach the wallet' };
  const goal = row.goal === 'void' || row.goal === 'deliver' ? ends[row.goal] : 'none yet';
  return [
    ['player', html`<span class="id">${row.userID ?? '–'}</span>`],
    ['round', roundID === null ? undefined : html`<span class="id">${roundID}</span>`],
    ['state', html`${stateTag(row.state)} revision ${revision}`],
    ['goal', row.goal === null ? undefined : goal],
    ['platform told', told],
    ['age', row.ageSeconds === null ? undefined : age(row.ageSeconds)],
    ['what follows', next],
    ['looked at next', row.nextLook === 'none' ? undefined : dayAndTime(row.nextLook)],
    ['tried in vain', vainTries === 0 ? undefined : times(vainTries)],
    ['balance', balance ?? undefined],
  ];
}

const effects = {
  none: 'the wallet does not have it',
  unknown: 'nobody knows whether the wallet has it',
  applied: 'the wallet has it',
  undone: 'undone',
} as const;

function movement({ name, amounts, effect, sent, undone, ...leg }: Movement): Markup {
  const id = (text: string | null): Markup | undefined =>
    text === null ? undefined : html`<span class="id">${text}</span>`;
  return html`<section aria-label="${name}">
    <h3>${name}, ${amounts.join(' and ')}: ${effects[effect]}</h3>
    ${facts([
      ['reference', id(leg.reference)],
      ['of its win', id(leg.winReference)],
      ['undo’s reference', id(leg.undoReference)],
      ['sent', attempts(sent)],
      ['undo sent', undone.count === 0 ? undefined : attempts(undone)],
      ['receipt', id(leg.receipt)],
    ])}
  </section>`;
}

function attempts({ count, last, vain }: Attempts): string {
  if (last === null) return 'never';
  const vainly = vain === 0 ? '' : vain === count ? '; in vain' : `; the first ${vain} in vain`;
  return `${times(count)}, at ${dayAndTime(last)} at the latest${vainly}`;
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);
