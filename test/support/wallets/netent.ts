// A wallet of the NetEnt kind: SOAP at one URL, credentials first in every call, faults with HTTP 500, a bare
// fault with HTTP 200 for wrong credentials, and an empty body for what it stumbles over. It writes prefixes
// of its own.

import { centsOf, Ledger, majorOf, serve, type Answer, type StandIn } from './stand-in.js';

export function startNetent(
  openings: Readonly<Record<string, bigint>>,
  callerId: string,
  callerPassword: string,
): Promise<StandIn> {
  const ledger = new Ledger(openings);
  const undone = new Set<string>();
  const envelope = (content: string, status = 200): Answer => ({
    status,
    type: 'text/xml; charset=utf-8',
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body>${content}</S:Body></S:Envelope>`,
  });

  return serve(ledger, ({ headers, raw }) => {
    const text = raw.toString('utf8');
    const operation = /<(?:\w+:)?Body>\s*<(?:(\w+):)?(\w+)/.exec(text);
    const [, prefix = '', name = ''] = operation ?? [];
    const isOurs = text.includes(`xmlns:${prefix}="http://types.walletserver.casinomodule.com/3_0/"`);
    if (!isOurs || !String(headers['content-type']).startsWith('text/xml')) return envelope('');
    const field = (wanted: string): string => new RegExp(`<${wanted}>([^<]*)</${wanted}>`).exec(text)?.[1] ?? '';
    const done = (content: string): Answer =>
      envelope(
        `<ns3:${name}Response xmlns:ns3="http://types.walletserver.casinomodule.com/3_0/">${content}</ns3:${name}Response>`,
      );
    const detail = (code: number, more = ''): string =>
      `<ns2:${name}Fault xmlns:ns2="http://types.walletserver.casinomodule.com/3_0/"><errorCode>${code}</errorCode><message>error ${code}</message>${more}</ns2:${name}Fault>`;
    const fault = (code: number, more = ''): Answer =>
      envelope(
        `<S:Fault><faultcode>S:Server</faultcode><faultstring>error</faultstring><detail>${detail(code, more)}</detail></S:Fault>`,
        500,
      );

    if (!text.includes(`<callerId>${callerId}</callerId><callerPassword>${callerPassword}</callerPassword>`))
      return envelope(detail(5));
    const player = field('playerName');
    if (!ledger.knows(player)) return name === 'rollbackTransaction' ? done('') : fault(7);
    const balance = (): string => `<balance>${majorOf(ledger.cents(player))}</balance>`;
    const reference = field('transactionRef');
    switch (name) {
      case 'getBalance':
        return done(balance());
      case 'withdraw':
      case 'deposit': {
        if (field('currency') !== 'EUR') return envelope(detail(2));
        const amount = centsOf(field('amount'));
        const entry = ledger.find(reference);
        if (entry === undefined && name === 'withdraw' && amount > ledger.cents(player)) return fault(1, balance());
        const { receipt } = entry ?? ledger.book(player, reference, name === 'withdraw' ? -amount : amount);
        return done(`${balance()}<transactionId>${receipt}</transactionId>`);
      }
      case 'rollbackTransaction': {
        const entry = ledger.find(reference);
        if (entry !== undefined && !undone.has(reference)) {
          undone.add(reference);
          ledger.book(player, `rollback of ${reference}`, -entry.cents);
        }
        return done('');
      }
      default:
        return { type: 'text/xml', body: '' };
    }
  });
}
