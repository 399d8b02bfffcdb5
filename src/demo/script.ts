// What the demo plays, step by step, and what is due at each: which result, and how many money calls the
// wallet may see. It drives the platform player and the wallet's faults; it must never talk to the bridge in
// any other way.
import { isLosslessNumber } from 'lossless-json';
import { formatCents } from '../stand-ins/cents.js';
import type { WalletProcess } from './processes.js';
import type { JsonObject } from '../stand-ins/json-object.js';
import type { Callback } from '../stand-ins/platform-callback.js';
import { freshId, type Answer, type PlatformPlayer } from '../stand-ins/platform-player.js';

export interface Stage {
  readonly player: PlatformPlayer;
  readonly wallet: WalletProcess;
  readonly players: { readonly alice: string; readonly bob: string; readonly carol: string; readonly dave: string };
  readonly out: (line: string) => void;
  /** Waits, bounded, until the ledger file agrees with what a player was told; false when it never did. */
  readonly agrees: (userID: string) => Promise<boolean>;
}

interface Due {
  readonly code: number;
  /** How many calls that could move money the wallet may see; not counted when absent. */
  readonly moneyCalls?: number;
  readonly copies?: number;
  readonly sign?: string;
}

/** Plays all steps. Resolves with a line for everything that was not as due. */
export async function playScript(stage: Stage): Promise<string[]> {
  const { player, wallet, players, out } = stage;
  const { alice, bob, carol, dave } = players;
  const wrong: string[] = [];
  let steps = 0;

  const step = (title: string): void => {
    steps += 1;
    out('');
    out(`${String(steps).padStart(2)}  ${title}`);
  };
  const complain = (what: string): void => {
    wrong.push(`step ${steps}: ${what}`);
    out(`    WRONG     ${what}`);
  };
  const showWallet = async (label = 'wallet'): Promise<number> => {
    const calls = await wallet.newCalls();
    const lines = calls.length > 0 ? counted(calls.map(walletLine)) : [wallet.isRunning ? 'saw nothing' : 'is down'];
    for (const line of lines) out(`    ${label.padEnd(9)} ${line}`);
    return calls.filter(({ method }) => method === 'POST').length;
  };
  const play = async (callback: Callback, due: Due): Promise<void> => {
    const copies = due.copies ?? 1;
    out(`    platform  ${callbackLine(callback)}${copies > 1 ? `, ${copies} copies at once` : ''}`);
    const answers =
      due.sign === undefined
        ? await player.atOnce(callback, copies)
        : [await player.deliver(callback, { sign: due.sign })];
    const moneyCalls = await showWallet();
    for (const line of counted(answers.map(answerLine))) out(`    answer    ${line}`);

    if (answers.some(({ code }) => code !== due.code)) complain(`result ${due.code} was due`);
    if (due.moneyCalls !== undefined && moneyCalls !== due.moneyCalls) {
      complain(`the wallet was due ${due.moneyCalls} money calls and saw ${moneyCalls}`);
    }
    const balance = formatCents(player.expectedCents(callback.userID));
    if (due.code === 0 && answers.some(({ balanceText }) => balanceText !== balance)) {
      complain(`the balance ${balance} was due`);
    }
  };
  const end = async (userID: string, what: string): Promise<void> => {
    const agrees = await stage.agrees(userID);
    await showWallet('later');
    if (agrees) out(`    ledger    ${what}: ${userID} has ${formatCents(player.expectedCents(userID))}`);
    else complain(`the ledger never agreed with what ${userID} was told`);
  };

  step('The balance');
  await play(player.getBalance(alice), { code: 0, moneyCalls: 0 });

  const roundID = freshId();
  const bet = player.withdraw(alice, '5.00', { roundID });
  step('A bet');
  await play(bet, { code: 0, moneyCalls: 1 });

  step('Its win');
  await play(player.deposit(alice, '12.50', { roundID }), { code: 0, moneyCalls: 1 });

  step('The same bet again: answered from the journal');
  await play(bet, { code: 0, moneyCalls: 0 });

  step('Fifty copies of one bet: taken once');
  await play(player.withdraw(alice, '2.00'), { code: 0, moneyCalls: 1, copies: 50 });

  step('A bet with its win in one callback');
  await play(player.betWin(alice, '1.00', '0.35'), { code: 0, moneyCalls: 2 });

  const tooMuch = player.withdraw(bob, '5.01');
  step('Too little money, and the same again: the no is remembered');
  await play(tooMuch, { code: 6, moneyCalls: 1 });
  await play(tooMuch, { code: 6, moneyCalls: 0 });

  const undone = player.withdraw(alice, '7.77');
  step('A bet is rolled back');
  await play(undone, { code: 0, moneyCalls: 1 });
  await play(player.rollback(alice, undone.transactionID), { code: 0, moneyCalls: 1 });

  step('The same rollback again: already rolled back');
  await play(player.rollback(alice, undone.transactionID), { code: 9, moneyCalls: 0 });

  const late = player.withdraw(alice, '3.00');
  step('A rollback of a bet nobody has heard of, then the bet comes late: it must not be taken');
  await play(player.rollback(alice, late.transactionID), { code: 8, moneyCalls: 0 });
  await play(late, { code: 9, moneyCalls: 0 });

  step('A bet with a bad sign');
  await play(player.withdraw(alice, '1.00'), { code: 3, moneyCalls: 0, sign: '0'.repeat(64) });

  step('The wallet takes a bet and never answers: told as failed, so it must end undone');
  await play(player.getBalance(carol), { code: 0 });
  // More often than the bridge can ask within the platform's patience: this wallet stays silent until the
  // answer is out.
  await wallet.queueFault({
    fault: 'apply-then-hang',
    times: 1000,
    match: { method: 'POST', pathIncludes: `/${carol}/debits` },
  });
  await play(player.withdraw(carol, '4.00'), { code: 1 });
  await wallet.clearFaults();
  await end(carol, 'undone by the bridge');

  step('The wallet is down while a win comes: told as paid, so it must end credited');
  await play(player.getBalance(dave), { code: 0 });
  await wallet.kill();
  await play(player.deposit(dave, '30.00'), { code: 0 });
  out('    wallet    is started again');
  await wallet.start();
  await end(dave, 'credited by the bridge');

  return wrong;
}

