// A wallet of the SOFTSWISS kind: signed JSON, a list of actions executed in order, a tombstone for a
// rollback of what it never saw.

import { createHmac } from 'node:crypto';
import { json, Ledger, objectOf, serve, textIn, wholeIn, type Answer, type Fields, type StandIn } from './stand-in.js';

export function startSoftswiss(openings: Readonly<Record<string, bigint>>, token: string): Promise<StandIn> {
  const ledger = new Ledger(openings);
  const rolledBack = new Map<string, string>();
  const fail = (status: number, code: number, more: Fields = {}): Answer =>
    json({ code, message: `error ${code}`, ...more }, status);
  const done = (action_id: string, tx_id: string) => ({ action_id, tx_id, processed_at: '2026-01-31T12:00:00Z' });

  function play(player: string, actions: readonly Fields[]): Answer | readonly Fields[] {
    const fresh = actions.filter((action) => {
      const id = textIn(action, 'action_id');
      return ledger.find(id) === undefined && !rolledBack.has(id);
    });
    // As in the field, the running sum counts wins too: only with the bets first it is the check it should
    // be.
    let left = ledger.cents(player);
    for (const action of fresh) {
      left += textIn(action, 'action') === 'bet' ? -wholeIn(action, 'amount') : wholeIn(action, 'amount');
      if (left < 0n) return fail(412, 100, { balance: Number(ledger.cents(player)) });
    }
    return actions.map((action) => {
      const id = textIn(action, 'action_id');
      if (rolledBack.has(id)) return done(id, rolledBack.get(id) ?? '');
      const sign = textIn(action, 'action') === 'bet' ? -1n : 1n;
      const entry = ledger.find(id) ?? ledger.book(player, id, sign * wholeIn(action, 'amount'));
      return done(id, entry.receipt);
    });
  }

  function rollback(player: string, actions: readonly Fields[]): readonly Fields[] {
    return actions.map((action) => {
      const [id, original] = [textIn(action, 'action_id'), textIn(action, 'original_action_id')];
      const earlier = rolledBack.get(original);
      if (earlier !== undefined) return done(id, earlier);
      const entry = ledger.find(original);
      const receipt = entry === undefined ? '' : ledger.book(player, id, -entry.cents).receipt;
      rolledBack.set(original, receipt);
      return done(id, receipt);
    });
  }

  return serve(ledger, ({ path, headers, raw }) => {
    if (headers['x-request-sign'] !== createHmac('sha256', token).update(raw).digest('hex')) return fail(403, 403);
    const body = objectOf(JSON.parse(raw.toString('utf8')));
    const player = textIn(body, 'user_id');
    if (!ledger.knows(player)) return fail(400, 101);
    if (body['currency'] !== 'EUR') return fail(400, 154);
    const actions = Array.isArray(body['actions']) ? body['actions'].map(objectOf) : [];
    if (path === '/play' && actions.length === 0) return json({ balance: Number(ledger.cents(player)) });
    const transactions = path === '/play' ? play(player, actions) : rollback(player, actions);
    if ('body' in transactions) return transactions;
    return json({ balance: Number(ledger.cents(player)), game_id: textIn(body, 'game_id'), transactions });
  });
}
