// One access token for all replicas. There are servers on which a new token ends the one before: if each replica
// fetched its own, each would end the others' for ever. Only one asks, and the rest take what it got. Where the
// store is away each replica is on its own again.

import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { JournalUnavailable, type SharedTexts } from '../../domain/ports.js';

export interface IssuedToken {
  readonly token: string;
  /** Milliseconds it lives from now on. */
  readonly lifetime: number;
}

export interface SharedToken {
  /** What another replica got, unless it is this one, which is ended or about to. Never rejects. */
  other(than: string | undefined): Promise<IssuedToken | undefined>;
  /**
   * What another replica gets meanwhile, or what `ask` gets here; `ask` of no two replicas runs at once, but
   * where one takes longer than `within`. Rejects with what `ask` does.
   */
  fetched<T>(than: string | undefined, within: number, ask: () => Promise<IssuedToken | T>): Promise<IssuedToken | T>;
}

const looksEvery = 50;

/** `whose`: what is asked, of whom and as whom; the same words are the same token. */
export function createSharedToken(whose: readonly string[], clientSecret: string, texts: SharedTexts): SharedToken {
  const digest = (...parts: string[]): Buffer => createHash('sha256').update(JSON.stringify(parts)).digest();
  const name = digest(...whose)
    .toString('hex')
    .slice(0, 32);
  // Who reads the store knows no token: it takes the client's secret, with which anybody gets one anyway.
  const key = digest('token', clientSecret);

  /** Undefined, too, where the store is away. */
  async function tried<T>(act: () => Promise<T>): Promise<T | undefined> {
    try {
      return await act();
    } catch (error) {
      if (error instanceof JournalUnavailable) return undefined;
      throw error;
    }
  }

  async function other(than: string | undefined): Promise<IssuedToken | undefined> {
    const sealed = await tried(() => texts.read(name));
    const found = sealed === undefined ? undefined : opened(sealed, key);
    return found === undefined || found.token === than || found.lifetime <= 0 ? undefined : found;
  }

  return {
    other,
    async fetched(than, within, ask) {
      const until = performance.now() + within;
      const claim = (): Promise<boolean | undefined> => tried(() => texts.claim(name, within));
      let claimed = await claim();
      // Undefined: the store is away, and nobody can be waited for.
      for (; claimed === false && performance.now() < until; claimed = await claim()) {
        await setTimeout(looksEvery);
        const found = await other(than);
        if (found !== undefined) return found;
      }
      try {
        const issued = (await other(than)) ?? (await ask());
        if (isIssued(issued)) await tried(() => texts.keep(name, sealed(issued, key), Math.max(1, issued.lifetime)));
        return issued;
      } finally {
        if (claimed === true) await tried(() => texts.release(name));
      }
    },
  };
}

const isIssued = (asked: unknown): asked is IssuedToken =>
  typeof asked === 'object' && asked !== null && 'token' in asked && 'lifetime' in asked;

const cipher = 'aes-256-gcm';

/** With the instant it ends, so that whoever takes it later knows how much is left. */
function sealed({ token, lifetime }: IssuedToken, key: Buffer): string {
  const nonce = randomBytes(12);
  const sealing = createCipheriv(cipher, key, nonce);
  const text = Buffer.concat([sealing.update(`${Math.floor(Date.now() + lifetime)} ${token}`), sealing.final()]);
  return Buffer.concat([nonce, sealing.getAuthTag(), text]).toString('base64');
}

/** Undefined where it was sealed with another secret, or is damaged. */
function opened(text: string, key: Buffer): IssuedToken | undefined {
  const bytes = Buffer.from(text, 'base64');
  try {
    const opening = createDecipheriv(cipher, key, bytes.subarray(0, 12)).setAuthTag(bytes.subarray(12, 28));
    const plain = Buffer.concat([opening.update(bytes.subarray(28)), opening.final()]).toString();
    const [ends = '', token = ''] = plain.split(' ');
    return { token, lifetime: Number(ends) - Date.now() };
  } catch {
    return undefined;
  }
}
