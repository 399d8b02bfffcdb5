// One call of the platform, from what is asked to what became of it. It is sent once and never again: a grant
// that is repeated is granted twice. What the platform says of a failure is handed on, but for what is secret.

import { membersOf } from '../protocol/platform-api/members.js';
import type {
  Asks,
  Members,
  PlatformCall,
  PlatformRequest,
  Spoken,
  Tells,
} from '../protocol/platform-api/platform-api.js';
import type { CompiledPlatform, PlatformAgent } from './compiled-platform.js';

/** The way to one operator's platform, with its own limit and breakers. Never rejects. */
export interface PlatformLink {
  exchange(call: PlatformCall, request: PlatformRequest, within: number): Promise<Linked>;
  /** Waits for what is under way. */
  close(): Promise<void>;
}

type Linked =
  | { readonly kind: 'reply'; readonly status: number; readonly body: Uint8Array; readonly ms: number }
  | {
      readonly kind: 'failed';
      /** False only where it is proven that no byte of it left. */
      readonly sent: boolean;
      readonly timedOut: boolean;
      readonly because: string;
      readonly ms: number;
    }
  /** It was not sent, to spare the platform or because we are closing. */
  | { readonly kind: 'kept'; readonly because: string };

/** As the platform says it. */
export interface PlatformWord {
  readonly code: number;
  readonly message?: string;
}

interface Failure {
  readonly because: string;
  readonly word?: PlatformWord | undefined;
  /** The platform may have done it all the same. */
  readonly mayHaveHappened: boolean;
}

export type Asked<Told> =
  | { readonly kind: 'told'; readonly told: Told }
  /** The platform's own no. */
  | { readonly kind: 'refused'; readonly word: PlatformWord }
  | ({ readonly kind: 'failed' | 'timedOut' } & Failure)
  | { readonly kind: 'kept'; readonly because: string };

export type AskPlatform = <Name extends PlatformCall>(
  name: Name,
  spoken: Spoken<Name>,
  ask: Asks[Name],
  agent: PlatformAgent,
) => Promise<Asked<Tells[Name]>>;

/** Told of each call. Never throws, never waits. */
export type TellPlatformCall = (event: {
  readonly operator: string;
  readonly call: PlatformCall;
  readonly outcome: Asked<unknown>['kind'];
  readonly ms: number;
}) => void;

export function createAsking(platform: CompiledPlatform, link: PlatformLink, tell: TellPlatformCall): AskPlatform {
  const { operator, api, timeout } = platform;
  return async (name, spoken, ask, agent) => {
    const linked = await link.exchange(name, spoken.write(ask, agent.asker), timeout);
    const asked = judge(linked, (reply) => spoken.read(reply, ask), api.code, agent.hidden);
    tell({ operator, call: name, outcome: asked.kind, ms: 'ms' in linked ? linked.ms : 0 });
    return asked;
  };
}

/** A reply that is not the platform's word: something in front of it, or it fell over. */
export function isFromNoPlatform({ status, body }: { readonly status: number; readonly body: Uint8Array }): boolean {
  return (
    status >= 500 || (status >= 300 && status < 400) || !/^\s*\{/.test(Buffer.from(body.subarray(0, 64)).toString())
  );
}

function judge<Told>(
  linked: Linked,
  read: (reply: Members) => Told | undefined,
  codeName: string,
  hidden: readonly string[],
): Asked<Told> {
  switch (linked.kind) {
    case 'kept':
      return linked;
    case 'failed':
      return {
        kind: linked.timedOut ? 'timedOut' : 'failed',
        because: linked.because,
        mayHaveHappened: linked.sent,
      };
    case 'reply': {
      const { status, body } = linked;
      const reply = membersOf(body);
      const word = reply && wordIn(reply, codeName, hidden);
      const failed = (because: string): Asked<Told> => ({ kind: 'failed', because, word, mayHaveHappened: true });
      if (isFromNoPlatform(linked)) return failed(status === 200 ? 'the reply is not JSON' : `HTTP ${status}`);
      if (reply === undefined) return failed('the reply is not JSON');
      if (word === undefined) return failed(`HTTP ${status}, and no ${codeName} in the reply`);
      if (word.code !== 0) return { kind: 'refused', word };
      if (status >= 300) return failed(`HTTP ${status}, and ${codeName} 0`);
      const told = read(reply);
      return told === undefined ? failed('the reply does not say what it must') : { kind: 'told', told };
    }
  }
}

const longestMessage = 256;

function wordIn(reply: Members, codeName: string, hidden: readonly string[]): PlatformWord | undefined {
  const written = reply[codeName];
  const code = typeof written === 'bigint' || typeof written === 'string' ? String(written) : '';
  if (!/^-?\d{1,9}$/.test(code)) return undefined;
  const { message } = reply;
  if (typeof message !== 'string' || message === '') return { code: Number(code) };
  // A sign is as good as a callback of the same text, so it is a secret too.
  const shown = hidden
    .reduce((shown, secret) => shown.replaceAll(secret, '***'), message)
    .replaceAll(/[0-9a-f]{64}/gi, '***')
    .replaceAll(/\p{Cc}/gu, ' ')
    .slice(0, longestMessage);
  return { code: Number(code), message: shown };
}
