// The process's own settings: environment only. Everything about money is in the operators' files.

import { z } from 'zod';
import { fileText, NotText } from './codecs/file-text.js';
import { readAddresses } from './http/addresses.js';
import { usual } from './http/server.js';
import { redisAddress } from './journal/redis-address.js';
import { acceptable, type Accepted } from './journal/start-checks.js';

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
const isAccepted = (word: string): word is Accepted => acceptable.some((one) => one === word);
const accepted = text.transform((list, context) => {
  const words = list.split(',').map((word) => word.trim());
  if (words.every(isAccepted)) return words;
  context.addIssue(`expected words of ${acceptable.join(', ')}, joined by commas`);
  return z.NEVER;
});

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

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
  ADMIN_PORT: port.default(9090).describe('the port of /metrics, /healthz, /readyz and /sessions'),
  ADMIN_HOST: text.default('127.0.0.1').describe('the address the admin port listens on'),
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
  LOG_LEVEL: z
    .enum(levels, `expected one of ${levels.join(', ')}`)
    .default('info')
    .describe('what is logged'),
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
 * empty variable counts as unset.
 */
export function readSettings(env: NodeJS.ProcessEnv): { settings: Settings } | { problems: string[] } {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const fromFile = redisUrlFrom(given);
  if ('problem' in fromFile) return { problems: [`REDIS_URL_FILE: ${fromFile.problem}`] };
  const read = schema.safeParse({ ...given, ...fromFile });
  if (!read.success) {
    const named = (name: string): string => (name === 'REDIS_URL' && 'REDIS_URL' in fromFile ? 'REDIS_URL_FILE' : name);
    return { problems: read.error.issues.map(({ path, message }) => `${named(path.join('.'))}: ${message}`) };
  }
  const { data: settings } = read;
  for (const [one, other] of together)
    if ((settings[one] === undefined) !== (settings[other] === undefined))
      return { problems: [`${one}: goes with ${other}; expected both or neither`] };
  if (settings.TRUSTED_PROXIES !== undefined && settings.ALLOW_FROM === undefined)
    return { problems: ['TRUSTED_PROXIES: says nothing without ALLOW_FROM; expected both, or no proxies'] };
  const problems = settings.NODE_ENV === 'production' ? notForProduction(settings, env) : [];
  return problems.length > 0 ? { problems } : { settings };
}

function redisUrlFrom(given: NodeJS.ProcessEnv): { REDIS_URL?: string } | { problem: string } {
  const { REDIS_URL: url, REDIS_URL_FILE: file } = given;
  if (file === undefined) return {};
  if (url !== undefined) return { problem: 'REDIS_URL is set too; expected one of the two' };
  try {
    const text = fileText(file).trim();
    return text === '' ? { problem: 'the file is empty; expected the URL of Redis in it' } : { REDIS_URL: text };
  } catch (error) {
    const why = error instanceof NotText ? error.message : 'the file cannot be read';
    return { problem: `${why}; expected the URL of Redis in it` };
  }
}

function notForProduction({ REDIS_URL }: Settings, env: NodeJS.ProcessEnv): string[] {
  return [
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
