// The process's own settings: environment only. Everything about money is in the operators' files.

import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65535);

const schema = z.object({
  PORT: port.default(8080).describe('the port the platform calls'),
  HOST: z.string().min(1).default('0.0.0.0').describe('the address it listens on'),
  ADMIN_PORT: port.default(9090).describe('the port of /metrics, /healthz, /readyz and /sessions'),
  ADMIN_HOST: z.string().min(1).default('127.0.0.1').describe('the address the admin port listens on'),
  BASE_PATH: z
    .string()
    .regex(/^(\/[\w.~-]+)*$/, 'must be empty or a path such as /WalletService, without a slash at its end')
    .default('/WalletService')
    .describe('what stands before the five callback names'),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, 'must begin with redis:// or rediss://')
    .optional()
    .describe('the journal; without it a journal in memory, which a restart forgets, and which production refuses'),
  REDIS_WAIT_REPLICAS: z.coerce
    .number()
    .int()
    .min(0)
    .max(16)
    .default(0)
    .describe('how many replicas of Redis must have a write before it counts as done'),
  OPERATORS_DIR: z.string().min(1).default('config/operators').describe('the directory of the operators’ YAML files'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
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
 * Reads the settings; the sentences say which variable is wrong and what it must be. An empty variable counts
 * as unset.
 */
export function readSettings(env: NodeJS.ProcessEnv): { settings: Settings } | { problems: string[] } {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const read = schema.safeParse(given);
  if (!read.success) return { problems: read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) };
  if (read.data.NODE_ENV === 'production' && read.data.REDIS_URL === undefined)
    return { problems: ['REDIS_URL: must be set in production: a journal in memory forgets every bet at a restart'] };
  return { settings: read.data };
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
