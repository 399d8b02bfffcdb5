// What the platform's rounds look like, one row a scene: what is delivered in which order, and what is due.
// A scene brings its player back into a state that is known, whatever the service did. It is long because it is
// a table.
import type { MoneyCallback } from '../platform-book.js';
import { formatCents } from '../cents.js';
import { freshId } from '../platform-line.js';
import { dearer, REFUSALS } from './refusals.js';
import type { Due, Round, Scene } from './round.js';
import type { Rule } from './rules.js';

const due = (rule: Rule, ...codes: readonly number[]): Due => ({ rule, codes });

const TAKEN = due('taken', 0);
const TAKEN_ONCE = due('taken-once', 0, 11);
const PAID = due('paid', 0);
const PAID_ONCE = due('paid-once', 0, 11);
const BET_AND_WIN = due('bet-and-win', 0);
const BET_AND_WIN_ONCE = due('bet-and-win-once', 0, 11);
const UNDONE = due('undone', 0);
const UNDONE_ONCE = due('undone-once', 9, 0);
const UNKNOWN = due('undo-unknown', 8);
const LATE = due('late-bet', 1, 2, 3, 4, 5, 6, 8, 9);

const betOf = (round: Round, cents = round.stake(), given = {}): MoneyCallback =>
  round.line.withdraw(round.userID, formatCents(cents), given);

/** A win in the round of a bet. */
const winOf = (round: Round, bet: MoneyCallback, cents: bigint, given = {}): MoneyCallback =>
  round.line.deposit(round.userID, formatCents(cents), {
    ...('roundID' in bet && { roundID: bet.roundID }),
    refTransactionID: bet.transactionID,
    ...given,
  });

const someWin = (round: Round): bigint => round.amount(round.seat.amounts.unit, 2n * round.stake());

/** What is won, in a round of its own: a wallet may pay a win only where it has taken a bet. */
const newWin = async (round: Round, cents?: bigint): Promise<MoneyCallback | undefined> => {
  const bet = betOf(round);
  return (await round.step(bet, TAKEN)) ? winOf(round, bet, cents ?? someWin(round)) : undefined;
};

const betAndWinOf = (round: Round): MoneyCallback => {
  const win = round.dice.below(3) === 0 ? 0n : someWin(round);
  return round.line.betWin(round.userID, formatCents(round.stake()), formatCents(win));
};

const undoOf = (round: Round, { userID, transactionID }: MoneyCallback): MoneyCallback =>
  round.line.rollback(userID, transactionID);

const copiesOf = (round: Round, callback: MoneyCallback, rule: Due): Promise<boolean> =>
  round.together(Array.from({ length: 2 + round.dice.below(4) }, () => ({ callback, due: rule })));

/** Nobody hears what it is answered, so a yes is only worth knowing; but money must not move. */
const lateCopy = (round: Round, bet: MoneyCallback): Promise<boolean> =>
  round.step(bet, { rule: 'late-bet', codes: [...LATE.codes, 0, 11], noted: 'late-copy' });

/** Less patience than an answer usually takes, or just enough. */
const impatience = (round: Round): { readonly timeoutMs: number } => {
  const usual = Math.max(2, round.seat.table.latency.percentile(50) / 1_000);
  return { timeoutMs: 1 + round.dice.below(Math.ceil(1.5 * usual)) };
};

