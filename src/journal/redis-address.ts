// Where Redis is, read off a URL: one server, the master that Sentinels name, or a Cluster. Read here and not
// by the client, which takes the database "-1" for 0, a query for settings of its own, and puts the whole URL,
// password included, into its errors. One line says all of it, so that one secret holds all of it.

interface Access {
  readonly username?: string;
  readonly password?: string;
  readonly isEncrypted: boolean;
}

interface Host {
  readonly host: string;
  readonly port: number;
}

export type RedisAddress =
  | (Access & Host & { readonly form: 'single'; /** The database's number. */ readonly db: number })
  | (Access & {
      readonly form: 'sentinel';
      readonly sentinels: readonly Host[];
      /** The master's name among the Sentinels. */
      readonly name: string;
      readonly db: number;
      readonly sentinelUsername?: string;
      readonly sentinelPassword?: string;
    })
  | (Access & { readonly form: 'cluster'; readonly hosts: readonly Host[] });

interface Problem {
  /** A sentence without any part of the URL. */
  readonly problem: string;
}

const expected = {
  single: 'expected redis://user:password@host:port/number or rediss://… for TLS',
  sentinel: 'expected redis+sentinel://user:password@host1:26379,host2:26379/mymaster/number or rediss+sentinel://…',
  cluster: 'expected redis+cluster://user:password@host1:6379,host2:6379 or rediss+cluster://…',
};
const escapes = 'write # / ? % @ in a user or password as %23 %2F %3F %25 %40';
const shape = /^(rediss?)(?:\+(sentinel|cluster))?:\/\/(?:([^/?#]*)@)?([^/?#@]*)(\/[^?#]*)?(?:\?([^#]*))?(#.*)?$/s;
const usualPort = { single: 6379, sentinel: 26379, cluster: 6379 };

export function redisAddress(text: string): RedisAddress | Problem {
  const [, scheme, named, who = '', where = '', path = '', query, fragment] = shape.exec(text) ?? [];
  const form = named === 'sentinel' || named === 'cluster' ? named : 'single';
  if (scheme === undefined) return { problem: `not a URL of Redis; ${expected.single}; ${escapes}` };
  if (fragment !== undefined || (query !== undefined && form !== 'sentinel'))
    return { problem: `a ? or # in it; ${expected[form]}; ${escapes}` };
  const login = loginIn(who);
  if (login === undefined) return { problem: `a % in the user or password that escapes nothing; ${escapes}` };
  const hosts = where.split(',').map((one) => hostIn(one, usualPort[form]));
  const [first] = hosts;
  if (first === undefined || hosts.includes(undefined))
    return { problem: `a host that is none, or whose port is not 1 to 65535; ${expected[form]}; ${escapes}` };
  if (form === 'single' && hosts.length > 1)
    return { problem: `several hosts in it; ${expected.sentinel}; ${expected.cluster}` };
  const access = { ...login, isEncrypted: scheme === 'rediss' };
  const all = hosts.filter((host) => host !== undefined);
  const parts = path.split('/').slice(1);
  switch (form) {
    case 'single': {
      const db = databaseIn(parts);
      if (db === undefined)
        return { problem: `what follows the host is not the number of a database; ${expected.single}; ${escapes}` };
      return { form, ...access, ...first, db };
    }
    case 'sentinel': {
      const [name = '', ...rest] = parts;
      const db = databaseIn(rest);
      if (name === '' || db === undefined)
        return { problem: `no name of a master after the hosts, and then at most a database; ${expected.sentinel}` };
      const own = sentinelLoginIn(query);
      if (own === undefined)
        return { problem: 'behind the ? only sentinelUsername=… and sentinelPassword=…, joined by &, may stand' };
      return { form, ...access, sentinels: all, name, db, ...own };
    }
    case 'cluster':
      if (databaseIn(parts) !== 0)
        return { problem: `a database other than 0, which a Cluster has not; ${expected.cluster}` };
      return { form, ...access, hosts: all };
  }
}

/** "user:password", where either may be missing. */
function loginIn(who: string): { username?: string; password?: string } | undefined {
  const [, name = '', secret = ''] = /^([^:]*):?(.*)$/s.exec(who) ?? [];
  const [username, password] = [unescaped(name), unescaped(secret)];
  if (username === undefined || password === undefined) return undefined;
  return { ...(username !== '' && { username }), ...(password !== '' && { password }) };
}

function sentinelLoginIn(query = ''): { sentinelUsername?: string; sentinelPassword?: string } | undefined {
  const asked = new URLSearchParams(query);
  if ([...asked.keys()].some((name) => name !== 'sentinelUsername' && name !== 'sentinelPassword')) return undefined;
  const [sentinelUsername, sentinelPassword] = [asked.get('sentinelUsername'), asked.get('sentinelPassword')];
  return {
    ...(sentinelUsername !== null && { sentinelUsername }),
    ...(sentinelPassword !== null && { sentinelPassword }),
  };
}

function hostIn(text: string, usual: number): Host | undefined {
  const [, bracketed, plain, digits] = /^(?:\[([0-9a-fA-F:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = digits === undefined ? usual : Number(digits);
  return host === undefined || port < 1 || port > 65535 ? undefined : { host, port };
}

function databaseIn([digits = '', ...more]: readonly string[]): number | undefined {
  return /^\d{0,5}$/.test(digits) && more.length === 0 ? Number(digits) : undefined;
}

function unescaped(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
