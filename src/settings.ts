// The process's own settings: environment only. Everything about money is in the operators' files.
// Longer than other files, because each setting stands once: with what it may be, its default and its sentence.

import { z } from 'zod';
import { fileText, NotText } from './codecs/file-text.js';
import { isLoopback, readAddresses } from './http/addresses.js';
import { isGuarded, type AdminAccess } from './http/admin-guard.js';
import { usual } from './http/server.js';
import { redisAddress } from './journal/redis-address.js';
import { acceptable, type Accepted } from './journal/start-checks.js';
import { levels, logFormats } from './observe/log.js';
import { duration } from './operators/schema/values.js';

const whole = (least: number, most: number) => {
  const expected = `expected a whole number from ${least} to ${most}`;
  const text = z.string().regex(/^\d{1,9}$/, expected);
  return text.transform(Number).pipe(z.number().min(least, expected).max(most, expected));
};
const port = whole(0, 65535);
const text = z.string().min(1, 'expected a text');

function pemIn(file: string): { readonly text: string } | { readonly problem: string } {
  try {
    const read = fileText(file);
    if (read.includes('-----BEGIN ')) return { text: read };
    return { problem: 'the file holds no PEM; expected a text with -----BEGIN … in it' };
  } catch (error) {
    return { problem: error instanceof NotText ? error.message : 'the file cannot be read' };
  }
}

/** The text of a file of certificates or keys. */
const pem = text.transform((file, context) => {
  const read = pemIn(file);
  if ('text' in read) return read.text;
  context.addIssue(read.problem);
  return z.NEVER;
});
const longestDelay = 600_000;
const delayExpected = 'expected 0, or a duration such as 500ms or 5s, of ten minutes at most';
/** In milliseconds. */
const delay = z
  .union([z.literal('0').transform(Number), duration], delayExpected)
  .refine((ms) => ms <= longestDelay, delayExpected);
/** Such a file that is read again while the bridge runs. */
const pemFile = text.superRefine((file, context) => {
  const read = pemIn(file);
  if ('problem' in read) context.addIssue(read.problem);
});
const addresses = text.transform((list, context) => {
  const read = readAddresses(list);
  if (read !== undefined) return read;
  context.addIssue('expected addresses and networks, joined by commas, such as 203.0.113.7, 10.0.0.0/8, 2001:db8::/32');
  return z.NEVER;
});
const token = z
  .string()
  .regex(/^[!-~]{16,}$/, 'expected 16 or more characters without spaces, such as openssl rand -hex 32 makes');
const names = text.transform((list) => list.split(',').map((name) => name.trim().toLowerCase()));
const isAccepted = (word: string): word is Accepted => acceptable.some((one) => one === word);
const accepted = text.transform((list, context) => {
  const words = list.split(',').map((word) => word.trim());
  if (words.every(isAccepted)) return words;
  context.addIssue(`expected words of ${acceptable.join(', ')}, joined by commas`);
  return z.NEVER;
});

