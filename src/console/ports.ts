// What the console is shown of the bridge, and may do to it. It reads no file, no environment and no metric by
// itself.

import type { Journal, Sample } from '../domain/ports.js';
import type { Right } from './visitors.js';

export interface ConsolePorts {
  readonly version: string;
  /** Undefined: callbacks may be sent here. */
  readonly whyNotReady: () => string | undefined;
  /** No token is set, and nobody needs one. */
  readonly isOpen: boolean;
  readonly rightOf: (token: string) => Right | undefined;
  readonly turnedAway: (address: string | undefined) => void;
  readonly operators: () => readonly OperatorShown[];
  /** Undefined until there is one. */
  readonly journal: () => Journal | undefined;
  /** The last count there was, and how long ago (ms). */
  readonly counted: () => { readonly sample: Sample; readonly ago: number } | undefined;
  readonly figures: () => Promise<ReadonlyMap<string, OperatorFigures>>;
  readonly playground: Playground;
  /** Told of everything anybody did, or tried to. */
  readonly acted: (event: Acted) => void;
  readonly failed: (error: unknown) => void;
}

export interface OperatorShown {
  readonly name: string;
  readonly agents: readonly string[];
  /** Claims are listed for their player. */
  readonly findsByPlayer: boolean;
}

/** Since the start of this process. */
export interface OperatorFigures {
  readonly breakers: readonly { readonly callClass: string; readonly state: 'closed' | 'halfOpen' | 'open' }[];
  readonly callbacks: readonly { readonly operation: string; readonly result: string; readonly count: number }[];
  /** Milliseconds; `p95`: the bound of the bucket it lies in, Infinity: above the last. */
  readonly durations: readonly {
    readonly operation: string;
    readonly count: number;
    readonly mean: number;
    readonly p95: number;
  }[];
  readonly wallet: readonly { readonly call: string; readonly outcome: string; readonly count: number }[];
}

export interface Acted {
  /** As they called themselves: with a shared token nobody can know better. */
  readonly who: string;
  readonly what: string;
  readonly operator?: string;
  readonly agentID?: string;
  readonly transactionID?: string;
  readonly reason?: string;
  readonly outcome: string;
}

/**
 * An operator's file at work on made-up callbacks, and another version of it, which is kept nowhere. It sends nothing,
 * and no real secret is near it.
 */
export interface Playground {
  readonly operations: readonly string[];
  readonly kinds: readonly string[];
  readonly play: (operator: string, what: Played) => Promise<Explained>;
}

export interface Played {
  readonly operation: string;
  /** Of a rollback or lookup: what it is about. */
  readonly of?: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly reply?: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly text: string;
  };
  /** The text of another version of the operator's file. */
  readonly file?: string;
}

export type Marked = readonly { readonly text: string; readonly is: 'plain' | 'masked' | 'standIn' }[];

export type Explanation = { readonly because: string } | { readonly calls: readonly ExplainedCall[] };

/** `other`: where another version was given. */
export type Explained = Explanation & { readonly other?: OtherVersion };

export interface OtherVersion {
  /** Its mistakes and warnings, each with its place. */
  readonly problems: readonly string[];
  /** What it reads and the file in use does not: it was not read. */
  readonly unread: readonly string[];
  /** Absent where it has a mistake. */
  readonly explained?: Explanation;
}

export interface ExplainedCall {
  readonly title: string;
  readonly cannot?: { readonly because: Marked; readonly result: string };
  readonly request?: {
    readonly method: string;
    readonly url: Marked;
    readonly headers: readonly { readonly name: string; readonly value: Marked }[];
    readonly body?: Marked;
  };
  readonly reply?: ExplainedReply | { readonly because: Marked };
}

export interface ExplainedReply {
  readonly status: number;
  readonly bytes: number;
  readonly unreadable?: Marked;
  readonly rules: readonly {
    readonly path: string;
    readonly text: Marked;
    readonly held: boolean | { readonly because: Marked };
  }[];
  readonly becomes: {
    readonly outcome: string;
    readonly result?: string;
    readonly balance?: string;
    readonly receipt?: string;
    readonly because?: string;
  };
}
