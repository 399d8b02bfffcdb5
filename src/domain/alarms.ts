// The kinds of alarms, and what each means: in log lines and metrics an alarm is told by one of these words, and
// by no other. What it says to a person stands where it is raised.

import type { Transaction } from './transaction.js';

/** About one operator. */
export const operatorAlarms = {
  held: 'a record waits for a person',
  gaveUp: 'a record was not brought to its end within `policy.giveUpAfter`, and is held',
  otherWallet: 'a record was begun with another wallet than its agent has now, and is held',
  unreadable: 'a record cannot be read',
  mismatch: 'the same transactionID came with other content',
  otherPlayersRollback: 'a rollback named another player’s transaction',
  signReuse: 'a callback came with a sign that was used before',
  tooMuchOwed: 'a bound of `policy.accept` is reached, and the platform gets 503',
  balanceUnknown: 'no balance is known that could be told, and the platform gets 503',
  noRequest: 'the operator file can make no request of a call',
} as const;
export type OperatorAlarm = keyof typeof operatorAlarms;

/** About the process, and no operator. */
export const processAlarms = {
  journalLost: 'Redis was emptied or replaced, or lost writes: no money moves where that is so',
  journalFull: 'Redis is nearly full, and nothing new is claimed',
  blind: 'what is unfinished cannot be looked at, or not be counted',
  certificate: 'the certificate of the public port cannot be read again',
  filesBroken: 'operator files are broken, and their agents are answered 4',
} as const;
export type ProcessAlarm = keyof typeof processAlarms;

/** Why a record is held that the resolver could not bring to its end. */
export const gaveUpBecause = 'it could not be brought to its end in time';

/** The kind of alarm a record raises when it becomes `held`. */
export function kindOfHeld({ heldBecause, elsewhere }: Pick<Transaction, 'heldBecause' | 'elsewhere'>): OperatorAlarm {
  if (elsewhere) return 'otherWallet';
  return heldBecause === gaveUpBecause ? 'gaveUp' : 'held';
}
