// The ways a wallet knows who is calling, one row each: its keys, what every request carries, and what people
// see in place of that. What a row prepares is what is sent, and the very same is masked: a row that does not
// say how does not compile.

import { z } from 'zod';
import type { Credential } from '../../wallet/auth/credentials.js';
import { oneOf, secretName, strict, text, url } from './values.js';

/** The value of the secret that is named under this key. */
type SecretUnder = (key: string, name: string) => string;
type Written<Type extends string, Keys extends z.core.$ZodShape> = z.output<
  z.ZodObject<{ type: z.ZodLiteral<Type> } & Keys, z.core.$strict>
>;

interface AuthType<Type extends string, Keys extends z.core.$ZodShape> {
  readonly type: Type;
  /** What its name does not say. */
  readonly explained?: string;
  readonly keys: Keys;
  readonly credentials: (written: Written<Type, Keys>, secret: SecretUnder) => readonly Credential[];
}
const authType = <const Type extends string, Keys extends z.core.$ZodShape>(row: AuthType<Type, Keys>) => row;

const none = authType({ type: 'none', keys: {}, credentials: () => [] });

const bearer = authType({
  type: 'bearer',
  keys: { token: secretName.describe('The name of the secret that is sent as the bearer token.') },
  credentials: ({ token }, secret) => [
    {
      in: 'header',
      name: 'Authorization',
      scheme: 'Bearer ',
      hidden: secret('token', token),
      shown: `‹secret:${token}›`,
    },
  ],
});

const basic = authType({
  type: 'basic',
  keys: {
    username: secretName.describe('The name of the secret that is the user name.'),
    password: secretName.describe('The name of the secret that is the password.'),
  },
  credentials: ({ username, password }, secret) => [
    {
      in: 'header',
      name: 'Authorization',
      scheme: 'Basic ',
      hidden: base64(`${secret('username', username)}:${secret('password', password)}`),
      shown: `‹secret:${username}:${password}›`,
    },
  ],
});

const apiKey = authType({
  type: 'apiKey',
  keys: {
    in: oneOf(['header', 'query']).describe('Where the API key goes: header or query.'),
    name: z
      .string('the name of a header or parameter')
      .regex(/^[\w.~-]+$/, 'the name of a header or parameter')
      .describe('The name of that header or parameter.'),
    key: secretName.describe('The name of the secret that is the API key.'),
  },
  credentials: ({ in: place, name, key }, secret) => [
    { in: place, name, hidden: secret('key', key), shown: `‹secret:${key}›` },
  ],
});

const oauth2 = authType({
  type: 'oauth2',
  explained: 'client credentials',
  keys: {
    tokenUrl: url('that URL').describe('Where OAuth2 tokens are had, as a URL or { env: NAME }.'),
    clientId: secretName.describe('The name of the secret that is the client id.'),
    clientSecret: secretName.describe('The name of the secret that is the client secret.'),
    clientAuth: oneOf(['basic', 'body'])
      .default('basic')
      .describe('How the two are sent to tokenUrl: basic (as a header) or body.'),
    scope: text().optional().describe('The scope that is asked for.'),
    audience: text().optional().describe('The audience that is asked for.'),
  },
  credentials: () => [
    {
      in: 'header',
      name: 'Authorization',
      scheme: 'Bearer ',
      hidden: undefined,
      shown: '‹token of wallet.auth.tokenUrl›',
    },
  ],
});

export const tlsKeys = {
  cert: secretName.describe('The name of the secret that is the client certificate, as PEM.').optional(),
  key: secretName.describe('The name of the secret that is its private key, as PEM.').optional(),
  ca: secretName.describe('The name of the secret that is the wallet’s own certificate authority, as PEM.').optional(),
  passphrase: secretName.describe('The name of the secret that opens the private key.').optional(),
};

const mtls = authType({
  type: 'mtls',
  explained: 'a client certificate',
  keys: { ...tlsKeys, cert: tlsKeys.cert.unwrap(), key: tlsKeys.key.unwrap() },
  // The certificate is shown by the connection; a request carries nothing.
  credentials: () => [],
});

/** In the order in which people are told of them; a test holds that `auth` takes these and no other. */
export const authTypes = [none, bearer, basic, apiKey, oauth2, mtls] as const;
const types = `one of ${authTypes.map(({ type }) => type).join(', ')}`;
const titles = authTypes.map(({ type, explained }) => (explained === undefined ? type : `${type} (${explained})`));
const way = `The way: ${titles.slice(0, -1).join(', ')} or ${titles.slice(-1).join('')}.`;

/** As a file writes it, and with what it makes of the operator's secrets. */
function schemaOf<const Type extends string, Keys extends z.core.$ZodShape>(row: AuthType<Type, Keys>) {
  return strict({ type: z.literal(row.type, types).describe(way), ...row.keys }).transform((written) => ({
    ...written,
    credentials: (secret: SecretUnder) => row.credentials(written, secret),
  }));
}

export const auth = z
  .discriminatedUnion(
    'type',
    [schemaOf(none), schemaOf(bearer), schemaOf(basic), schemaOf(apiKey), schemaOf(oauth2), schemaOf(mtls)],
    `a map with a type: ${types}`,
  )
  .prefault({ type: 'none' })
  .describe('How the bridge identifies itself to the wallet.');

const base64 = (plain: string): string => Buffer.from(plain, 'utf8').toString('base64');
