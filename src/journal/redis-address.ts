// Where Redis is, read off a URL. Read here and not by the client, which takes the database "-1" for 0, a query
// for settings of its own, and puts the whole URL, password included, into its errors.

export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
  /** The database's number. */
  readonly db: number;
  readonly isEncrypted: boolean;
}

const expected = 'expected redis://user:password@host:port/number or rediss://… for TLS';
const escapes = 'write # / ? % @ in a user or password as %23 %2F %3F %25 %40';

/** `problem`: a sentence without any part of the URL. */
export function redisAddress(text: string): RedisAddress | { readonly problem: string } {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^rediss?:$/.test(url.protocol))
    return { problem: `not a URL of Redis; ${expected}; ${escapes}` };
  if (url.search !== '' || url.hash !== '' || /[?#]/.test(text))
    return { problem: `a ? or # in it; ${expected}; ${escapes}` };
  const { hostname, pathname } = url;
  if (hostname === '') return { problem: `no host in it; ${expected}` };
  if (url.port === '0') return { problem: 'the port is 0; expected 1 to 65535, or none for 6379' };
  const [, db = '0'] = /^\/?(\d{0,5})$/.exec(pathname) ?? [];
  if (!/^\/?\d{0,5}$/.test(pathname))
    return { problem: `what follows the host is not the number of a database; ${expected}; ${escapes}` };
  const [username, password] = [unescaped(url.username), unescaped(url.password)];
  if (username === undefined || password === undefined)
    return { problem: `a % in the user or password that escapes nothing; ${escapes}` };
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port === '' ? 6379 : url.port),
    ...(username !== '' && { username }),
    ...(password !== '' && { password }),
    db: Number(db),
    isEncrypted: url.protocol === 'rediss:',
  };
}

function unescaped(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