function callbackLine(callback: Callback): string {
  const { operation, userID } = callback;
  switch (operation) {
    case 'GetBalance':
      return `${operation}  ${userID}`;
    case 'Withdraw':
    case 'Deposit':
      return `${operation} ${callback.amount}  ${userID}  ${short(callback.transactionID)}`;
    case 'BetWin':
      return `${operation} ${callback.betAmount} / ${callback.winAmount}  ${userID}  ${short(callback.transactionID)}`;
    case 'RollbackTransaction':
      return `${operation}  ${userID}  ${short(callback.transactionID)}`;
  }
}

function answerLine({ httpStatus, code, message, balanceText }: Answer): string {
  if (httpStatus === null) return 'none';
  const balance = balanceText === null ? '' : `  balance ${balanceText}`;
  return `HTTP ${httpStatus}  ${code ?? 'unreadable'} ${message ?? ''}${balance}`;
}

function walletLine(call: JsonObject): string {
  const word = (name: string): string => (typeof call[name] === 'string' ? `${call[name]} ` : '');
  const status = isLosslessNumber(call['status']) ? call['status'].value : 'no answer';
  const reference = word('path').includes(word('reference').trim()) ? '' : word('reference');
  return short(`${word('method')}${word('path')}${reference}${word('amountMinor')}→ ${status}`);
}

/** Ids cut to what tells them apart. */
function short(text: string): string {
  return text.replaceAll(/([0-9a-f]{6})[0-9a-f]{26}/g, '$1…');
}

/** Equal lines once, with how often they came. */
function counted(lines: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return [...counts].map(([line, times]) => (times === 1 ? line : `${times} × ${line}`));
}
