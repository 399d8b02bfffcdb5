// A Redis that speaks TLS only, under an authority of the operator's own, to clients with a certificate only.

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openRedisJournal } from '../../src/journal/open-journal.js';
import { freePort } from '../../src/demo/processes.js';
import { redisOf, readSettings } from '../../src/settings.js';
import { startRedis, type TestRedis } from '../support/redis.js';

const vectors = 'test/vectors/tls';
const own = {
  REDIS_TLS_CA_FILE: `${vectors}/authority.pem`,
  REDIS_TLS_CERT_FILE: `${vectors}/client.pem`,
  REDIS_TLS_KEY_FILE: `${vectors}/client.key`,
};
let redis: TestRedis;
let port: number;

beforeAll(async () => {
  port = await freePort();
  redis = await startRedis({
    more: [
      ...[
        '--tls-port',
        String(port),
        '--tls-auth-clients',
        'yes',
        '--tls-ca-cert-file',
        `${process.cwd()}/${vectors}/authority.pem`,
      ],
      ...[
        '--tls-cert-file',
        `${process.cwd()}/${vectors}/server.pem`,
        '--tls-key-file',
        `${process.cwd()}/${vectors}/server.key`,
      ],
    ],
  });
});
afterAll(() => redis.stop());

/** What a start with these settings says of it; nothing where it may go on. */
async function startWith(env: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const read = readSettings({ REDIS_URL: `rediss://localhost:${port}`, ...env });
  if ('problems' in read) return read.problems;
  const where = redisOf(read.settings);
  if (where === undefined) throw new Error('REDIS_URL is set');
  const said: string[] = [];
  const { journal } = await openRedisJournal({
    ...{ ...where, begins: true, signLifetime: () => 1000, onLost: () => undefined },
    judge: ({ unfit, unable }) => said.push(...unfit, ...unable),
  });
  await journal.close();
  return said;
}

test('is spoken to with the authority and the certificate from the settings', async () => {
  expect(await startWith(own)).toEqual([]);
});

test('is not trusted without the authority, and does not trust without a certificate', async () => {
  const { REDIS_TLS_CA_FILE } = own;

  expect(await startWith({})).toEqual([expect.stringContaining('cannot be reached')]);
  expect(await startWith({ REDIS_TLS_CA_FILE })).toEqual([expect.stringContaining('cannot be reached')]);
}, 60_000);

test('settings that cannot be right are said at the start, and nothing of a key', async () => {
  const key = readFileSync(own.REDIS_TLS_KEY_FILE, 'utf8').split('\n')[1] ?? '?';
  const { REDIS_TLS_CERT_FILE } = own;
  const said = [
    await startWith({ ...own, REDIS_TLS_KEY_FILE: '/nowhere' }),
    await startWith({ ...own, REDIS_TLS_CA_FILE: 'package.json' }),
    await startWith({ REDIS_TLS_CERT_FILE }),
  ];

  expect(said).toEqual([
    ['REDIS_TLS_KEY_FILE: the file cannot be read'],
    ['REDIS_TLS_CA_FILE: the file holds no PEM; expected a text with -----BEGIN … in it'],
    ['REDIS_TLS_CERT_FILE: goes with REDIS_TLS_KEY_FILE; expected both or neither'],
  ]);
  expect(JSON.stringify(said)).not.toContain(key);
});
