// Access tokens by OAuth2 client credentials (RFC 6749, 4.4). However many calls need one, one request is
// under way; a token is renewed before it ends, while calls go on with it. Tokens and client secrets leave in
// requests alone, never in an error or a log.

import { charsetOf } from '../../codecs/charset.js';
import { Malformed } from '../../codecs/codec.js';
import { encodeForm } from '../../codecs/form-encoding.js';
import { parseJson } from '../../codecs/json.js';
import type { SharedTexts } from '../../domain/ports.js';
import type { FailureReason } from '../classify-failure.js';
import type { Transport } from '../transport.js';
import { createSharedToken, type IssuedToken, type SharedToken } from './shared-token.js';
import type { WalletReply, WalletRequest } from '../message.js';

export interface OAuth2Client {
  readonly tokenUrl: URL;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where the two stand: in an Authorization header, or in the body. */
  readonly clientAuth: 'basic' | 'body';
  readonly scope?: string | undefined;
  readonly audience?: string | undefined;
}

type Asked =
  { readonly kind: 'token'; readonly token: string } | { readonly kind: 'none'; readonly because: FailureReason };

export interface AccessTokens {
  /** A token that has not ended, waited for no longer than so many milliseconds. Never rejects. */
  get(within: number): Promise<Asked>;
  /**
   * The wallet does not take this token: it is given to nobody any more. False where a new one would fare no
   * better.
   */
  discard(token: string): Promise<boolean>;
  close(): Promise<void>;
}

interface Kept {
  readonly token: string;
  readonly since: number;
  readonly renewAt: number;
  readonly endsAt: number;
}

/** Milliseconds. */
const askingTakes = 5_000;
/** Where the server does not say how long a token lives. */
const supposedLifetime = 300_000;
const renewBefore = 60_000;
const pauseAfterFailure = 1_000;
/**
 * A token younger than this has not ended; who refuses it refuses us, and asking for tokens call after call
 * would help nobody.
 */
const tooYoungToDiscard = 5_000;

/**
 * `now`: monotonic milliseconds. The transport is to the token URL's origin, and is closed with this. `shared`:
 * what all replicas have; absent: this process is alone.
 */
export function createAccessTokens(
  client: OAuth2Client,
  transport: Transport,
  now: () => number,
  shared?: SharedToken,
): AccessTokens {
  const request = tokenRequest(client);
  let kept: Kept | undefined;
  /** The last one that was good for anything: no other replica's is wanted that is the same. */
  let last: string | undefined;
  let asking: Promise<Asked> | undefined;
  let failed: { readonly asked: Asked; readonly until: number } | undefined;

  /** The token, or why there is none. */
  async function askServer(): Promise<IssuedToken | FailureReason | `HTTP ${number}`> {
    const until = now() + askingTakes;
    let exchange = await transport.exchange(request, { within: askingTakes, mayStillSend: () => true });
    // A kept connection may just have been closed by the other side; asking moves nothing, so it is asked
    // once more.
    if (exchange.kind === 'failed' && now() < until)
      exchange = await transport.exchange(request, { within: until - now(), mayStillSend: () => true });
    return exchange.kind === 'failed' ? exchange.because : readToken(exchange.reply);
  }

  async function ask(): Promise<Asked> {
    const since = now();
    const read = await (shared === undefined ? askServer() : shared.fetched(last, askingTakes, askServer));
    if (typeof read === 'string') {
      const asked: Asked = { kind: 'none', because: `no access token: ${read}` };
      failed = { asked, until: now() + pauseAfterFailure };
      return asked;
    }
    return take(read, since);
  }

  function take({ token, lifetime }: IssuedToken, since: number): Asked {
    kept = { token, since, endsAt: since + lifetime, renewAt: since + lifetime - Math.min(renewBefore, lifetime / 5) };
    last = token;
    return { kind: 'token', token };
  }

  function renewed(): Promise<Asked> {
    if (failed !== undefined && now() < failed.until) return Promise.resolve(failed.asked);
    asking ??= ask().finally(() => (asking = undefined));
    return asking;
  }

  return {
    async get(within) {
      if (kept === undefined || now() >= kept.endsAt) return await atMost(within, renewed());
      if (now() >= kept.renewAt) void renewed();
      return { kind: 'token', token: kept.token };
    },
    async discard(token) {
      if (kept?.token !== token) return true;
      if (now() - kept.since >= tooYoungToDiscard) {
        kept = undefined;
        return true;
      }
      // Another replica may have got a new one, which ended this.
      const other = await shared?.other(token);
      if (other !== undefined) take(other, now());
      return other !== undefined;
    },
    close: () => transport.close(),
  };
}

/** The same client's token on every replica. */
export function sharedToken(client: OAuth2Client, texts: SharedTexts): SharedToken {
  const { tokenUrl, clientId, clientSecret, scope = '', audience = '' } = client;
  return createSharedToken([tokenUrl.href, clientId, scope, audience], clientSecret, texts);
}

function tokenRequest({ tokenUrl, clientId, clientSecret, clientAuth, scope, audience }: OAuth2Client): WalletRequest {
  const asked = { grant_type: 'client_credentials', ...(scope && { scope }), ...(audience && { audience }) };
  const inBody = clientAuth === 'body' ? { client_id: clientId, client_secret: clientSecret } : {};
  // RFC 6749 wants both parts urlencoded before they are put together.
  const pair = [clientId, clientSecret].map((part) => encodeForm({ '': part }, 'form').slice(1)).join(':');
  return {
    method: 'POST',
    path: tokenUrl.pathname + tokenUrl.search,
    headers: {
      Accept: 'application/json',
      'Content-Type': 'application/x-www-form-urlencoded',
      ...(clientAuth === 'basic' && { Authorization: `Basic ${Buffer.from(pair).toString('base64')}` }),
    },
    body: Buffer.from(encodeForm({ ...asked, ...inBody }, 'form')),
    sent: {},
  };
}

/** The token and its lifetime in milliseconds, or why there is none. */
function readToken({ status, body }: WalletReply): IssuedToken | `HTTP ${number}` | 'unreadable reply' {
  if (status !== 200) return `HTTP ${status}`;
  const fields = fieldsOf(body);
  const { access_token: token, token_type: type, expires_in: seconds } = fields;
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) return 'unreadable reply';
  if (!isBearer(type)) return 'unreadable reply';
  const said = typeof seconds === 'bigint' || typeof seconds === 'string' ? String(seconds) : '';
  return { token, lifetime: /^[1-9]\d{0,8}$/.test(said) ? Number(said) * 1000 : supposedLifetime };
}

/** Servers leave it out, or write "bearer", "BearerToken", "Bearer Token". */
function isBearer(type: unknown): boolean {
  if (type === undefined || type === null || type === '') return true;
  return typeof type === 'string' && /^bearer[ _-]?(token)?$/i.test(type.trim());
}

function fieldsOf(body: Uint8Array): Record<string, unknown> {
  try {
    const value = parseJson(charsetOf('utf-8').decode(body));
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch (failure) {
    if (failure instanceof Malformed) return {};
    throw failure;
  }
}

async function atMost(within: number, asked: Promise<Asked>): Promise<Asked> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Asked>((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'none', because: 'no access token: timeout' }), within);
  });
  return Promise.race([asked, late]).finally(() => clearTimeout(timer));
}
