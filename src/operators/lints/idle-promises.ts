// Promises of a file that can never be made use of, or not as they are written.

import { moneyKinds } from '../../domain/callback.js';
import type { LegTerms } from '../../domain/terms.js';
import { isReadable, namesThrough, needsOf } from '../../expressions/names.js';
import type { CallSource } from '../../mapping/source.js';
import { pathText } from '../../yaml/diagnostics.js';
import { find, textsOf } from '../../yaml/tree.js';
import type { Lint } from './lint.js';

/**
 * A repeat that is always harmless is tried before a question, and an undo that may come first needs none.
 */
export const idleLookup: Lint = {
  severity: 'warning',
  *find({ file: { operations }, terms: { legs } }) {
    const isAsked = ({ repeatable, undo }: LegTerms) =>
      repeatable !== 'always' || (undo !== undefined && !undo.cancelFirst);
    const kinds = moneyKinds.filter((kind) => operations[kind] !== 'legs');
    if (operations.lookup !== undefined && !kinds.some((kind) => isAsked(legs[kind])))
      yield {
        path: ['operations', 'lookup'],
        message:
          'never asked, because every call may be repeated always, and undone before anybody knows; expected it left out, or a weaker repeatable or cancelFirst',
        key: true,
      };
  },
};

export const nothingOwed: Lint = {
  severity: 'warning',
  *find({ file: { policy }, terms: { whenUnresolved } }) {
    const accepting = Object.entries(whenUnresolved).filter(([, way]) => way === 'accept');
    if (policy.accept.most === 0 && accepting.length > 0)
      yield {
        path: ['policy', 'accept', 'most'],
        message: `nothing may be owed, so whenUnresolved: accept of ${accepting.map(([kind]) => kind).join(', ')} always becomes askAgain; expected at least 1, or askAgain there`,
      };
  },
};

/**
 * An undo that is sent before anybody knows whether the movement landed cannot name the wallet's own id for
 * it.
 */
export const receiptBeforeAnswer: Lint = {
  severity: 'error',
  *find({ tree, plans }) {
    for (const plan of Object.values(plans)) {
      if (plan.kind !== 'mapping') continue;
      const { cancelFirst, undoKnows } = plan.mapping;
      if (cancelFirst !== 'safe' && undoKnows !== 'yes') continue;
      const [key, word] =
        cancelFirst === 'safe' ? (['cancelFirst', cancelFirst] as const) : (['undoKnows', 'yes'] as const);
      const request = find(tree, [...plan.path, 'request']);
      if (request !== undefined && textsOf(request).some((text) => needsOf(text, 'original').includes('receipt')))
        yield {
          path: [...plan.path, key],
          message: `${word}, while the request reads original.receipt, which a movement without an answer does not have; expected original.reference there, or original.?receipt.orValue(…)`,
        };
    }
  },
};

/** An undo that may come first is never asked what it knows; and what nobody reads as "never seen" says nothing. */
export const idleUndoKnows: Lint = {
  severity: 'warning',
  *find({ plans, calls }) {
    for (const plan of Object.values(plans)) {
      if (plan.kind !== 'mapping' || plan.mapping.undoKnows !== 'yes') continue;
      const path = [...plan.path, 'undoKnows'];
      const own = calls.find((call) => call.operation === 'undo' && pathText(call.path) === pathText(plan.path));
      if (plan.mapping.cancelFirst === 'safe')
        yield { path, message: 'yes beside cancelFirst: safe, which is all that is needed; expected one of them' };
      else if (own?.errors.some(({ result, outcome }) => result === 'notFound' && outcome !== 'unknown') === false)
        yield {
          path,
          message:
            'yes, and no rule of the undo says notFound, so it is never heard; expected a rule for it under errors',
        };
    }
  },
};

/** What stands in for a session that nobody is sent. */
export const idleOfflineSession: Lint = {
  severity: 'warning',
  *find({ calls, file: { vars, wallet } }) {
    const owed = calls.filter(({ badSession }) => badSession?.instead !== undefined);
    const reads = ({ request }: CallSource): boolean => {
      const texts = [...request.parts.values()].flatMap(textsOf);
      return !texts.every(isReadable) || namesThrough(texts, Object.entries(vars)).has('player');
    };
    if (wallet.onBadSession !== undefined && !owed.some(reads))
      yield {
        path: ['wallet', 'onBadSession'],
        message:
          'no win, undo, lookup or closeRound reads player.?session, so nothing is sent otherwise; expected it in their requests, or no onBadSession',
        key: true,
      };
  },
};
