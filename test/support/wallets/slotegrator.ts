// A wallet of the Slotegrator kind: forms at one URL, a sign over body and headers as PHP makes it, JSON with
// HTTP 200 always, one word for nearly everything that goes wrong, and sessions it must have opened itself.

import { createHmac } from 'node:crypto';
import { centsOf, json, Ledger, majorOf, serve, type Answer, type StandIn } from './stand-in.js';

const signedHeaders = ['X-Merchant-Id', 'X-Timestamp', 'X-Nonce'];

export function startSlotegrator(
  openings: Readonly<Record<string, bigint>>,
  key: string,
  merchantID: string,
): Promise<StandIn> {
  const ledger = new Ledger(openings);
  const undone = new Map<string, string>();
  const internal = (error_description: string): Answer => json({ error_code: 'INTERNAL_ERROR', error_description });

  return serve(ledger, ({ headers, raw }) => {
    const pairs = [...new URLSearchParams(raw.toString('utf8'))];
    const headerOf = (name: string): string => String(headers[name.toLowerCase()]);
    if (
      headerOf('X-Sign') !== phpSign([...pairs, ...signedHeaders.map((name) => [name, headerOf(name)] as const)], key)
    )
      return internal('wrong sign');
    if (headerOf('X-Merchant-Id') !== merchantID || !/^[\da-f]{32}$/.test(headerOf('X-Nonce')))
      return internal('wrong merchant or nonce');
    const body = new Map(pairs);
    const field = (name: string): string => {
      const value = body.get(name);
      if (value === undefined || value === '') throw new Error(`no ${name}`);
      return value;
    };
    const player = field('player_id');
    if (!ledger.knows(player)) return internal('unknown player');
    if (field('session_id') !== `session-${player}`) return internal('unknown session');
    const balance = (): string => majorOf(ledger.cents(player)).replace(/\.?0+$/, '');
    const ok = (transaction_id: string, more = ''): Answer =>
      json(`{"balance":${balance()},"transaction_id":"${transaction_id}"${more}}`);
    if (field('action') === 'balance') return json(`{"balance":${balance()}}`);

    const id = `${field('action')} ${field('transaction_id')}`;
    const known = ledger.find(id);
    if (known !== undefined) return ok(known.receipt);
    if (!/^[\da-f]{32}$/.test(field('game_uuid'))) return internal('unknown game');
    switch (field('action')) {
      case 'bet': {
        const amount = centsOf(field('amount'));
        if (amount > ledger.cents(player)) return json({ error_code: 'INSUFFICIENT_FUNDS', error_description: '' });
        return ok(ledger.book(player, id, -amount).receipt);
      }
      case 'win':
        return ok(ledger.book(player, id, centsOf(field('amount'))).receipt);
      case 'refund': {
        const bet = `bet ${field('bet_transaction_id')}`;
        const earlier = undone.get(bet);
        if (earlier !== undefined) return ok(earlier);
        const entry = ledger.find(bet);
        if (entry === undefined) return ok('none');
        if (entry.cents !== -centsOf(field('amount'))) return internal('another amount');
        const { receipt } = ledger.book(player, id, -entry.cents);
        undone.set(bet, receipt);
        return ok(receipt);
      }
      case 'rollback': {
        const original = `${field('rollback_transactions[0][action]')} ${field('rollback_transactions[0][transaction_id]')}`;
        const entry = ledger.find(original);
        const ids = `,"rollback_transactions":["${field('rollback_transactions[0][transaction_id]')}"]`;
        if (entry === undefined || undone.has(original)) return ok(undone.get(original) ?? 'none', ids);
        const { receipt } = ledger.book(player, id, -entry.cents);
        undone.set(original, receipt);
        return ok(receipt, ids);
      }
      default:
        return internal('unknown action');
    }
  });
}

/** ksort by the top-level names, http_build_query, HMAC-SHA1. */
function phpSign(pairs: readonly (readonly [string, string])[], key: string): string {
  const top = (name: string): string => name.replace(/\[.*$/, '');
  const sorted = pairs.toSorted(([a], [b]) => (top(a) < top(b) ? -1 : top(a) > top(b) ? 1 : 0));
  const encoded = (text: string): string =>
    encodeURIComponent(text)
      .replaceAll('%20', '+')
      .replace(/[!'()*~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  const query = sorted.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&');
  return createHmac('sha1', key).update(query).digest('hex');
}
