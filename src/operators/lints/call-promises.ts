// Warns of calls in which each key is right and the whole is not safe, or not what its author can have meant.

import { moneyKinds, type MoneyKind } from '../../domain/callback.js';
import { alwaysTrue } from '../../expressions/expressions.js';
import { isReadable, namesThrough, needsStatusOnly } from '../../expressions/names.js';
import type { CallSource } from '../../mapping/source.js';
import { textsOf } from '../../yaml/tree.js';
import type { Lint } from './lint.js';

function isSend(operation: CallSource['operation']): operation is MoneyKind {
  return moneyKinds.some((kind) => kind === operation);
}

export const withoutRefusal: Lint = {
  severity: 'warning',
  *find({ calls }) {
    for (const { operation, path, errors } of calls) {
      if (operation !== 'undo' && !isSend(operation)) continue;
      const clear = errors.filter(({ result, outcome }) =>
        result === 'generalError' ? outcome === 'refused' || outcome === 'notApplied' : outcome !== 'unknown',
      );
      const isBet = operation === 'withdraw' && path.at(-1) !== 'freeSpin';
      if (clear.length === 0)
        yield {
          path,
          message:
            'no rule refuses, so every no of the wallet is taken for unknown; expected errors here, or for all operations',
          key: true,
        };
      else if (isBet && !clear.some(({ result }) => result === 'insufficientFunds'))
        yield {
          path,
          message:
            'no rule says insufficientFunds, so a bet without cover is not refused as one; expected it in errors here, or for all operations',
          key: true,
        };
    }
  },
};

/** By any of these the wallet could know a repeat. */
const ownNames = ['reference', 'winReference', 'transactionID'];

export const withoutReference: Lint = {
  severity: 'warning',
  *find({ calls, file: { vars }, terms: { legs } }) {
    for (const { operation, path, request } of calls) {
      if (!isSend(operation) || legs[operation].repeatable === 'no') continue;
      const texts = [...request.parts.values()].flatMap(textsOf);
      const names = namesThrough(texts, Object.entries(vars));
      if (texts.every(isReadable) && !ownNames.some((name) => names.has(name)))
        yield {
          path,
          message:
            'it may be repeated, and its request does not carry ${reference}, by which the wallet could know a repeat; expected it there, or repeatable: no',
          key: true,
        };
    }
  },
};

/**
 * A rule takes for a proof that nothing arrived what a proxy, or a replica that lags behind, may answer for a
 * moment.
 */
export const bareStatus: Lint = {
  severity: 'warning',
  *find({ calls, file: { vars } }) {
    for (const { absent, errors } of calls) {
      const proofs = errors.filter(({ result, outcome }) => result === 'notFound' && outcome !== 'unknown');
      for (const { text, path } of [absent, ...proofs.map(({ when }) => when)].filter((rule) => rule !== undefined))
        if (!alwaysTrue(text) && needsStatusOnly(text, Object.entries(vars)))
          yield {
            path,
            message:
              'rests on the status alone, which a proxy in between may answer for a while, too; expected a field of the body that says so beside it',
          };
    }
  },
};
