// A wallet of the Play'n GO kind: XML named after the operation, a static token in the body, HTTP 200 always,
// and a cancel without an id for what it does not know.

import { centsOf, Ledger, majorOf, serve, type Answer, type StandIn } from './stand-in.js';

export function startPlayngo(
  openings: Readonly<Record<string, bigint>>,
  accessToken: string,
  productId: string,
): Promise<StandIn> {
  const ledger = new Ledger(openings);
  const cancelled = new Map<string, string>();

  return serve(ledger, ({ path, raw }) => {
    const text = raw.toString('utf8');
    const name = path.slice(1);
    const field = (wanted: string): string => new RegExp(`<${wanted}>([^<]*)</${wanted}>`).exec(text)?.[1] ?? '';
    const say = (code: number, content = ''): Answer => ({
      type: 'application/xml',
      body: `<${name}>${content}<statusCode>${code}</statusCode><statusMessage>text</statusMessage></${name}>`,
    });
    if (!new RegExp(`^(<\\?xml[^>]*>)?<${name}>`).test(text)) return say(2);
    if (field('accessToken') !== accessToken || field('productId') !== productId) return say(4);
    const player = field('externalId');
    if (!ledger.knows(player)) return say(1);
    if (field('externalGameSessionId') !== `session-${player}`) return say(4);
    const real = (): string => `<real>${majorOf(ledger.cents(player))}</real><currency>EUR</currency>`;
    const moved = (receipt: string): Answer =>
      say(0, `<externalTransactionId>${receipt}</externalTransactionId>${real()}`);
    if (name === 'balance') return say(0, real());

    const id = field('transactionId');
    const amount = centsOf(field('real'));
    const entry = ledger.find(`${name} ${id}`);
    switch (name) {
      case 'reserve':
        if (entry !== undefined) return moved(entry.receipt);
        if (amount > ledger.cents(player)) return say(7, real());
        return moved(ledger.book(player, `${name} ${id}`, -amount).receipt);
      case 'release':
        return moved((entry ?? ledger.book(player, `${name} ${id}`, amount)).receipt);
      case 'cancelReserve': {
        const reserve = ledger.find(`reserve ${id}`);
        const receipt =
          cancelled.get(id) ?? (reserve && ledger.book(player, `cancel ${id}`, -reserve.cents).receipt) ?? '';
        if (receipt !== '') cancelled.set(id, receipt);
        return say(0, `<externalTransactionId>${receipt}</externalTransactionId>`);
      }
      default:
        return say(2);
    }
  });
}
