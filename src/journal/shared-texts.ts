// What all replicas have of one thing, in Redis beside the journal, or in memory for a bridge without one. A text
// may be a secret: whoever keeps one seals it first.

import type { SharedTexts } from '../domain/ports.js';
import { sharedKey } from './keys.js';
import type { RedisConnection } from './redis-connection.js';

/** On the journal's own connection, which stays the journal's to close. */
export class RedisTexts implements SharedTexts {
  constructor(private readonly redis: RedisConnection) {}

  async read(name: string): Promise<string | undefined> {
    return (await this.redis.read('shared', (client) => client.get(sharedKey(name)))) ?? undefined;
  }

  async keep(name: string, text: string, lifetime: number): Promise<void> {
    await this.redis.read('shared', (client) => client.set(sharedKey(name), text, 'PX', lifetime));
  }

  async claim(name: string, lifetime: number): Promise<boolean> {
    const key = sharedKey(name, 'claim');
    return (await this.redis.read('shared', (client) => client.set(key, '1', 'PX', lifetime, 'NX'))) === 'OK';
  }

  async release(name: string): Promise<void> {
    await this.redis.read('shared', (client) => client.del(sharedKey(name, 'claim')));
  }
}

export class MemoryTexts implements SharedTexts {
  private readonly texts = new Map<string, { readonly text: string; readonly until: number }>();

  /** `now`: milliseconds. */
  constructor(private readonly now: () => number) {}

  read(name: string): Promise<string | undefined> {
    return Promise.resolve(this.live(sharedKey(name)));
  }

  keep(name: string, text: string, lifetime: number): Promise<void> {
    this.texts.set(sharedKey(name), { text, until: this.now() + lifetime });
    return Promise.resolve();
  }

  claim(name: string, lifetime: number): Promise<boolean> {
    const key = sharedKey(name, 'claim');
    const isFree = this.live(key) === undefined;
    if (isFree) this.texts.set(key, { text: '1', until: this.now() + lifetime });
    return Promise.resolve(isFree);
  }

  release(name: string): Promise<void> {
    this.texts.delete(sharedKey(name, 'claim'));
    return Promise.resolve();
  }

  private live(key: string): string | undefined {
    const kept = this.texts.get(key);
    return kept !== undefined && kept.until > this.now() ? kept.text : undefined;
  }
}
