// What one player has by what the platform was told, from the first balance of the run on. What the service
// adds or takes beyond that is kept apart, so that the books of a run always say by how much they differ.
import { amountsOf, type Folded } from '../platform-book.js';

/** Cents moved by what was told. */
export interface Moves {
  staked: bigint;
  won: bigint;
  /** Bets given back, and wins taken back. */
  betsBack: bigint;
  winsBack: bigint;
}

export const noMoves = (): Moves => ({ staked: 0n, won: 0n, betsBack: 0n, winsBack: 0n });

export class Purse {
  /** The first balance that was told. */
  opening: bigint | undefined;
  /** The last balance that was told. */
  closing: bigint | undefined;
  /** What the player must have before the round that is under way. */
  start: bigint | undefined;
  /** Something got no answer to its end, so the next balance is taken as it is. */
  isUnsure = false;
  readonly moves = noMoves();

  constructor(readonly userID: string) {}

  /** What must be there at the end of the run. */
  get due(): bigint | undefined {
    return this.opening === undefined ? undefined : this.opening + net(this.moves);
  }

  /**
   * A balance that is not what was due: all that follows is counted from it. `moved` is what the round under
   * way has moved so far.
   */
  goOnFrom(told: bigint, moved: bigint): void {
    this.isUnsure = false;
    this.start = told - moved;
    this.opening ??= this.start - net(this.moves);
  }

  /** A round's end. */
  settle(book: readonly Folded[]): void {
    const { moves } = this;
    for (const { callback, standing, effect, wasDone } of book) {
      if (standing === 'stands' && this.start !== undefined) this.start += effect;
      if (!wasDone || (standing !== 'stands' && standing !== 'undone')) continue;
      const { bet, win } = amountsOf(callback);
      moves.staked += bet;
      moves.won += win;
      if (standing !== 'undone') continue;
      moves.betsBack += bet;
      moves.winsBack += win;
    }
  }
}

const net = ({ staked, won, betsBack, winsBack }: Moves): bigint => won - staked + betsBack - winsBack;
