// The credentials every request of an operator carries, prepared once at load. They are secrets: nothing here may be logged.

export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** A header that is put on when the request is sent, so that no mapping may set it. */
  readonly later?: string;
}

export type Auth =
  | { readonly type: 'none' }
  | { readonly type: 'bearer'; readonly token: string }
  | { readonly type: 'basic'; readonly username: string; readonly password: string }
  | { readonly type: 'apiKey'; readonly in: 'header' | 'query'; readonly name: string; readonly key: string }
  | { readonly type: 'oauth2' }
  | { readonly type: 'mtls' };

/** `secret` gives the value of the secret that is named under this key. */
export function credentialsOf(auth: Auth, secret: (key: string, name: string) => string): Credentials {
  switch (auth.type) {
    case 'none':
    case 'mtls':
      return { headers: {}, query: {} };
    case 'oauth2':
      return { headers: {}, query: {}, later: 'Authorization' };
    case 'bearer':
      return { headers: { Authorization: `Bearer ${secret('token', auth.token)}` }, query: {} };
    case 'basic': {
      const pair = `${secret('username', auth.username)}:${secret('password', auth.password)}`;
      return { headers: { Authorization: `Basic ${Buffer.from(pair, 'utf8').toString('base64')}` }, query: {} };
    }
    case 'apiKey': {
      const own = { [auth.name]: secret('key', auth.key) };
      return auth.in === 'header' ? { headers: own, query: {} } : { headers: {}, query: own };
    }
  }
}
