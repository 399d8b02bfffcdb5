// A server that an operator file names: whether it is there, and how long its certificate lasts.

import type { SecureContext } from 'node:tls';
import { lookAtServer } from '../../wallet/look-at-server.js';
import { fail, ok, warn, type Finding } from './finding.js';

const day = 86_400_000;
/** Days a certificate must last, or somebody is to see to it. */
export const soon = 21;

/** Whole days from an instant (epoch ms); negative once it has ended. */
export const daysUntil = (end: Date, now: number): number => Math.floor((end.getTime() - now) / day);

const cures: readonly (readonly [RegExp, string])[] = [
  [/^name not resolved$/, 'check the name in the file, and that this machine’s DNS knows it'],
  [
    /^TLS: the certificate (?:has expired|is not valid yet)$/,
    'have its owner renew it, and check this machine’s clock',
  ],
  [
    /^TLS: .*(?:trusted|another name)/,
    'name its authority in wallet.tls, or the server by the name in its certificate',
  ],
  [/^TLS/, 'check what speaks TLS there, and wallet.tls'],
  [/timeout$/, 'check that a firewall lets this machine through'],
];

export async function serverFinding(
  about: string,
  url: URL,
  now: () => number,
  secureContext?: SecureContext,
): Promise<Finding> {
  const look = await lookAtServer(url, secureContext);
  if (look.kind === 'failed') {
    const cure =
      cures.find(([reason]) => reason.test(look.because))?.[1] ?? 'check that it runs, and the file’s address';
    return fail(about, `${url.origin} cannot be reached (${look.because}): ${cure}`);
  }
  if (look.certificateEnds === undefined) return ok(about, `${url.origin} is reached, without TLS`);
  const left = daysUntil(look.certificateEnds, now());
  const until = `its certificate ends in ${left} days, on ${look.certificateEnds.toISOString().slice(0, 10)}`;
  return left < soon
    ? warn(about, `${url.origin} is reached, and ${until}: have its owner renew it`)
    : ok(about, `${url.origin} is reached; ${until}`);
}
