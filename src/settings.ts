// The process's own settings: environment only. Everything about money is in the operators' files.

import { z } from 'zod';
import { fileText, NotText } from './codecs/file-text.js';
import { redisAddress } from './journal/redis-address.js';
import { acceptable, type Accepted } from './journal/start-checks.js';
import { duration } from './operators/schema/values.js';

const whole = (least: number, most: number) => {
  const expected = `expected a whole number from ${least} to ${most}`;
  const text = z.string().regex(/^\d{1,9}$/, expected);
  return text.transform(Number).pipe(z.number().min(least, expected).max(most, expected));
};
const port = whole(0, 65535);
const text = z.string().min(1, 'expected a text');

/** The text of a file of certificates or keys. */
const pem = text.transform((file, context) => {
  try {
    const read = fileText(file);
    if (read.includes('-----BEGIN ')) return read;
    context.addIssue('the file holds no PEM; expected a text with -----BEGIN … in it');
  } catch (error) {
    context.addIssue(error instanceof NotText ? error.message : 'the file cannot be read');
  }
  return z.NEVER;
});
const longestDelay = 600_000;
const delayExpected = 'expected 0, or a duration such as 500ms or 5s, of ten minutes at most';
/** In milliseconds. */
const delay = z
  .union([z.literal('0').transform(Number), duration], delayExpected)
  .refine((ms) => ms <= longestDelay, delayExpected);
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
  DRAIN_DELAY: delay
    .default(0)
    .describe('how long callbacks are still taken after SIGTERM, until whoever spreads them has seen /readyz'),
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
  if ((settings.REDIS_TLS_CERT_FILE === undefined) !== (settings.REDIS_TLS_KEY_FILE === undefined))
    return { problems: ['REDIS_TLS_CERT_FILE: goes with REDIS_TLS_KEY_FILE; expected both or neither'] };
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
      const preset = field.safeParse(undefined);
      const shown = preset.success && preset.data !== undefined ? ` (${String(preset.data)})` : '';
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
