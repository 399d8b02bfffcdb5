// The scenes every wallet goes through, in the demo and in the rehearsal of an operator's own file: what is
// played, which result is due at each step, and how many money calls the wallet may see. It drives a platform
// player and the wallet's faults; it must never talk to the bridge in any other way. It is long because it is a list.
import { formatCents, parseCents } from '../stand-ins/cents.js';
import type { Callback } from '../stand-ins/platform-callback.js';
import { nextMove, type MoneyCallback } from '../stand-ins/platform-book.js';
import type { PlatformPlayer } from '../stand-ins/platform-player.js';
import type { Answer } from '../stand-ins/platform-post.js';

/** One call as the wallet saw it. */
export interface WalletSaw {
  readonly line: string;
  readonly movesMoney: boolean;
}

/** The wallet behind the bridge, as far as the scenes know it. */
export interface StagedWallet {
  readonly isRunning: boolean;
  /** The calls it saw since this was asked last. */
  newCalls(): Promise<readonly WalletSaw[]>;
  /** From now on the player's bets are applied and never answered, or answered with a web page. */
  befall(player: string, fault: 'apply-then-hang' | 'html-200'): Promise<void>;
  recover(): Promise<void>;
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Undoes a movement by itself; absent where it has no word for that afterwards. */
  readonly undoByHand?: ((transactionID: string) => void) | undefined;
  /** Says one of `Due.otherNos` to the next bet. */
  readonly refuseNext?: (name: string) => void;
  /** Turns the next win away for its player's session. */
  readonly turnAwayNext?: () => void;
}

export const roles = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank'] as const;
export type Role = (typeof roles)[number];

/** What each of them has at the beginning. */
export const openings: Readonly<Record<Role, string>> = {
  alice: '100.00',
  bob: '5.00',
  carol: '50.00',
  dave: '1.00',
  erin: '50.00',
  frank: '50.00',
};

type Unresolved = 'fail' | 'accept' | 'askAgain';

/** What is due with this wallet, where wallets differ. */
export interface Due {
  /** The code of a bet or win that comes again. */
  readonly duplicate: 0 | 11;
  readonly betWinCalls: 1 | 2;
  /** How many calls a free spin's bet makes: none, where the wallet is not to hear of it. */
  readonly freeSpinCalls: 0 | 1;
  /** What the platform hears of a bet, a win and a rollback that nobody can tell in time. */
  readonly unresolved: Readonly<Record<'bet' | 'win' | 'rollback', Unresolved>>;
  /** Whether the wallet can undo a bet, and a bet with its win. */
  readonly undoes: Readonly<Record<'bet' | 'betWin', boolean>>;
  /** Whether it can be found out of a bet without an answer that it was taken, and that it was not. */
  readonly findsOut: Readonly<Record<'taken' | 'notTaken', boolean>>;
  /** Whether it is found out while the platform still waits that it was taken. */
  readonly looksUp: boolean;
  /** Whether the wallet has a word for it; where it has none the scene is left out. */
  readonly says: Readonly<Record<'noFunds' | 'noPlayer' | 'noPlayerToBet' | 'badSession', boolean>>;
  /** What else the wallet may say to a bet that was not taken, and the code that makes. */
  readonly otherNos: readonly { readonly name: string; readonly code: number }[];
}

export interface Stage {
  readonly player: PlatformPlayer;
  readonly wallet: StagedWallet;
  readonly players: Readonly<Record<Role, string>>;
  /** A player the wallet does not have. */
  readonly stranger: string;
  readonly due: Due;
  /** Ids as the platform of this operator makes them. */
  readonly ids: () => { readonly transactionID: string; readonly roundID: string };
  /** An amount the currency can hold. */
  readonly amount: (text: string) => string;
  readonly tell: (event: SceneEvent) => void;
  /** Lets the time pass after which the bridge looks again at what is unfinished. */
  readonly later: () => Promise<void>;
  /** Waits, bounded, until the wallet's books agree with what a player was told, or a person must look. */
  readonly agrees: (userID: string) => Promise<'equal' | 'held' | 'different'>;
}

/** What happens, for people and programs to see. */
export type SceneEvent =
  | { readonly kind: 'scene'; readonly number: number; readonly title: string }
  | { readonly kind: 'callback'; readonly callback: Callback; readonly copies: number }
  | {
      readonly kind: 'wallet';
      readonly calls: readonly WalletSaw[];
      readonly isRunning: boolean;
      readonly later: boolean;
    }
  | { readonly kind: 'answers'; readonly answers: readonly Answer[] }
  | { readonly kind: 'note'; readonly who: 'wallet' | 'ledger'; readonly what: string }
  | { readonly kind: 'wrong'; readonly what: string };

interface Wanted {
  /** Null: no answer the platform could use. Of several, each may come. */
  readonly code: number | null | readonly number[];
  /** How many calls that could move money the wallet may see; not counted when absent. */
  readonly moneyCalls?: number;
  readonly copies?: number;
  readonly sign?: string;
}

