// The platform's own API as one dialect speaks it, as one value: paths, names, who is asking, what a reply
// says. No other file knows any of that. What is asked, and what is told, has one shape for all dialects; a
// dialect says what of it it can carry.

import type { KeyObject } from 'node:crypto';

/** Every call of the platform there is; a dialect may lack some. */
export const platformCalls = ['games', 'launch', 'free-spins', 'free-spin-status', 'free-spin-cancel'] as const;
export type PlatformCall = (typeof platformCalls)[number];

export const languages = ['en', 'fr', 'de', 'it', 'kr', 'tr', 'pt', 'id', 'es', 'zh', 'uk', 'ru'] as const;

interface OfAgent {
  readonly agentID: string;
}
interface OfPlayer extends OfAgent {
  readonly userID: string;
  readonly gameID: string;
}
/** What each call asks. What is optional here is carried by some dialects only. */
export interface Asks {
  readonly games: OfAgent;
  readonly launch: OfPlayer & {
    readonly language: (typeof languages)[number];
    /** Where the game leads back to. */
    readonly lobbyUrl?: string | undefined;
    /** A player whose game pays more and counts for no revenue. */
    readonly affiliate?: boolean | undefined;
  };
  readonly 'free-spins': OfPlayer & {
    readonly count: number;
    readonly betLevel?: number | undefined;
    /** ISO 8601, in UTC. */
    readonly expires?: string | undefined;
    readonly freeSpinID?: string | undefined;
  };
  readonly 'free-spin-status': OfAgent & { readonly freeSpinID: string };
  readonly 'free-spin-cancel': OfPlayer & { readonly freeSpinID: string };
}

export interface Game {
  readonly gameID: string;
  readonly name: string;
  readonly type?: string;
  readonly provider?: string;
  /** URLs, the best first. */
  readonly images: readonly string[];
  /** What else the platform says of it, under the platform's names. */
  readonly other: Readonly<Record<string, unknown>>;
}

/** What each call tells when the platform did it. */
export interface Tells {
  readonly games: readonly Game[];
  readonly launch: { readonly url: string };
  readonly 'free-spins': Pick<Asks['free-spins'], 'betLevel' | 'expires'> & { readonly freeSpinID: string };
  readonly 'free-spin-status': {
    readonly freeSpinID: string;
    readonly status: 'active' | 'completed' | 'expired';
    readonly total: number;
    readonly used: number;
    readonly remaining: number;
  };
  readonly 'free-spin-cancel': { readonly freeSpinID: string; readonly cancelled: true };
}

/** As whom the platform is asked. Both are secrets. */
export interface Asker {
  readonly token: string;
  readonly key: KeyObject;
}

export interface PlatformRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

export type Members = Readonly<Record<string, unknown>>;

/** One call as a dialect has it. */
export interface Spoken<Name extends PlatformCall> {
  /** The optional fields it can carry. */
  readonly carries: readonly string[];
  /** Fills in what the platform wants to be told and the site left out. */
  readonly complete?: (ask: Asks[Name], made: { readonly now: number; readonly uuid: string }) => Asks[Name];
  readonly write: (ask: Asks[Name], as: Asker) => PlatformRequest;
  /** What a reply with code 0 tells; undefined where it does not say what it must. */
  readonly read: (reply: Members, ask: Asks[Name]) => Tells[Name] | undefined;
}

interface Fit {
  readonly pattern: RegExp;
  readonly expected: string;
}

export interface PlatformApi {
  /** The name of the result code in a reply; its text is called `message` in all dialects. */
  readonly code: string;
  /** Whether requests are signed with an agent's key. */
  readonly signs: boolean;
  /** What identifiers must look like for this dialect, beside the operator's own formats. */
  readonly fits: Readonly<Partial<Record<'userID' | 'gameID' | 'freeSpinID', Fit>>>;
  /** Undefined: this dialect has no such call. */
  readonly calls: { readonly [Name in PlatformCall]: Spoken<Name> | undefined };
}
