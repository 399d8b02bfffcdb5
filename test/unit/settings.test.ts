// The settings as an environment gives them: each mistake names its variable, in words of ours, and repeats
// nothing of what was written.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { readSettings } from '../../src/settings.js';

const directory = mkdtempSync(join(tmpdir(), 'wallet-bridge-settings-'));
afterAll(() => rmSync(directory, { recursive: true }));

function fileWith(content: string | Buffer): string {
  const file = join(directory, 'redis-url');
  writeFileSync(file, content);
  return file;
}

function problemsOf(env: NodeJS.ProcessEnv): string[] {
  const read = readSettings(env);
  return 'problems' in read ? read.problems : [];
}

describe('a mistake is refused by its name', () => {
  const addresses = 'expected addresses and networks, joined by commas, such as 203.0.113.7, 10.0.0.0/8, 2001:db8::/32';

  test.each([
    [{ PORT: 'secret' }, 'PORT: expected a whole number from 0 to 65535'],
    [{ PORT: '65536' }, 'PORT: expected a whole number from 0 to 65535'],
    [{ PORT: '80.5' }, 'PORT: expected a whole number from 0 to 65535'],
    [{ PORT: '-1' }, 'PORT: expected a whole number from 0 to 65535'],
    [{ ADMIN_PORT: '0x10' }, 'ADMIN_PORT: expected a whole number from 0 to 65535'],
    [{ REDIS_WAIT_REPLICAS: '17' }, 'REDIS_WAIT_REPLICAS: expected a whole number from 0 to 16'],
    [{ LOG_LEVEL: 'secret' }, 'LOG_LEVEL: expected one of fatal, error, warn, info, debug, trace, silent'],
    [{ TOLERATE_BROKEN: 'secret' }, 'TOLERATE_BROKEN: expected 1, or 0 for the default'],
    [{ DRAIN_DELAY: '5 s' }, 'DRAIN_DELAY: expected 0, or a duration such as 500ms or 5s, of ten minutes at most'],
    [{ DRAIN_DELAY: '5h' }, 'DRAIN_DELAY: expected 0, or a duration such as 500ms or 5s, of ten minutes at most'],
    [{ BASE_PATH: 'secret/' }, 'BASE_PATH: must be empty or a path such as /WalletService, without a slash at its end'],
    [{ REDIS_URL_FILE: '/nowhere/secret' }, 'REDIS_URL_FILE: the file cannot be read; expected the URL of Redis in it'],
    [{ ALLOW_FROM: 'secret' }, `ALLOW_FROM: ${addresses}`],
    [{ ALLOW_FROM: '10.0.0.0/8', TRUSTED_PROXIES: '10.0.0.0/40' }, `TRUSTED_PROXIES: ${addresses}`],
    [
      { TRUSTED_PROXIES: '10.0.0.0/8' },
      'TRUSTED_PROXIES: says nothing without ALLOW_FROM; expected both, or no proxies',
    ],
    [{ TLS_CERT_FILE: '/nowhere/secret' }, 'TLS_CERT_FILE: the file cannot be read'],
    [
      { TLS_CERT_FILE: 'test/vectors/tls/server.pem' },
      'TLS_CERT_FILE: goes with TLS_KEY_FILE; expected both or neither',
    ],
    [
      { ADMIN_TOKEN: 'secret' },
      'ADMIN_TOKEN: expected 16 or more characters without spaces, such as openssl rand -hex 32 makes',
    ],
    [
      { ADMIN_TOKEN: 'one-and-the-same-token', ADMIN_VIEWER_TOKEN: 'one-and-the-same-token' },
      'ADMIN_VIEWER_TOKEN: is that of ADMIN_TOKEN, which opens everything; expected another one',
    ],
    [{ ADMIN_TOKEN_FILE: '/nowhere/secret' }, 'ADMIN_TOKEN_FILE: the file cannot be read; expected the token in it'],
    [{ ADMIN_VIEWER_TOKEN_FILE: '/dev/null' }, 'ADMIN_VIEWER_TOKEN_FILE: the file is empty; expected the token in it'],
    [{ MOST_CONNECTIONS: '0' }, 'MOST_CONNECTIONS: expected a whole number from 1 to 1000000'],
    [{ KEEP_ALIVE_SECONDS: '0' }, 'KEEP_ALIVE_SECONDS: expected a whole number from 1 to 3600'],
    [
      { REDIS_URL_FILE: '/nowhere', REDIS_URL: 'redis://:secret@h' },
      'REDIS_URL_FILE: REDIS_URL is set too; expected one of the two',
    ],
  ])('%j', (env, problem) => expect(problemsOf(env)).toEqual([problem]));

  test('of a URL of Redis, whichever way it came', () => {
    const url = 'redis://:sec#ret@h:6379';

    const [own, fromFile] = [problemsOf({ REDIS_URL: url }), problemsOf({ REDIS_URL_FILE: fileWith(url) })];

    expect(own).toEqual([expect.stringMatching(/^REDIS_URL: .*%23/)]);
    expect(fromFile).toEqual([expect.stringMatching(/^REDIS_URL_FILE: .*%23/)]);
    expect([...own, ...fromFile].join()).not.toContain('sec');
  });
});