export const SCENES = {
  balance: {
    weight: 5,
    what: 'the balance, three times',
    play: async (round) => {
      for (let i = 0; i < 3; i += 1) await round.look();
    },
  },
  'bet-lost': {
    weight: 20,
    what: 'a bet, and a Deposit of 0.00 that closes its round',
    play: async (round) => {
      const bet = betOf(round);
      if (await round.step(bet, TAKEN)) await round.step(winOf(round, bet, 0n), PAID);
    },
  },
  'bet-won': {
    weight: 25,
    what: 'a bet and its win',
    play: async (round) => {
      const bet = betOf(round);
      if (await round.step(bet, TAKEN)) await round.step(winOf(round, bet, someWin(round)), PAID);
    },
  },
  'several-wins': {
    weight: 5,
    what: 'a bet and three wins, the last of which ends the round',
    play: async (round) => {
      const bet = betOf(round);
      if (!(await round.step(bet, TAKEN))) return;
      for (const endRound of [false, false, true])
        await round.step(winOf(round, bet, someWin(round), { endRound }), PAID);
    },
  },
  'bet-and-win': {
    weight: 10,
    what: 'a BetWin',
    play: (round) => round.step(betAndWinOf(round), BET_AND_WIN),
  },
  'win-first': {
    weight: 3,
    what: 'a win that comes before its bet',
    play: async (round) => {
      const bet = betOf(round);
      await round.step(winOf(round, bet, someWin(round)), PAID);
      await round.step(bet, TAKEN);
    },
  },
  'bet-again': {
    weight: 8,
    what: 'a bet, its win, and the bet twice more',
    play: async (round) => {
      const bet = betOf(round);
      if (!(await round.step(bet, TAKEN))) return;
      await round.step(bet, TAKEN_ONCE);
      await round.step(winOf(round, bet, someWin(round)), PAID);
      await round.step(bet, TAKEN_ONCE);
    },
  },
  'bet-at-once': {
    weight: 5,
    what: 'several copies of one bet at the same instant',
    play: (round) => copiesOf(round, betOf(round), TAKEN_ONCE),
  },
  'win-again': {
    weight: 5,
    what: 'a bet and its win twice; another, and several copies of its win at the same instant',
    play: async (round) => {
      const win = await newWin(round);
      if (win !== undefined && (await round.step(win, PAID))) await round.step(win, PAID_ONCE);
      const another = await newWin(round);
      if (another !== undefined) await copiesOf(round, another, PAID_ONCE);
    },
  },
  'bet-and-win-again': {
    weight: 3,
    what: 'a BetWin twice, and several copies of one at the same instant',
    play: async (round) => {
      const both = betAndWinOf(round);
      if (await round.step(both, BET_AND_WIN)) await round.step(both, BET_AND_WIN_ONCE);
      await copiesOf(round, betAndWinOf(round), BET_AND_WIN_ONCE);
    },
  },
  'two-bets': {
    weight: 3,
    what: 'two different bets at the same instant',
    play: (round) =>
      round.together([betOf(round), betOf(round)].map((callback) => ({ callback, due: due('taken-apart', 0) }))),
  },
  rollback: {
    weight: 6,
    what: 'a bet, another round that is won, the bet’s rollback twice and a late copy of it; then the round goes on',
    play: async (round) => {
      const bet = betOf(round);
      if (!(await round.step(bet, TAKEN)) || !('roundID' in bet)) return;
      // More than any bet, so that today's balance is never by chance that of before.
      const win = await newWin(round, round.seat.amounts.most + someWin(round));
      if (win !== undefined) await round.step(win, PAID);
      await round.step(undoOf(round, bet), UNDONE);
      await round.step(undoOf(round, bet), UNDONE_ONCE);
      await lateCopy(round, bet);
      const next = betOf(round, round.stake(), { roundID: bet.roundID });
      if (await round.step(next, TAKEN)) await round.step(winOf(round, next, someWin(round)), PAID);
    },
  },
  'rollback-of-a-win': {
    weight: 3,
    what: 'a bet, and its win rolled back twice; a BetWin rolled back twice',
    play: async (round) => {
      const win = await newWin(round);
      if (win !== undefined && (await round.step(win, PAID))) {
        await round.step(undoOf(round, win), UNDONE);
        await round.step(undoOf(round, win), UNDONE_ONCE);
      }
      const both = betAndWinOf(round);
      if (!(await round.step(both, BET_AND_WIN))) return;
      await round.step(undoOf(round, both), UNDONE);
      await round.step(undoOf(round, both), UNDONE_ONCE);
    },
  },
  'rollback-first': {
    weight: 4,
    what: 'a rollback of what never came, then its bet comes late, then the rollback again',
    play: async (round) => {
      const bet = betOf(round);
      await round.step(undoOf(round, bet), UNKNOWN);
      await round.step(bet, LATE);
      await round.step(undoOf(round, bet), due('undo-unknown', 8, 9));
    },
  },
  'rollback-meanwhile': {
    weight: 3,
    what: 'a bet and its rollback at the same instant, and the bet again',
    play: async (round) => {
      const bet = betOf(round);
      await round.together([
        { callback: bet, due: due('undo-meanwhile', 0, 1, 2, 3, 4, 5, 6, 8, 9) },
        { callback: undoOf(round, bet), due: due('undo-meanwhile', 0, 8, 9) },
      ]);
      await lateCopy(round, bet);
    },
  },
  'bet-given-up': {
    weight: 4,
    what: 'a bet for whose answer the platform does not wait: it rolls back, and a copy comes late',
    play: async (round) => {
      const bet = betOf(round);
      if (!(await round.step(bet, TAKEN, impatience(round)))) await lateCopy(round, bet);
    },
  },
  'win-given-up': {
    weight: 4,
    what: 'a bet, and its win, for whose answer the platform does not wait: it is delivered until it is answered',
    play: async (round) => {
      const win = await newWin(round);
      if (win === undefined) return;
      await round.step(win, PAID, impatience(round));
      await round.step(win, PAID_ONCE);
    },
  },
  'rollback-by-another': {
    weight: 2,
    what: 'a bet, and its rollback in another player’s name',
    play: async (round) => {
      const bet = betOf(round);
      if (!(await round.step(bet, TAKEN))) return;
      const [other] = round.dice.shuffled(round.seat.others);
      const codes = other === undefined ? [8, 5, 2] : [8];
      await round.step(round.line.rollback(other ?? freshId(), bet.transactionID), due('undo-of-others', ...codes));
      await round.step(bet, due('undo-of-others', 0, 11));
    },
  },
  'other-content': {
    weight: 3,
    what: 'a bet, and its transactionID with another amount, round, and operation',
    play: async (round) => {
      const bet = betOf(round);
      if (!(await round.step(bet, TAKEN)) || bet.operation !== 'Withdraw') return;
      const { userID, transactionID, roundID, amount } = bet;
      const more = round.line.withdraw(userID, dearer(round, amount), { transactionID, roundID });
      const moved = round.line.withdraw(userID, amount, { transactionID });
      const turned = round.line.deposit(userID, amount, { transactionID, roundID });
      for (const other of [more, moved]) await round.step(other, due('other-content', 2));
      // Where a win is signed like a bet, its sign is that of the bet.
      await round.step(turned, due('other-content', 2, 3));
      await round.step(bet, TAKEN_ONCE);
    },
  },
  'free-spin': {
    weight: 5,
    what: 'a free spin, again, its win; and one that is rolled back',
    play: async (round) => {
      const given = { freeSpinID: freshId() };
      const cents = round.line.wire.freeSpinsNameTheirBet ? round.stake() : 0n;
      const spin = betOf(round, cents, given);
      const rule = due('free-spin', 0, 11);
      if (!(await round.step(spin, due('free-spin', 0)))) return;
      await round.step(spin, rule);
      await round.step(winOf(round, spin, someWin(round), given), due('free-spin', 0));
      const undone = betOf(round, cents, given);
      if (await round.step(undone, due('free-spin', 0))) await round.step(undoOf(round, undone), due('free-spin', 0));
    },
  },
  'no-funds': {
    weight: 3,
    what: 'a bet of more than the player has, twice',
    play: async (round) => {
      const { balance } = round;
      if (balance === undefined || balance < 0n) return round.look();
      const { unit } = round.seat.amounts;
      const bet = betOf(round, balance - (balance % unit) + round.amount(unit, 100n * unit));
      const isTaken = await round.step(bet, due('funds', 6));
      if (isTaken) return round.step(undoOf(round, bet), UNDONE);
      return round.step(bet, due('funds', 6));
    },
  },
  ...REFUSALS,
} as const satisfies Readonly<Record<string, Scene>>;

export type SceneName = keyof typeof SCENES;

/** Where a player has too little for most scenes. Only who has nothing to bet is paid without a bet. */
export const TOP_UP: Scene = {
  weight: 0,
  what: 'a win of four bets',
  play: async (round) => {
    const { least, most } = round.seat.amounts;
    const { balance = 0n } = round;
    const bet = betOf(round, least);
    if (balance < least || (await round.step(bet, TAKEN))) await round.step(winOf(round, bet, 4n * most), PAID);
  },
};