const schema = z.object({
  PORT: port.default(8080).describe('the port the platform calls'),
  HOST: text.default('0.0.0.0').describe('the address it listens on'),
  ALLOW_FROM: addresses.optional().describe('who may call that port: addresses and networks; without it everybody may'),
  TRUSTED_PROXIES: addresses
    .optional()
    .describe('the proxies before it, whose X-Forwarded-For says who calls; addresses and networks'),
  TLS_CERT_FILE: pemFile.optional().describe('a file with its certificate, and those it rests on: it then speaks TLS'),
  TLS_KEY_FILE: pemFile.optional().describe('a file with the key of that, without a passphrase'),
  MOST_CONNECTIONS: whole(1, 1_000_000)
    .default(usual.mostConnections)
    .describe('how many connections it takes at once'),
  KEEP_ALIVE_SECONDS: whole(1, 3600)
    .default(usual.keepIdleFor)
    .describe('how long it keeps a connection nobody uses: longer than the proxy before it'),
  KEEP_ALIVE_REQUESTS: whole(0, 1_000_000)
    .default(usual.mostRequests)
    .describe('after how many requests it closes a connection; 0: after none'),
  ADMIN_PORT: port.default(9090).describe('the port of /metrics, /healthz, /readyz, /sessions and /console'),
  ADMIN_HOST: text.default('127.0.0.1').describe('the address the admin port listens on'),
  ADMIN_TOKEN: token.optional().describe('what opens all of it, as Authorization: Bearer; needed beyond this machine'),
  ADMIN_TOKEN_FILE: text.optional().describe('a file that holds it, read at the start'),
  ADMIN_VIEWER_TOKEN: token.optional().describe('what opens /metrics, and the console to look at'),
  ADMIN_VIEWER_TOKEN_FILE: text.optional().describe('a file that holds that, read at the start'),
  ADMIN_NAMES: names
    .optional()
    .describe('by which names it may be asked besides localhost, where ADMIN_HOST is this machine alone'),
  BASE_PATH: z
    .string()
    .regex(/^(\/[\w.~-]+)*$/, 'must be empty or a path such as /WalletService, without a slash at its end')
    .default('/WalletService')
    .describe('what stands before the five callback names'),
  PLATFORM_PORT: port.optional().describe('the port the operators’ own sites call; without it there is none'),
  PLATFORM_HOST: z.string().min(1).default('127.0.0.1').describe('the address that port listens on'),
  PLATFORM_ON_PUBLIC: z
    .enum(['0', '1'], 'must be 0 or 1')
    .default('0')
    .describe('1: sites may call the port of the callbacks, too, which everybody reaches'),
  REDIS_URL: z
    .string()
    .superRefine((url, context) => {
      const address = redisAddress(url);
      // The whole value may be a password in the wrong place: nothing of it is printed.
      if ('problem' in address) context.addIssue({ code: 'custom', message: address.problem });
    })
    .optional()
    .describe('the journal; without it a journal in memory, which a restart forgets, and which production refuses'),
  REDIS_URL_FILE: text.optional().describe('a file that holds REDIS_URL, for a URL with a password; read at the start'),
  REDIS_TLS_CA_FILE: pem.optional().describe('a file with the authorities of Redis’ certificates, for rediss…://'),
  REDIS_TLS_CERT_FILE: pem.optional().describe('a file with the certificate Redis wants of the bridge'),
  REDIS_TLS_KEY_FILE: pem.optional().describe('a file with its key'),
  REDIS_ACCEPT: accepted
    .optional()
    .describe(
      `what a Redis may lack that production else refuses: ${acceptable.join(', ')}; see config/deploy/redis.md`,
    ),
  REDIS_WAIT_REPLICAS: whole(0, 16)
    .default(0)
    .describe('how many replicas of Redis must have a write before it counts as done'),
  OPERATORS_DIR: text.default('config/operators').describe('the directory of the operators’ YAML files'),
  TOLERATE_BROKEN: z
    .enum(['0', '1'], 'expected 1, or 0 for the default')
    .default('0')
    .describe('1: operator files with mistakes keep no other operator from being served; their agents get code 4'),
  DRAIN_DELAY: delay
    .default(0)
    .describe('how long callbacks are still taken after SIGTERM, until whoever spreads them has seen /readyz'),
  LOG_LEVEL: z
    .enum(levels, `expected one of ${levels.join(', ')}`)
    .default('info')
    .describe('what is logged'),
  LOG_FORMAT: z
    .enum(logFormats, `expected one of ${logFormats.join(', ')}`)
    .default('json')
    .describe('pretty: lines for somebody at a terminal, instead of one JSON object each'),
  NODE_ENV: z
    .string()
    .optional()
    .describe(
      'production: no journal in memory, and no Redis that may lose or evict records, or that holds no journal yet',
    ),
});

export type Settings = z.infer<typeof schema>;

const together = [
  ['REDIS_TLS_CERT_FILE', 'REDIS_TLS_KEY_FILE'],
  ['TLS_CERT_FILE', 'TLS_KEY_FILE'],
] as const;

/**
 * Reads the settings; the sentences say which variable is wrong and what it must be, and repeat nothing of it. An
 * empty variable counts as unset. Who `listens` to nobody has no port that must be guarded.
 */
export function readSettings(
  env: NodeJS.ProcessEnv,
  { listens = true } = {},
): { settings: Settings } | { problems: string[] } {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const fromFiles = valuesInFiles(given);
  if ('problem' in fromFiles) return { problems: [fromFiles.problem] };
  const { values } = fromFiles;
  const read = schema.safeParse({ ...given, ...values });
  if (!read.success) {
    const named = (name: string): string => (name in values ? `${name}_FILE` : name);
    return { problems: read.error.issues.map(({ path, message }) => `${named(path.join('.'))}: ${message}`) };
  }
  const { data: settings } = read;
  for (const [one, other] of together)
    if ((settings[one] === undefined) !== (settings[other] === undefined))
      return { problems: [`${one}: goes with ${other}; expected both or neither`] };
  if (settings.TRUSTED_PROXIES !== undefined && settings.ALLOW_FROM === undefined)
    return { problems: ['TRUSTED_PROXIES: says nothing without ALLOW_FROM; expected both, or no proxies'] };
  if (settings.ADMIN_TOKEN !== undefined && settings.ADMIN_TOKEN === settings.ADMIN_VIEWER_TOKEN)
    return { problems: ['ADMIN_VIEWER_TOKEN: is that of ADMIN_TOKEN, which opens everything; expected another one'] };
  const problems = settings.NODE_ENV === 'production' ? notForProduction(settings, env, listens) : [];
  return problems.length > 0 ? { problems } : { settings };
}