/** Plays all scenes. Resolves with a line for everything that was not as due. */
export async function playScript(stage: Stage): Promise<string[]> {
  const { player, wallet, players, due, amount, tell, ids } = stage;
  const { alice, bob, carol, dave, erin, frank } = players;
  const wrong: string[] = [];
  let scenes = 0;

  const scene = (title: string): void => tell({ kind: 'scene', number: ++scenes, title });
  const complain = (what: string): void => {
    wrong.push(`scene ${scenes}: ${what}`);
    tell({ kind: 'wrong', what });
  };
  const showWallet = async (later: boolean): Promise<number> => {
    const calls = await wallet.newCalls();
    tell({ kind: 'wallet', calls, isRunning: wallet.isRunning, later });
    return calls.filter(({ movesMoney }) => movesMoney).length;
  };
  const play = async (callback: Callback, wanted: Wanted): Promise<void> => {
    const copies = wanted.copies ?? 1;
    tell({ kind: 'callback', callback, copies });
    const answers =
      wanted.sign === undefined
        ? await player.atOnce(callback, copies)
        : [await player.deliver(callback, { sign: wanted.sign })];
    const moneyCalls = await showWallet(false);
    tell({ kind: 'answers', answers });

    const codes = [wanted.code].flat();
    if (answers.some(({ code }) => !codes.includes(code)))
      complain(codes.includes(null) ? 'HTTP 503 was due' : `result ${codes.join(' or ')} was due`);
    if (wanted.moneyCalls !== undefined && moneyCalls !== wanted.moneyCalls)
      complain(`the wallet was due ${wanted.moneyCalls} money calls and saw ${moneyCalls}`);
    const balance = formatCents(player.expectedCents(callback.userID));
    if (answers.some(({ code, balanceText }) => (code === 0 || code === 11) && balanceText !== balance))
      complain(`the balance ${balance} was due`);
  };
  /** Something nobody can tell in time; where it is to be asked again, the platform then does so. */
  const playInDoubt = async (callback: MoneyCallback, when: Unresolved, heal: () => Promise<void>): Promise<void> => {
    await play(callback, { code: codeOf[when] });
    await heal();
    if (when !== 'askAgain') return;
    await stage.later();
    const isBet = nextMove(callback.operation, null) === 'rollback';
    const again = isBet ? player.rollback(callback.userID, callback.transactionID) : callback;
    await play(again, { code: isBet ? [0, 8, 9] : [0, due.duplicate] });
  };
  const end = async (userID: string, what: string, mayBeHeld = false): Promise<void> => {
    const end = await stage.agrees(userID);
    await showWallet(true);
    const has = `${userID} has ${formatCents(player.expectedCents(userID))}`;
    if (end === 'equal') tell({ kind: 'note', who: 'ledger', what: `${what}: ${has}` });
    else if (end === 'held' && mayBeHeld)
      tell({ kind: 'note', who: 'ledger', what: 'a person must look: this wallet leaves no other way to find out' });
    else complain(`the ledger never agreed with what ${userID} was told`);
  };
  const withdraw = (userID: string, text: string) => player.withdraw(userID, amount(text), ids());

  /** A bet, and the ids of a win in its round: there are wallets that pay no other. */
  const betFirst = async (userID: string, text: string) => {
    const of = ids();
    await play(player.withdraw(userID, amount(text), of), { code: 0, moneyCalls: 1 });
    return { ...ids(), roundID: of.roundID, refTransactionID: of.transactionID };
  };

  scene('The balance');
  await play(player.getBalance(alice), { code: 0, moneyCalls: 0 });

  const { roundID } = ids();
  const bet = player.withdraw(alice, amount('5.00'), { ...ids(), roundID });
  scene('A bet');
  await play(bet, { code: 0, moneyCalls: 1 });

  scene('Its win');
  const win = player.deposit(alice, amount('12.50'), { ...ids(), roundID, refTransactionID: bet.transactionID });
  await play(win, { code: 0, moneyCalls: 1 });

  scene('The same bet again: answered from the journal');
  await play(bet, { code: due.duplicate, moneyCalls: 0 });

  scene('The same win again: paid once');
  await play(win, { code: due.duplicate, moneyCalls: 0 });

  scene('Fifty copies of one bet: taken once');
  await play(withdraw(alice, '2.00'), { code: [0, due.duplicate], moneyCalls: 1, copies: 50 });

  const both = player.betWin(alice, amount('1.00'), amount('0.35'), ids());
  scene('A bet with its win in one callback');
  await play(both, { code: 0, moneyCalls: due.betWinCalls });

  scene('A free spin: its bet takes no money, its win is real');
  const spin = { ...ids(), freeSpinID: ids().transactionID };
  await play(player.withdraw(alice, player.wire.freeSpinsNameTheirBet ? amount('3.00') : '0.00', spin), {
    code: 0,
    moneyCalls: due.freeSpinCalls,
  });
  const spinWin = { ...spin, transactionID: ids().transactionID, refTransactionID: spin.transactionID };
  await play(player.deposit(alice, amount('0.65'), spinWin), { code: 0, moneyCalls: 1 });

  if (due.says.noFunds) {
    const tooMuch = player.withdraw(bob, formatCents(player.expectedCents(bob) + parseCents(amount('0.01'))), ids());
    scene('Too little money, and the same again: the no is remembered');
    await play(tooMuch, { code: 6, moneyCalls: 1 });
    await play(tooMuch, { code: 6, moneyCalls: 0 });
  }

  if (due.says.noPlayer || due.says.noPlayerToBet) scene('A player the wallet does not have');
  if (due.says.noPlayer) await play(player.getBalance(stage.stranger), { code: 5, moneyCalls: 0 });
  if (due.says.noPlayerToBet) await play(withdraw(stage.stranger, '1.00'), { code: 5, moneyCalls: 1 });

  if (due.otherNos.length > 0) scene('Every other no of the wallet to a bet');
  for (const { name, code } of due.otherNos) {
    wallet.refuseNext?.(name);
    await play(withdraw(frank, '1.00'), { code, moneyCalls: 1 });
  }

  if (due.says.badSession) {
    scene('A win whose session the wallet turns away: sent once more with another one');
    const winAfterBet = await betFirst(frank, '1.25');
    wallet.turnAwayNext?.();
    await play(player.deposit(frank, amount('1.25'), winAfterBet), { code: 0, moneyCalls: 2 });
  }

  const undone = withdraw(due.undoes.bet ? alice : frank, '7.77');
  const undo = player.rollback(undone.userID, undone.transactionID);
  if (due.undoes.bet) {
    scene('A bet is rolled back');
    await play(undone, { code: 0, moneyCalls: 1 });
    await play(undo, { code: 0, moneyCalls: 1 });

    scene('The same rollback again: already rolled back');
    await play(undo, { code: 9, moneyCalls: 0 });
  } else {
    scene('A bet is rolled back that the wallet cannot undo');
    await play(undone, { code: 0, moneyCalls: 1 });
    await play(undo, { code: codeOf[due.unresolved.rollback], moneyCalls: 0 });
    await end(undone.userID, 'undone', true);
  }

  if (due.undoes.betWin) {
    scene('Bet and win of one callback are rolled back together');
    await play(player.rollback(alice, both.transactionID), { code: 0, moneyCalls: due.betWinCalls });
  }

  if (due.undoes.bet && wallet.undoByHand !== undefined) {
    const byHand = withdraw(alice, '1.50');
    scene('A bet is rolled back that the wallet’s own people have undone already');
    await play(byHand, { code: 0, moneyCalls: 1 });
    wallet.undoByHand(byHand.transactionID);
    await play(player.rollback(alice, byHand.transactionID), { code: 0, moneyCalls: 1 });
  }

  const late = withdraw(alice, '3.00');
  scene('A rollback of a bet nobody has heard of, then the bet comes late: it must not be taken');
  await play(player.rollback(alice, late.transactionID), { code: 8, moneyCalls: 0 });
  await play(late, { code: 9, moneyCalls: 0 });

  scene('A bet with a bad sign');
  await play(withdraw(alice, '1.00'), { code: 3, moneyCalls: 0, sign: '0'.repeat(64) });

  const hanging = due.looksUp ? 'accept' : due.unresolved.bet;
  scene(
    `The wallet takes a bet and never answers: ${due.looksUp ? 'it is asked what became of it' : promised[hanging]}`,
  );
  await play(player.getBalance(carol), { code: 0 });
  await wallet.befall(carol, 'apply-then-hang');
  await playInDoubt(withdraw(carol, '4.00'), hanging, () => wallet.recover());
  await end(carol, 'as it was told', !due.findsOut.taken || !due.undoes.bet);

  scene(`The wallet answers a bet with a web page, and has not taken it: ${promised[due.unresolved.bet]}`);
  await play(player.getBalance(erin), { code: 0 });
  await wallet.befall(erin, 'html-200');
  await playInDoubt(withdraw(erin, '6.00'), due.unresolved.bet, () => wallet.recover());
  await end(erin, 'as it was told', !due.findsOut.notTaken || !due.undoes.bet);

  scene(`The wallet is down while a win comes: ${promised[due.unresolved.win]}`);
  const owed = await betFirst(dave, '1.00');
  await wallet.kill();
  await playInDoubt(player.deposit(dave, amount('30.00'), owed), due.unresolved.win, async () => {
    tell({ kind: 'note', who: 'wallet', what: 'is started again' });
    await wallet.start();
  });
  await end(dave, 'as it was told');

  return wrong;
}

const codeOf = { fail: 1, accept: 0, askAgain: null } as const;
const promised: Readonly<Record<Unresolved, string>> = {
  fail: 'told as failed, so it must end without effect',
  accept: 'told as done, so it must end done',
  askAgain: 'the platform is to ask again',
};
