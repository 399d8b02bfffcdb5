// One exchange of the rehearsal as it went over the wire, for people. Whoever prints it masks the secrets.

import type { Exchanged } from './sandbox.js';

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
