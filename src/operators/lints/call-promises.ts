// Warns of calls in which each key is right and the whole is not safe, or not what its author can have meant.

import { moneyKinds, type MoneyKind } from '../../domain/callback.js';
import { alwaysTrue } from '../../expressions/expressions.js';
import { needsStatusOnly } from '../../expressions/names.js';
import type { CallSource } from '../../mapping/source.js';
import { mentions } from '../../mapping/template.js';
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

export const withoutReference: Lint = {
  severity: 'warning',
  *find({ calls, file: { vars }, terms: { legs } }) {
    for (const { operation, path, request } of calls) {
      if (!isSend(operation) || legs[operation].repeatable === 'no') continue;
      // A var may read those above it, so the last one is looked at first.
      const texts = Object.entries(vars).reduceRight(
        (read, [name, text]) => (mentions(read, 'vars', name) ? `${read}\n${text}` : read),
        [...request.parts.values()].flatMap(textsOf).join('\n'),
      );
      if (!/\b(reference|winReference|transactionID)\b/.test(texts))
        yield {
          path,
          message:
            'it may be repeated, and its request does not carry ${reference}, by which the wallet could know a repeat; expected it there, or repeatable: no',
          key: true,
        };
    }
  },
};

/** What a proxy or a replica that lags behind answers for a moment is taken for a proof that nothing arrived. */
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
