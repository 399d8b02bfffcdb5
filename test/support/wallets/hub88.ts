// A wallet of the Hub88 kind: signatures over the body as it would write it itself, amounts × 100000, a
// session checked for bets and balances, the same answer to the same transaction, RS_OK to a rollback of what
// it never saw.

import { createVerify } from 'node:crypto';
import { json, Ledger, objectOf, serve, textIn, wholeIn, type Answer, type Fields, type StandIn } from './stand-in.js';

const anyUuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
const uuid = /^[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
/** What makes a transaction another one, under the same id. */
const content = ['user', 'round', 'amount', 'currency', 'game_code', 'reference_transaction_uuid'];

export function startHub88(openings: Readonly<Record<string, bigint>>, publicKey: string): Promise<StandIn> {
  const ledger = new Ledger(openings);
  const requests = new Map<string, string>();
  const undone = new Set<string>();

  function signed(raw: Buffer, signature: string): boolean {
    const rewritten = JSON.stringify(JSON.parse(raw.toString('utf8')));
    return createVerify('RSA-SHA256').update(rewritten).verify(publicKey, signature, 'base64');
  }

  function move(body: Fields, kind: 'bet' | 'win'): string {
    const [user, id] = [textIn(body, 'user'), textIn(body, 'transaction_uuid')];
    const said = JSON.stringify(content.map((name) => body[name]));
    if (ledger.find(id) !== undefined) return requests.get(id) === said ? 'RS_OK' : 'RS_ERROR_DUPLICATE_TRANSACTION';
    const scaled = wholeIn(body, 'amount');
    if (!uuid.test(id) || scaled % 1000n !== 0n) return 'RS_ERROR_WRONG_TYPES';
    if (body['currency'] !== 'EUR') return 'RS_ERROR_WRONG_CURRENCY';
    const cents = scaled / 1000n;
    if (kind === 'bet') {
      if (cents > ledger.cents(user)) return 'RS_ERROR_NOT_ENOUGH_MONEY';
    } else {
      const bet = body['reference_transaction_uuid'];
      if (typeof bet !== 'string' || ledger.find(bet) === undefined || undone.has(bet))
        return 'RS_ERROR_TRANSACTION_DOES_NOT_EXIST';
    }
    ledger.book(user, id, kind === 'bet' ? -cents : cents);
    requests.set(id, said);
    return 'RS_OK';
  }

  function rollBack(body: Fields): string {
    const [user, original] = [textIn(body, 'user'), textIn(body, 'reference_transaction_uuid')];
    const entry = ledger.find(original);
    if (entry === undefined || undone.has(original)) return 'RS_OK';
    if ('amount' in body) return 'RS_ERROR_WRONG_SYNTAX';
    undone.add(original);
    ledger.book(user, textIn(body, 'transaction_uuid'), -entry.cents);
    return 'RS_OK';
  }

  return serve(ledger, ({ path, headers, raw }) => {
    const body = objectOf(JSON.parse(raw.toString('utf8')));
    const user = textIn(body, 'user');
    const say = (status: string): Answer => {
      const balance = ['RS_OK', 'RS_ERROR_NOT_ENOUGH_MONEY'].includes(status)
        ? { currency: 'EUR', balance: Number(ledger.cents(user) * 1000n) }
        : {};
      return json({ user, status, request_uuid: body['request_uuid'], ...balance });
    };
    if (!signed(raw, String(headers['x-hub88-signature']))) return say('RS_ERROR_INVALID_SIGNATURE');
    if (!anyUuid.test(textIn(body, 'request_uuid'))) return say('RS_ERROR_WRONG_TYPES');
    if (!ledger.knows(user)) return say('RS_ERROR_INVALID_TOKEN');
    const welcome = body['token'] === `session-${user}`;
    switch (path) {
      case '/user/balance':
        return say(welcome ? 'RS_OK' : 'RS_ERROR_INVALID_TOKEN');
      case '/transaction/bet':
        return say(welcome ? move(body, 'bet') : 'RS_ERROR_INVALID_TOKEN');
      case '/transaction/win':
        return say(move(body, 'win'));
      default:
        return say(path === '/transaction/rollback' ? rollBack(body) : 'RS_ERROR_UNKNOWN');
    }
  });
}
