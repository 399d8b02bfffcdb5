// The forms by which a person acts on a transaction. Each says what will follow, for this record.

import type { Saying } from '../deeds/resolve.js';
import type { Described } from '../domain/describe-transaction.js';
import type { TransactionKey } from '../domain/ports.js';
import { own } from './frame.js';
import { html, to, when, type Markup } from './html.js';
import { field, select } from './parts.js';

/** Who may act, and with which form. */
export interface Acting {
  readonly formToken: string;
  readonly actor: string;
}

export const longestActor = 60;
const longestReason = 400;

const words: Readonly<
  Record<Saying, { readonly says: string; readonly follows: (goal: string | null, isTold: boolean) => string }>
> = {
  applied: {
    says: 'The wallet has it',
    follows: (goal) => (goal === 'void' ? 'the bridge undoes it' : 'it is done'),
  },
  notApplied: {
    says: 'The wallet does not have it, or no longer, and will not get it',
    follows: (goal) => {
      if (goal === null) return 'a bet ends without effect, a win is sent';
      return goal === 'void' ? 'it is done' : 'the bridge sends it, under the same reference';
    },
  },
  writtenOff: {
    says: 'Nobody will see to it: write it off',
    follows: (goal, isTold) => {
      const told = isTold
        ? `it stays told as ${goal === 'deliver' ? 'done' : 'failed or undone'}`
        : 'it counts as failed';
      return `${told}, nothing is sent, and reconcile lists it`;
    },
  },
  sameWallet: {
    says: 'The wallet its agent has today is the one it was begun with',
    follows: () => 'it goes on, if it was held for that alone',
  },
};
const order: readonly Saying[] = ['applied', 'notApplied', 'writtenOff', 'sameWallet'];

/** Whoever acts says who they are: a token does not. */
export const actorField = (actor: string, label: string): Markup =>
  field('actor', label, actor, html` required maxlength="${longestActor}"`);

export function actForms(key: TransactionKey, shown: Described, { formToken, actor }: Acting): Markup {
  const { goal, nextLook } = shown.facts;
  const isTold = !shown.told.startsWith('nothing yet');
  const query = { agentID: key.agentID, transactionID: key.transactionID };
  const who = actorField(actor, 'Your name, kept with the record and in the log');
  return html`<h2>What you can do</h2>
    ${when(
      nextLook !== 'a person',
      () =>
        html`<form method="post" action="${to('/transaction/try-now', query)}">
          ${own(formToken)}
          <fieldset>
            <legend>Try now</legend>
            <p class="hint">Ends its pause: the next replica that looks takes it up.</p>
            <div class="fields">${who}</div>
            <button>Try now</button>
          </fieldset>
        </form>`,
    )}
    <form method="post" action="${to('/transaction/resolve', query)}">
      ${own(formToken)}
      <fieldset>
        <legend>Say what the wallet did</legend>
        <p class="hint">
          What you say is taken for proof. Look for the reference in the wallet’s own books first, and wait until no
          call can still be on its way.
        </p>
        ${order.map(
          (saying) =>
            html`<label class="choice"
              ><input type="radio" name="said" value="${saying}" required />
              <span>${words[saying].says}<small>then ${words[saying].follows(goal, isTold)}</small></span></label
            >`,
        )}
        <input type="hidden" name="seen" value="${shown.revision}" />
        <div class="fields">
          ${when(shown.movements.length > 1, () =>
            select(
              'leg',
              'Which movement',
              [
                ['', 'the one in doubt'],
                ['bet', 'the bet'],
                ['win', 'the win'],
              ],
              '',
            ),
          )}
          ${field('reason', 'How you know, kept with the record', '', html` required maxlength="${longestReason}"`)}
          ${who}
        </div>
        <button>Put it on record</button>
      </fieldset>
    </form>`;
}
