// The URL of Redis as people write it, with passwords as password managers make them: it is read as it was meant,
// or refused without a word of it.

import { describe, expect, test } from '@jest/globals';
import { redisAddress } from '../../../src/journal/redis-address.js';

describe('is read', () => {
  test.each([
    ['redis://127.0.0.1', { form: 'single', host: '127.0.0.1', port: 6379, db: 0, isEncrypted: false }],
    ['redis://h:7000/', { form: 'single', host: 'h', port: 7000, db: 0, isEncrypted: false }],
    ['rediss://h:7000/15', { form: 'single', host: 'h', port: 7000, db: 15, isEncrypted: true }],
    ['redis://[::1]:7000', { form: 'single', host: '::1', port: 7000, db: 0, isEncrypted: false }],
    ['redis://:secret@h', { form: 'single', host: 'h', port: 6379, password: 'secret', db: 0, isEncrypted: false }],
    [
      'redis://u:%23%2F%3F%25%40:@h/2',
      { form: 'single', host: 'h', port: 6379, username: 'u', password: '#/?%@:', db: 2, isEncrypted: false },
    ],
    [
      'redis://u:a@b:c=d+e@h',
      { form: 'single', host: 'h', port: 6379, username: 'u', password: 'a@b:c=d+e', db: 0, isEncrypted: false },
    ],
    [
      'redis+sentinel://u:p%40@h1,h2:26380/mymaster/2?sentinelUsername=s&sentinelPassword=t%26',
      {
        form: 'sentinel',
        sentinels: [
          { host: 'h1', port: 26379 },
          { host: 'h2', port: 26380 },
        ],
        name: 'mymaster',
        ...{ username: 'u', password: 'p@', sentinelUsername: 's', sentinelPassword: 't&', db: 2, isEncrypted: false },
      },
    ],
    [
      'rediss+cluster://:p@h1,[::1]:7001/0',
      {
        form: 'cluster',
        hosts: [
          { host: 'h1', port: 6379 },
          { host: '::1', port: 7001 },
        ],
        ...{ password: 'p', isEncrypted: true },
      },
    ],
  ])('%s', (url, address) => expect(redisAddress(url)).toEqual(address));
});

describe('is refused, without any part of it', () => {
  test.each([
    ['redis://:hunter#2@h:6379'],
    ['redis://:hunter/2@h:6379'],
    ['redis://:hunter?2@h:6379'],
    ['redis://:hunter%2@h:6379'],
    ['redis://u:12#hunter@h:6379'],
    ['redis://u:12/hunter@h:6379'],
    ['redis://u:12?hunter@h:6379'],
    ['redis://:hunter2@h:99999'],
    ['redis://:hunter2@h:0'],
    ['redis://:hunter2@h:port'],
    ['redis://:hunter2@h/-1'],
    ['redis://:hunter2@h/1.5'],
    ['redis://:hunter2@h/db'],
    ['redis://:hunter2@h/1?db=2'],
    ['redis://:hunter2@h/1#'],
    ['redis://:hunter2@'],
    ['http://:hunter2@h'],
    ['h:6379:hunter2'],
    ['hunter2'],
    ['redis://:hunter2@h1,h2'],
    ['redis+sentinel://:hunter2@h1:26379'],
    ['redis+sentinel://:hunter2@h1/mymaster/db'],
    ['redis+sentinel://:hunter2@h1/mymaster?password=hunter2'],
    ['redis+cluster://:hunter2@h1,/0'],
    ['redis+cluster://:hunter2@h1/1'],
    ['redis+proxy://:hunter2@h1'],
    [''],
  ])('%s', (url) => {
    const address = redisAddress(url);

    expect(address).toHaveProperty('problem', expect.any(String));
    expect(JSON.stringify(address)).not.toMatch(/hunter|99999/);
  });
});
