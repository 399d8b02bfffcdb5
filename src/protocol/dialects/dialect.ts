// All that a dialect of the platform's wire says, as one value: no other file knows a path, a name or an
// order of one. Roles are the domain's words for what a field says, whatever the platform calls it. The
// compiler makes whoever adds a dialect say all of it.

import type { MoneyKind, Operation } from '../../domain/callback.js';
import type { Formats } from '../formats.js';
import type { JsonMembers } from '../read-json.js';

/**
 * The name of the field that says who calls, and so in which dialect. All dialects share it, because it is
 * read before the dialect is known.
 */
export const agentName = 'agentID';

/** `betTransactionID` is the bet that a deposit pays for, where a dialect signs it. */
const roles = ['agentID', 'userID', 'transactionID', 'roundID', 'bet', 'win', 'gameID', 'betTransactionID'] as const;
export type Role = (typeof roles)[number];

type OfMovement = 'agentID' | 'userID' | 'transactionID' | 'roundID';

/** What no dialect may leave unsigned, for it decides which money moves. */
interface Needed {
  readonly getBalance: 'agentID' | 'userID';
  readonly withdraw: OfMovement | 'bet';
  readonly deposit: OfMovement | 'win';
  readonly betWin: OfMovement | 'bet' | 'win';
  /** The transactionID is that of what is rolled back. */
  readonly rollback: 'agentID' | 'userID' | 'transactionID';
}

/** The name of each role that is signed, in the order in which they are signed. All of them are required. */
type Signs<Kind extends Operation> = Readonly<Record<Needed[Kind], string>> & {
  readonly agentID: typeof agentName;
  readonly gameID?: string;
  readonly betTransactionID?: string;
};

/** What is the same for all operations. */
interface Common {
  readonly sign: string;
  /** Read where it is there, signed or not. */
  readonly gameID: string;
  /**
   * Whether the platform pays for the bet. Nobody signs that, and it spares the player's money: only what the
   * platform documents counts.
   */
  readonly isFreeSpin: (kind: MoneyKind, members: JsonMembers) => boolean;
  /**
   * True where, with identifiers of these formats, no sign can be valid for anything but what it was made of:
   * not for another transactionID, and a balance query's not for any transaction. Values are signed with
   * nothing between, so that depends on which stand side by side. False in doubt, which costs a memory of
   * signs and nothing else.
   */
  readonly signsAreApart: (formats: Formats) => boolean;
  /** The names in an answer; its text is called `message` in all dialects. */
  readonly answer: {
    readonly code: string;
    readonly balance: string;
    /** Beside a balance that was asked for; undefined where none is told. */
    readonly currency: string | undefined;
    /** What we find the transaction by; undefined where that is not told. */
    readonly reference: string | undefined;
  };
}

/** A dialect as its file says it. */
interface Spoken extends Common {
  readonly operations: {
    /** The path is its last segment, exactly as the platform writes it. */
    readonly [Kind in Operation]: { readonly path: string; readonly signs: Signs<Kind> };
  };
}

/** A dialect as callbacks are read by it. */
export interface Dialect extends Common {
  readonly operations: Readonly<Record<Operation, CallbackShape>>;
}

interface CallbackShape {
  readonly operation: Operation;
  readonly path: string;
  readonly signed: readonly { readonly role: Role; readonly name: string }[];
}

/** Made once, so that no callback pays for it. */
export function dialectOf({ operations, ...common }: Spoken): Dialect {
  const shapeOf = (operation: Operation): CallbackShape => {
    const { path, signs } = operations[operation];
    const signed = Object.entries(signs).flatMap(([key, name]) =>
      roles.filter((role) => role === key).map((role) => ({ role, name })),
    );
    return { operation, path, signed };
  };
  return {
    ...common,
    operations: {
      getBalance: shapeOf('getBalance'),
      withdraw: shapeOf('withdraw'),
      deposit: shapeOf('deposit'),
      betWin: shapeOf('betWin'),
      rollback: shapeOf('rollback'),
    },
  };
}
