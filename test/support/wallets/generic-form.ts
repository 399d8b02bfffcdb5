// A plain form wallet as the generic form preset expects it: one URL, a command, a sign over the sorted
// fields, answers as forms.

import { createHmac } from 'node:crypto';
import { centsOf, Ledger, majorOf, serve, type Answer, type StandIn } from './stand-in.js';

export function startGenericForm(
  openings: Readonly<Record<string, bigint>>,
  key: string,
  merchant: string,
): Promise<StandIn> {
  const ledger = new Ledger(openings);
  const cancelled = new Set<string>();
  const say = (fields: Readonly<Record<string, string>>): Answer => ({
    type: 'application/x-www-form-urlencoded',
    body: new URLSearchParams(fields).toString(),
  });

  return serve(ledger, ({ path, headers, raw }) => {
    const body = new URLSearchParams(raw.toString('utf8'));
    body.sort();
    const sign = createHmac('sha256', key).update(body.toString()).digest('hex');
    if (headers['x-signature'] !== sign || body.get('merchant') !== merchant) return say({ result: 'bad_signature' });
    const field = (name: string): string => body.get(name) ?? '';
    const player = field('player');
    if (path !== '/wallet' || !ledger.knows(player)) return say({ result: 'no_player' });
    const transaction = field('transaction');
    const ok = (receipt?: string): Answer =>
      say({
        result: 'ok',
        balance: majorOf(ledger.cents(player)),
        ...(receipt === undefined ? {} : { transaction, receipt }),
      });
    const known = ledger.find(transaction);
    if (known !== undefined) return ok(known.receipt);
    switch (field('command')) {
      case 'balance':
        return ok();
      case 'debit':
        if (centsOf(field('amount')) > ledger.cents(player)) return say({ result: 'no_money' });
        return ok(ledger.book(player, transaction, -centsOf(field('amount'))).receipt);
      case 'credit':
        return ok(ledger.book(player, transaction, centsOf(field('amount'))).receipt);
      case 'cancel': {
        const original = ledger.find(field('cancels'));
        if (original === undefined) return say({ result: 'unknown_transaction' });
        if (cancelled.has(original.id)) return say({ result: 'already_cancelled' });
        cancelled.add(original.id);
        return ok(ledger.book(player, transaction, -original.cents).receipt);
      }
      default:
        return say({ result: 'failure' });
    }
  });
}
