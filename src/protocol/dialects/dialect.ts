// All that a dialect of the platform's wire says, as one value: no other file knows a path, a name or an
// order of one. Roles are the domain's words for what a field says, whatever the platform calls it. The
// compiler makes whoever adds a dialect say all of it.

import type { Content, MoneyKind, Operation } from '../../domain/callback.js';
import type { Money } from '../../domain/money.js';
import type { JsonMembers } from '../read-json.js';

/**
 * The name of the field that says who calls, and so in which dialect. All dialects share it, because it is
 * read before the dialect is known.
 */
export const agentName = 'agentID';

/** `refTransactionID` is the bet that a deposit pays for, where a dialect signs it. */
const roles = ['agentID', 'userID', 'transactionID', 'roundID', 'bet', 'win', 'gameID', 'refTransactionID'] as const;
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
  readonly refTransactionID?: string;
};

/** What only some dialects tell, and nobody signs. */
type Unsigned = 'freeSpinID' | 'isBonusBuy' | 'endRound';
/** What a callback may bring in one dialect and not in another, by the names that expressions read it under. */
export type Brought = Unsigned | 'refTransactionID';

/** What is the same for all operations. */
interface Common<Tells extends Unsigned> {
  readonly sign: string;
  /** Read where it is there, signed or not. */
  readonly gameID: string;
  /**
   * What a callback that moves money says besides what is signed: above all whether the platform pays for the
   * bet. It spares the player's money, so only what the platform documents counts.
   */
  readonly besides: (
    kind: MoneyKind,
    members: JsonMembers,
    bet: Money | undefined,
  ) => Pick<Content, 'freeSpin' | Tells>;
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

/** A dialect as its file says it; `tells` names all that `besides` may say but the free spin. */
interface Spoken<Tells extends Unsigned> extends Common<Tells> {
  readonly tells: readonly Tells[];
  readonly operations: {
    /** The path is its last segment, exactly as the platform writes it. */
    readonly [Kind in Operation]: { readonly path: string; readonly signs: Signs<Kind> };
  };
}

/** A dialect as callbacks are read by it. */
export interface Dialect extends Common<Unsigned> {
  readonly operations: Readonly<Record<Operation, CallbackShape>>;
  readonly brings: ReadonlySet<Brought>;
  /** True where each callback must name its game, because its sign has it. */
  readonly signsGameID: boolean;
  /** The same as a vendor speaks it that leaves the game out of its signs; undefined where nobody signs it. */
  readonly withoutGameInSigns: Dialect | undefined;
}

export interface CallbackShape {
  readonly operation: Operation;
  readonly path: string;
  readonly signed: readonly { readonly role: Role; readonly name: string }[];
}

/** Made once, so that no callback pays for it. */
export function dialectOf<const Tells extends Unsigned>(spoken: Spoken<Tells>): Dialect {
  const whole = read(spoken, []);
  return whole.signsGameID ? { ...whole, withoutGameInSigns: read(spoken, ['gameID']) } : whole;
}

function read<Tells extends Unsigned>(spoken: Spoken<Tells>, left: readonly Role[]): Dialect {
  const { operations, tells, ...common } = spoken;
  const shapeOf = (operation: Operation): CallbackShape => {
    const { path, signs } = operations[operation];
    const signed = Object.entries(signs).flatMap(([key, name]) =>
      roles.filter((role) => role === key && !left.includes(role)).map((role) => ({ role, name })),
    );
    return { operation, path, signed };
  };
  const shapes = {
    getBalance: shapeOf('getBalance'),
    withdraw: shapeOf('withdraw'),
    deposit: shapeOf('deposit'),
    betWin: shapeOf('betWin'),
    rollback: shapeOf('rollback'),
  };
  const isSigned = (role: Role, { signed }: CallbackShape): boolean => signed.some((one) => one.role === role);
  return {
    ...common,
    operations: shapes,
    brings: new Set([
      ...tells,
      ...(isSigned('refTransactionID', shapes.deposit) ? (['refTransactionID'] as const) : []),
    ]),
    signsGameID: Object.values(shapes).every((shape) => isSigned('gameID', shape)),
    withoutGameInSigns: undefined,
  };
}