const mayStandInFiles = {
  REDIS_URL: 'the URL of Redis',
  ADMIN_TOKEN: 'the token',
  ADMIN_VIEWER_TOKEN: 'the token',
} as const;

function valuesInFiles(given: NodeJS.ProcessEnv): { values: Record<string, string> } | { problem: string } {
  const values: Record<string, string> = {};
  for (const [name, what] of Object.entries(mayStandInFiles)) {
    const file = given[`${name}_FILE`];
    if (file === undefined) continue;
    if (given[name] !== undefined) return { problem: `${name}_FILE: ${name} is set too; expected one of the two` };
    const wrong = (why: string) => ({ problem: `${name}_FILE: ${why}; expected ${what} in it` });
    try {
      const value = fileText(file).trim();
      if (value === '') return wrong('the file is empty');
      values[name] = value;
    } catch (error) {
      return wrong(error instanceof NotText ? error.message : 'the file cannot be read');
    }
  }
  return { values };
}

function notForProduction(settings: Settings, env: NodeJS.ProcessEnv, listens: boolean): string[] {
  const { REDIS_URL, ADMIN_HOST } = settings;
  return [
    !listens || isGuarded(ADMIN_HOST, adminAccessOf(settings))
      ? ''
      : 'ADMIN_TOKEN: must be set in production where ADMIN_HOST is no address of this machine alone: whoever reaches ' +
        'that port could hand over sessions; or set ADMIN_VIEWER_TOKEN alone, and nobody can',
    REDIS_URL === undefined
      ? 'REDIS_URL: must be set in production: a journal in memory forgets every bet at a restart'
      : '',
    env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0'
      ? 'NODE_TLS_REJECT_UNAUTHORIZED: 0 is refused in production: anybody on the way could be your wallet, or Redis; ' +
        'name an authority of your own in wallet.tls, or in NODE_EXTRA_CA_CERTS'
      : '',
  ].filter((problem) => problem !== '');
}

/** Name, default and meaning of every setting, for `wallet-bridge serve --help`. */
export function describeSettings(): string {
  return Object.entries(schema.shape)
    .map(([name, field]) => {
      const { data: preset } = field.safeParse(undefined);
      const shown = typeof preset === 'string' || typeof preset === 'number' ? ` (${preset})` : '';
      return `  ${name}${shown}: ${field.description ?? ''}`;
    })
    .join('\n');
}

/** Where the journal's Redis is and how it is spoken to; undefined where none is named. */
export function redisOf(settings: Settings) {
  const { REDIS_URL: url, REDIS_TLS_CA_FILE: ca, REDIS_TLS_CERT_FILE: cert, REDIS_TLS_KEY_FILE: key } = settings;
  if (url === undefined) return undefined;
  const tls = {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  };
  return { url, tls, replicas: settings.REDIS_WAIT_REPLICAS, accept: settings.REDIS_ACCEPT ?? [] };
}

/**
 * The certificate of the public port as its files have it now; undefined where it speaks plain HTTP. Throws where
 * they cannot be read.
 */
export function serverTlsOf({ TLS_CERT_FILE: cert, TLS_KEY_FILE: key }: Settings) {
  if (cert === undefined || key === undefined) return undefined;
  return { cert: fileText(cert), key: fileText(key) };
}

/** What is said of a certificate and a key that do not go together. */
export function pairRefused(error: unknown): string {
  return `TLS_CERT_FILE: cannot be used with TLS_KEY_FILE (${errorCode(error)}); expected a certificate, and its own key without a passphrase`;
}

export const errorCode = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';

/** Who may use the admin port. The name it is asked by counts on this machine's own address only. */
export function adminAccessOf(settings: Settings): AdminAccess {
  const { ADMIN_HOST, ADMIN_TOKEN: token, ADMIN_VIEWER_TOKEN: viewerToken, ADMIN_NAMES: names = [] } = settings;
  return { token, viewerToken, names: isLoopback(ADMIN_HOST) ? names : undefined };
}
