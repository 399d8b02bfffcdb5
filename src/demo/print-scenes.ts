// The scenes as people read them.
import type { Callback } from '../stand-ins/platform-callback.js';
import type { Answer } from '../stand-ins/platform-post.js';
import type { SceneEvent } from './script.js';

/** The lines of one event. */
export function sceneLines(event: SceneEvent): string[] {
  switch (event.kind) {
    case 'scene':
      return ['', `${String(event.number).padStart(2)}  ${event.title}`];
    case 'callback': {
      const copies = event.copies > 1 ? `, ${event.copies} copies at once` : '';
      return [`    platform  ${callbackLine(event.callback)}${copies}`];
    }
    case 'wallet': {
      const nothing = event.isRunning ? 'saw nothing' : 'is down';
      const lines = event.calls.length > 0 ? counted(event.calls.map(({ line }) => short(line))) : [nothing];
      return lines.map((line) => `    ${(event.later ? 'later' : 'wallet').padEnd(9)} ${line}`);
    }
    case 'answers':
      return counted(event.answers.map(answerLine)).map((line) => `    answer    ${line}`);
    case 'note':
      return [`    ${event.who.padEnd(9)} ${event.what}`];
    case 'wrong':
      return [`    WRONG     ${event.what}`];
  }
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