describe('REDIS_URL_FILE', () => {
  test.each([
    ['redis://:pw@h:1/2\n'],
    ['redis://:pw@h:1/2\r\n'],
    ['\ufeffredis://:pw@h:1/2'],
    [' redis://:pw@h:1/2 \n\n'],
  ])('holds the URL, whatever an editor puts round it: %j', (content) => {
    expect(readSettings({ REDIS_URL_FILE: fileWith(content) })).toMatchObject({
      settings: { REDIS_URL: 'redis://:pw@h:1/2' },
    });
  });

  test.each([
    [Buffer.from('\ufeffredis://h', 'utf16le'), 'it is UTF-16 or binary, not UTF-8 text'],
    [Buffer.from('redis://:\xfc@h', 'latin1'), 'it is not UTF-8 text'],
    [Buffer.from('\n'), 'the file is empty'],
  ])('is refused where it is no text: %#', (content, why) => {
    expect(problemsOf({ REDIS_URL_FILE: fileWith(content) })).toEqual([expect.stringContaining(why)]);
  });
});

test('a token may stand in a file', () => {
  expect(readSettings({ ADMIN_TOKEN_FILE: fileWith('operators-own-token\n') })).toMatchObject({
    settings: { ADMIN_TOKEN: 'operators-own-token' },
  });
  expect(problemsOf({ ADMIN_TOKEN_FILE: fileWith('secret') })).toEqual([
    expect.stringMatching(/^ADMIN_TOKEN_FILE: expected 16/),
  ]);
});

describe('in production', () => {
  const production = { NODE_ENV: 'production', REDIS_URL: 'redis://h' };

  test('TLS that trusts everybody is refused', () => {
    expect(problemsOf(production)).toEqual([]);
    expect(problemsOf({ ...production, NODE_TLS_REJECT_UNAUTHORIZED: '1' })).toEqual([]);
    expect(problemsOf({ ...production, NODE_TLS_REJECT_UNAUTHORIZED: '0' })).toEqual([
      expect.stringMatching(/^NODE_TLS_REJECT_UNAUTHORIZED: .*refused in production/),
    ]);
    expect(problemsOf({ NODE_TLS_REJECT_UNAUTHORIZED: '0' })).toEqual([]);
  });

  test.each([
    [{ ADMIN_HOST: '0.0.0.0' }, /^ADMIN_TOKEN: must be set in production/],
    [{ ADMIN_HOST: '::' }, /^ADMIN_TOKEN: must be set in production/],
    [{ ADMIN_HOST: '0.0.0.0', ADMIN_TOKEN: 'operators-own-token' }, undefined],
    [{ ADMIN_HOST: '0.0.0.0', ADMIN_VIEWER_TOKEN: 'viewers-own-token' }, undefined],
    [{ ADMIN_HOST: '127.0.0.1' }, undefined],
    [{ ADMIN_HOST: '::1' }, undefined],
    [{ ADMIN_HOST: 'localhost' }, undefined],
  ])('an admin port that others reach wants a token: %j', (env, problem) => {
    expect(problemsOf({ ...production, ...env })).toEqual(
      problem === undefined ? [] : [expect.stringMatching(problem)],
    );
    expect(problemsOf({ ...env, NODE_ENV: 'development' })).toEqual([]);
    expect(readSettings({ ...production, ...env }, { listens: false })).toHaveProperty('settings');
  });

  test('a journal in memory is refused', () => {
    expect(problemsOf({ NODE_ENV: 'production' })).toEqual([expect.stringMatching(/^REDIS_URL: must be set/)]);
  });
});
