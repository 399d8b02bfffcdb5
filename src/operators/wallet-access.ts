// As whom a wallet is called: credentials in the request, access tokens, certificates. All material comes
// from secrets, and what is wrong with it is found when the file is loaded, not by the first player. No
// message repeats any of it.

import { X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import { carried, type Credential } from '../wallet/auth/credentials.js';
import type { OAuth2Client } from '../wallet/auth/oauth2.js';
import type { SecretAt } from './agents-of.js';
import { urlOf } from './base-url.js';
import type { Report } from '../yaml/diagnostics.js';
import type { OperatorFile } from './schema/operator-file.js';
import { isStandIn, type Surroundings } from './secrets.js';
import type { Path } from '../yaml/tree.js';

export interface WalletAccess {
  readonly credentials: readonly Credential[];
  readonly oauth2?: OAuth2Client | undefined;
  readonly secureContext?: SecureContext | undefined;
}

type Tls = NonNullable<OperatorFile['wallet']['tls']>;
const authPath = ['wallet', 'auth'];

/** Reports what is missing or unusable; then the access is incomplete. */
export function walletAccess(
  { wallet: { auth, tls } }: OperatorFile,
  baseUrl: URL | undefined,
  surroundings: Surroundings,
  secretAt: SecretAt,
  report: Report,
): WalletAccess {
  const secret = (key: string, name: string): string => secretAt([...authPath, key], name) ?? '';
  const credentials = auth.credentials(secret);
  if (Object.values(carried(credentials).headers).some((value) => /[^\t\x20-\x7e\x80-\xff]/.test(value)))
    report(authPath, 'the secret holds a line break or another character a header cannot carry; expected plain text');
  if (auth.type === 'mtls' && tls !== undefined)
    report(['wallet', 'tls'], 'auth of type mtls says this already; expected one of the two');

  const [path, written] = auth.type === 'mtls' ? [authPath, auth] : [['wallet', 'tls'], tls];
  return {
    credentials,
    oauth2: auth.type === 'oauth2' ? oauth2Client(auth, surroundings, secret, report) : undefined,
    secureContext: written && contextOf(path, written, baseUrl, secretAt, report),
  };
}

function oauth2Client(
  {
    tokenUrl,
    clientId,
    clientSecret,
    clientAuth,
    scope,
    audience,
  }: Extract<OperatorFile['wallet']['auth'], { type: 'oauth2' }>,
  surroundings: Surroundings,
  secret: (key: string, name: string) => string,
  report: Report,
): OAuth2Client | undefined {
  const url = urlOf([...authPath, 'tokenUrl'], tokenUrl, 'token endpoint', surroundings, report);
  const named = { clientId: secret('clientId', clientId), clientSecret: secret('clientSecret', clientSecret) };
  return url && { tokenUrl: url, ...named, clientAuth, scope, audience };
}

function contextOf(
  path: Path,
  { cert, key, ca, passphrase }: Tls,
  baseUrl: URL | undefined,
  secretAt: SecretAt,
  report: Report,
): SecureContext | undefined {
  if ((cert === undefined) !== (key === undefined))
    report(path, 'a certificate is shown with its key; expected both cert and key, or neither');
  if (baseUrl?.protocol === 'http:')
    report(path, 'certificates are of no use on a way without TLS; expected an https:// baseUrl');
  const names = Object.entries({ cert, key, ca, passphrase }).filter(([, name]) => name !== undefined);
  const values = names.map(([which, name = '']) => {
    const value = secretAt([...path, which], name);
    return [which, value === undefined || isStandIn(name, value) ? undefined : value] as const;
  });
  // What is not set was reported, and a stand-in is no certificate.
  if (values.some(([, value]) => value === undefined)) return undefined;
  try {
    const material: Record<string, string | undefined> = Object.fromEntries(values);
    // An authority that cannot be read is skipped without a word, and then nobody is trusted.
    if (material['ca'] !== undefined) new X509Certificate(material['ca']);
    return createSecureContext(material);
  } catch {
    report(
      path,
      'cannot be used; expected PEM text: a certificate with the key that belongs to it, an authority, the passphrase where the key has one',
    );
    return undefined;
  }
}
