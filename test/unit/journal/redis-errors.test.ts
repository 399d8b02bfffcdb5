// What Redis says it refused a command with, in the words of its versions.

import { describe, expect, test } from '@jest/globals';
import { cureOf, reasonOf, refusalCode } from '../../../src/journal/redis-errors.js';

const refusal = (message: string): Error => Object.assign(new Error(message), { name: 'ReplyError' });
const inScript = 'ERR Error running script (call to f_0123456789abcdef): @user_script:58: ';

describe('a refusal is known by its code, wherever it stands', () => {
  test.each([
    ["READONLY You can't write against a read only replica.", 'READONLY'],
    [`${inScript}-READONLY You can't write against a read only replica.`, 'READONLY'],
    ["READONLY You can't write against a read only replica. script: ab12, on @user_script:58.", 'READONLY'],
    [`${inScript}@user_script: 58: -OOM command not allowed when used memory > 'maxmemory'.`, 'OOM'],
    [`${inScript}-MISCONF Redis is configured to save RDB snapshots`, 'MISCONF'],
    [`${inScript}-NOREPLICAS Not enough good replicas to write.`, 'NOREPLICAS'],
    [`${inScript}-MASTERDOWN Link with MASTER is down`, 'MASTERDOWN'],
    [`${inScript}-LOADING Redis is loading the dataset in memory`, 'LOADING'],
    [`${inScript}-CLUSTERDOWN The cluster is down`, 'CLUSTERDOWN'],
    [`${inScript}-WRONGTYPE Operation against a key holding the wrong kind of value`, 'WRONGTYPE'],
    ['EXECABORT Transaction discarded because of: NOPERM this user has no permissions', 'NOPERM'],
    [`${inScript}The user executing the script can't run this command or subcommand`, 'NOPERM'],
    ["ERR The user executing the script can't access at least one of the keys mentioned", 'NOPERM'],
    ['NOAUTH Authentication required.', 'NOAUTH'],
    ['WRONGPASS invalid username-password pair or user is disabled.', 'WRONGPASS'],
    ['LOADING Redis is loading the dataset in memory', 'LOADING'],
    ["ERR unknown command 'EVALSHA', with args beginning with: 'READONLYHIGHROLLER'", undefined],
    ['ERR DB index is out of range', undefined],
  ])('%s', (message, code) => {
    expect(refusalCode(refusal(message))).toBe(code);
    expect(reasonOf(refusal(message))).toBe(code ?? 'ERR');
  });
});

test('what the client says of its own is a phrase of ours', () => {
  const words = [
    new Error("Stream isn't writeable and enableOfflineQueue options is false"),
    new Error('Command timed out'),
    new Error('Connection is closed.'),
    Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:6379'), { code: 'ECONNREFUSED' }),
    Object.assign(new Error('getaddrinfo ENOTFOUND secret.host'), { code: 'ENOTFOUND' }),
    new TypeError('Invalid URL redis://:hunter2@h'),
    Object.assign(new Error('Failed to refresh slots cache.'), {
      lastNodeError: new Error('ERR This instance has cluster support disabled'),
    }),
    new Error('All sentinels are unreachable. Last error: ERR No such master with that name'),
    new Error("Last error: ERR unknown command 'sentinel', with args beginning with: 'hunter2'"),
    new Error('Unknown RESP type 72 "H". Please report this.'),
  ].map(reasonOf);

  expect(words).toEqual([
    'connection lost',
    'no answer in time',
    'connection lost',
    'connection refused',
    'name not resolved',
    'unknown',
    'no Cluster',
    'no such master',
    'no Sentinel',
    'no Redis',
  ]);
});

test.each([
  ['WRONGPASS', 'check the user and password in REDIS_URL'],
  ['NOAUTH', 'check the user and password in REDIS_URL'],
  ['no database 99', 'name one it has at the end of REDIS_URL'],
  ['unknown', 'check that what answers there is Redis'],
  ['OOM', 'it is full: raise its maxmemory'],
  ['READONLY', 'name the one that takes writes in REDIS_URL'],
  ['LOADING', 'wait until it has read its data'],
  ['no Cluster', 'it is one server: name it as redis://… in REDIS_URL'],
  ['no Redis', 'check that what answers there is Redis'],
  ['connection refused', 'check that it runs, and that REDIS_URL names it'],
])('%s: %s', (reason, cure) => {
  expect(cureOf(reason)).toBe(cure);
});
