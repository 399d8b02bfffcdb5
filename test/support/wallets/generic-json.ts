// A plain JSON wallet as the generic JSON preset expects it: decimal texts, a signed body, one status word.

import { createHmac } from 'node:crypto';
import { centsOf, json, Ledger, majorOf, objectOf, serve, textIn, type Answer, type StandIn } from './stand-in.js';

export function startGenericJson(openings: Readonly<Record<string, bigint>>, key: string): Promise<StandIn> {
  const ledger = new Ledger(openings);
  const rolledBack = new Set<string>();
  const say = (status: string, more: object = {}): Answer => json({ status, ...more });

  return serve(ledger, ({ path, headers, raw }) => {
    if (headers['x-signature'] !== createHmac('sha256', key).update(raw).digest('hex')) return say('BAD_SIGNATURE');
    const body = objectOf(JSON.parse(raw.toString('utf8')));
    const player = textIn(body, 'playerId');
    if (!ledger.knows(player)) return say('PLAYER_NOT_FOUND');
    const ok = (more: object = {}) => say('OK', { balance: majorOf(ledger.cents(player)), ...more });
    if (path === '/balance') return ok();

    const transactionId = textIn(body, 'transactionId');
    const known = ledger.find(transactionId);
    if (known !== undefined) return ok({ transactionId, walletTransactionId: known.receipt });
    if (path === '/rollback') {
      const original = textIn(body, 'originalTransactionId');
      const entry = ledger.find(original);
      if (entry === undefined) return say('TRANSACTION_NOT_FOUND');
      if (rolledBack.has(original)) return say('ALREADY_ROLLED_BACK');
      rolledBack.add(original);
      const { receipt } = ledger.book(player, transactionId, -entry.cents);
      return ok({ transactionId, walletTransactionId: receipt });
    }
    const amount = centsOf(textIn(body, 'amount'));
    if (path === '/bet' && amount > ledger.cents(player)) return say('INSUFFICIENT_FUNDS');
    const { receipt } = ledger.book(player, transactionId, path === '/bet' ? -amount : amount);
    return ok({ transactionId, walletTransactionId: receipt });
  });
}
