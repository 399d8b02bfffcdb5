// What is due of a wallet by its operator's file: which codes, how many calls, and which scenes it has no
// words for.

import type { Due } from '../../demo/script.js';
import { resultCodes } from '../../protocol/result-codes.js';
import type { CompiledOperator } from '../../operators/compile.js';
import { pathText } from '../../yaml/diagnostics.js';
import { sampleCalls, type SampleRequest } from '../samples/sample-callback.js';
import { verdictOf, type ReplyMaker, type Wanted } from '../../sandbox/reply-maker.js';
import { turnedAway } from '../../sandbox/sandbox.js';
import { Money } from '../../domain/money.js';
import type { Refusal } from '../../domain/outcome.js';

export interface Words {
  /** Whether the file has a rule that says so, be there a reply for it or not. */
  hasRule(operation: 'getBalance' | 'withdraw', result: Refusal): boolean;
  /** Whether the file has such a call. */
  has(operation: SampleRequest['operation'], of?: SampleRequest['of']): boolean;
  /** Why the file can make no request of such a call. */
  cannotSend(operation: SampleRequest['operation'], of?: SampleRequest['of']): string | undefined;
  /** Whether a reply can be made that the call reads so; false where the file has no such call. */
  says(operation: SampleRequest['operation'], wanted: Wanted, of?: SampleRequest['of']): boolean;
}

/** What a call may need to know; the rehearsal launches sessions, and bets before it wins. */
const known = {
  ...{ receipt: '99999', amount: '5.00', betAmount: '5.00', winAmount: '5.00' },
  ...{ session: 'session-0', 'round.bet.reference': '12345', 'round.bet.receipt': '99998' },
};

/** Any balance, and its fraction must come through where the currency has one. */
const balance = Money.of(1_234_00n, 2);
const fresh = { receipt: '100000', session: 'session-0' };

export function wordsOf(operator: CompiledOperator, agentID: string, replies: ReplyMaker): Words {
  const { balance: getBalance, send } = operator.wallet;
  return {
    has: (operation, of) => !('because' in sampleCalls(operator, { operation, of, fields: { agentID } })),
    hasRule: (operation, result) =>
      ((operation === 'withdraw' ? send.withdraw : getBalance)?.source.errors ?? []).some(
        (rule) => rule.result === result && verdictOf(rule) === 'refused',
      ),
    cannotSend(operation, of) {
      const sampled = sampleCalls(operator, { operation, of, fields: { agentID, ...known } });
      if ('because' in sampled) return undefined;
      const made = sampled.calls.map(({ call, subject }) => call.render(subject, Date.now()));
      return made.find((one) => one.kind === 'cannot')?.because;
    },
    says(operation, wanted, of) {
      const sampled = sampleCalls(operator, { operation, of, fields: { agentID, ...known } });
      if ('because' in sampled) return false;
      return sampled.calls.every(({ call, subject }) => {
        const now = Date.now();
        const made = call.render(subject, now);
        if (made.kind === 'cannot') return false;
        return replies.make({ call, subject, request: made.request, now }, { ...wanted, balance }, fresh) !== undefined;
      });
    },
  };
}

export function dueOf({ terms, wallet }: CompiledOperator, words: Words): Due {
  const { withdraw, deposit, betWin } = terms.legs;
  const { whenUnresolved } = terms;
  const { cancelFirst = false, knows = false } = withdraw.undo ?? {};
  const isFoundOut = withdraw.repeatable !== 'no' || cancelFirst || knows;
  const lookup = wallet.lookup.withdraw?.source;
  const isRefused = (result: 'insufficientFunds' | 'userNotFound'): Wanted => ({ kind: 'refused', result });
  return {
    duplicate: terms.duplicates === 'success' ? 0 : 11,
    betWinCalls: terms.betWinAsLegs ? 2 : 1,
    freeSpinCalls: terms.freeSpins === 'skip' ? 0 : 1,
    unresolved: { bet: whenUnresolved.withdraw, win: whenUnresolved.deposit, rollback: whenUnresolved.rollback },
    undoes: {
      bet: withdraw.undo !== undefined,
      betWin: terms.betWinAsLegs
        ? withdraw.undo !== undefined && deposit.undo !== undefined
        : betWin.undo !== undefined,
    },
    findsOut: { taken: isFoundOut || lookup !== undefined, notTaken: isFoundOut || lookup?.absent !== undefined },
    looksUp: withdraw.repeatable !== 'always' && lookup !== undefined,
    says: {
      noFunds: words.says('withdraw', isRefused('insufficientFunds')),
      noPlayer: words.says('getBalance', isRefused('userNotFound')),
      badSession: words.says('deposit', turnedAway),
      noPlayerToBet: words.says('withdraw', isRefused('userNotFound')),
    },
    otherNos: otherNos({ wallet, terms }, words).map(({ wanted, name }) => ({
      name,
      code: wanted.kind === 'refused' && wanted.result !== undefined ? resultCodes[wanted.result].code : 1,
    })),
  };
}

/** The rules of a bet that say it was not taken, and that no scene of their own is about. */
export function otherNos(
  { wallet, terms }: Pick<CompiledOperator, 'wallet' | 'terms'>,
  words: Words,
): { readonly name: string; readonly wanted: Wanted }[] {
  const errors = wallet.send.withdraw?.source.errors ?? [];
  return errors.flatMap((rule): { name: string; wanted: Wanted }[] => {
    const kind = verdictOf(rule);
    const { result } = rule;
    if (kind === 'notApplied' && terms.whenUnresolved.withdraw === 'fail')
      return some(rule.when.path, { kind, rule }, words);
    if (kind !== 'refused' || (result !== 'wrongInput' && result !== 'generalError')) return [];
    return some(rule.when.path, { kind, rule, result }, words);
  });
}

function some(path: readonly (string | number)[], wanted: Wanted, words: Words): { name: string; wanted: Wanted }[] {
  return words.says('withdraw', wanted) ? [{ name: pathText(path), wanted }] : [];
}
