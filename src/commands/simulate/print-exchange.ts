// One exchange of the rehearsal, for people: in a line, or as it went over the wire. Whoever prints it masks
// the secrets.

import type { Exchanged } from '../../sandbox/sandbox.js';
import { summarize } from '../samples/verdict-summary.js';

export function exchangeLine({ title, note, reply }: Exchanged): string {
  const { call, subject, request, now } = note;
  const amount = 'player' in subject ? '' : ` ${(subject.leg.bet ?? subject.leg.win)?.toString() ?? ''}`;
  const asked = `${title}${amount}: ${request.method} ${request.path.split('?')[0] ?? ''}`;
  if (reply === undefined) return `${asked} → applied, and no answer`;
  const { outcome, result } = summarize(call.read(subject, request, reply, now).verdict);
  return `${asked} → ${reply.status}, ${outcome}${result === undefined || result === outcome ? '' : ` ${result}`}`;
}

export function exchangeLines({ title, note, reply }: Exchanged): string[] {
  const { request, call } = note;
  const { charset } = call.codecs.request;
  const asked = [
    `${request.method} ${request.path}`,
    ...Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`),
    ...(request.body === undefined ? [] : [charset.decode(request.body)]),
  ];
  const answered =
    reply === undefined
      ? ['no answer']
      : [
          `HTTP ${reply.status}`,
          ...Object.entries(reply.headers).map(([name, value]) => `${name}: ${value}`),
          charset.decode(reply.body),
        ];
  return [
    `      ${title}`,
    ...asked.map((line) => `        > ${line}`),
    ...answered.filter((line) => line !== '').map((line) => `        < ${line}`),
  ];
}
