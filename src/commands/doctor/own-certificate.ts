// The certificate the platform is shown, where the bridge itself speaks TLS.

import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { pairRefused, serverTlsOf, type Settings } from '../../settings.js';
import { fail, ok, warn, type Finding } from './finding.js';
import { daysUntil, soon } from './server-finding.js';

const about = 'certificate';

export function ownCertificate(settings: Settings, now: () => number): readonly Finding[] {
  const tls = serverTlsOf(settings);
  if (tls === undefined) return [];
  try {
    createSecureContext(tls);
    return [lastsUntil(new Date(new X509Certificate(tls.cert).validTo), now())];
  } catch (error) {
    return [fail(about, pairRefused(error))];
  }
}

function lastsUntil(end: Date, now: number): Finding {
  const left = daysUntil(end, now);
  const on = end.toISOString().slice(0, 10);
  if (left < 0) return fail(about, `the bridge’s own ended on ${on}: renew it, because the platform takes it no more`);
  const until = `the bridge’s own ends in ${left} days, on ${on}`;
  return left < soon ? warn(about, `${until}: renew it`) : ok(about, until);
}
