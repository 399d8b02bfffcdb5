// A wallet of the Tom Horn kind: JSON whose `sign` is made of the values in their order, codes in the body,
// HTTP 200 always.

import { createHmac } from 'node:crypto';
import { centsOf, json, Ledger, majorOf, objectOf, serve, textIn, type Answer, type StandIn } from './stand-in.js';

export function startTomHorn(
  openings: Readonly<Record<string, bigint>>,
  key: string,
  partnerID: string,
): Promise<StandIn> {
  const ledger = new Ledger(openings);
  const rolledBack = new Set<string>();
  const code = (Code: number, Message: string): Answer => json({ Code, Message });

  return serve(ledger, ({ path, raw }) => {
    const written = raw.toString('utf8');
    const body = objectOf(JSON.parse(written));
    // The values as they stand on the wire: a number that is written back another way would be another sign.
    const values = [...written.matchAll(/"(\w+)":(?:"([^"\\]*)"|([\d.]+))/g)];
    const signed = values.filter(([, name]) => name !== 'sign').map(([, , text, number]) => text ?? number ?? '');
    const sign = createHmac('sha256', key).update(signed.join('')).digest('hex').toUpperCase();
    if (body['sign'] !== sign || body['partnerID'] !== partnerID) return code(3, 'invalid sign');
    const player = textIn(body, 'name');
    if (!ledger.knows(player)) return code(5, 'player not found');
    const balance = () => majorOf(ledger.cents(player));
    if (path === '/GetBalance') return json(`{"Code":0,"Balance":{"Amount":${balance()},"Currency":"EUR"}}`);

    const reference = textIn(body, 'reference');
    if (path === '/RollbackTransaction') {
      const entry = ledger.find(reference);
      if (entry === undefined) return code(12, 'unknown transaction');
      if (rolledBack.has(reference)) return code(9, 'already rolled back');
      rolledBack.add(reference);
      ledger.book(player, `rollback of ${reference}`, -entry.cents);
      return code(0, '');
    }
    if (path !== '/Withdraw' && path !== '/Deposit') return code(1, 'general error');
    if (ledger.find(reference) !== undefined) return code(11, 'duplicate reference');
    const amount = centsOf(String(body['amount']));
    if (path === '/Withdraw' && amount > ledger.cents(player)) return code(6, 'insufficient funds');
    const { receipt } = ledger.book(player, reference, path === '/Withdraw' ? -amount : amount);
    return json(
      `{"Code":0,"Message":"","Transaction":{"Balance":${balance()},"Currency":"EUR","ID":${receipt.slice(1)}}}`,
    );
  });
}
