// Scenes of what must be refused: wrong signs, unreadable bodies, unknown agents and players. Nothing here may
// move money; that is looked at after each.
import { parse, stringify } from 'lossless-json';
import { formatCents, parseCents } from '../cents.js';
import { isJsonObject, type JsonObject } from '../json-object.js';
import type { MoneyCallback } from '../platform-book.js';
import { signCallback, type Callback } from '../platform-callback.js';
import { freshId } from '../platform-line.js';
import type { Due, Round, Scene } from './round.js';

const SIGN: Due = { rule: 'sign', codes: [3] };
const SIGN_ONCE: Due = { rule: 'sign-once', codes: [3, 2] };
const FIELDS: Due = { rule: 'fields', codes: [2] };
/** Whoever reads signs first may as well call such an amount unsigned. */
const AMOUNT: Due = { rule: 'fields', codes: [2, 3] };
const AGENT: Due = { rule: 'agent', codes: [4] };
const PLAYER: Due = { rule: 'player', codes: [5, 2] };
const LOWER_CASE: Due = { rule: 'sign', codes: [3, 0], noted: 'sign-case' };
const TAKEN: Due = { rule: 'taken', codes: [0] };

/** Decimal texts that are no amounts, but can be written as JSON numbers too. */
const NO_AMOUNTS = ['12.345', '-1.00', '1e2'];

const betOf = (round: Round): MoneyCallback => round.line.withdraw(round.userID, formatCents(round.stake()));

/** Another amount than this one, whatever chance made it: the very next one. */
export const dearer = (round: Round, amount: string): string =>
  formatCents(parseCents(amount) + round.seat.amounts.unit);

const signed = (round: Round, callback: Callback, sign: string) =>
  ({ operation: callback.operation, body: round.line.body(callback, sign) }) as const;

/** The body of a callback with its members changed after it was signed; undefined leaves one out. */
function changed(round: Round, callback: Callback, change: (members: JsonObject) => JsonObject) {
  const members = parse(round.line.body(callback));
  const body = stringify(change(isJsonObject(members) ? members : {})) ?? '';
  return { operation: callback.operation, body } as const;
}

export const REFUSALS = {
  'bad-sign': {
    weight: 2,
    what: 'callbacks whose sign is of other content, of another key, or of nothing',
    play: async (round) => {
      const bet = betOf(round);
      const right = round.line.sign(bet);
      const wrong = [
        '0'.repeat(64),
        `${right.slice(0, -1)}${right.endsWith('0') ? '1' : '0'}`,
        round.line.sign(round.line.getBalance(round.userID)),
        signCallback(bet, freshId(), round.line.wire),
      ];
      for (const sign of wrong) await round.refused(signed(round, bet, sign), SIGN);
      await round.refused(signed(round, round.line.getBalance(round.userID), '0'.repeat(64)), SIGN);
      const amount = formatCents(round.stake());
      const ids = { transactionID: freshId(), roundID: freshId() };
      const more = round.line.deposit(round.userID, dearer(round, amount), ids);
      const sign = round.line.sign(round.line.deposit(round.userID, amount, ids));
      await round.refused(signed(round, more, sign), SIGN);
      const lower = betOf(round);
      await round.step(lower, LOWER_CASE, { sign: round.line.sign(lower).toLowerCase() });
    },
  },
  'moved-sign': {
    weight: 2,
    what: 'a bet, and its sign under another transactionID: one character moved over from the roundID',
    play: async (round) => {
      const bet = betOf(round);
      if (!(await round.step(bet, TAKEN)) || !('roundID' in bet)) return;
      const { transactionID, roundID } = bet;
      const moved = { ...bet, transactionID: `${transactionID}${roundID.slice(0, 1)}`, roundID: roundID.slice(1) };
      await round.refused(signed(round, moved, round.line.sign(bet)), SIGN_ONCE);
    },
  },
  'bad-input': {
    weight: 2,
    what: 'bodies that are no JSON, lack a field, or hold an amount nobody can read; another method',
    play: async (round) => {
      const bet = betOf(round);
      for (const body of ['', '{"agentID":', '[]']) await round.refused({ operation: 'Withdraw', body }, FIELDS);
      const names = [...Object.keys(round.line.wire.signed(bet)), 'sign'];
      for (const name of names)
        await round.refused(
          changed(round, bet, (members) => ({ ...members, [name]: undefined })),
          FIELDS,
        );
      for (const amount of NO_AMOUNTS) {
        const odd = { ...bet, amount };
        await round.refused(signed(round, odd, round.line.sign(odd)), AMOUNT);
      }
      await round.otherMethod({ method: 'GET', operation: 'GetBalance', body: '' });
      await round.otherMethod({ method: 'PUT', operation: 'Withdraw', body: round.line.body(bet) });
    },
  },
  'unknown-agent': {
    weight: 1,
    what: 'callbacks of an agent nobody knows',
    play: async (round) => {
      const agentID = `NOBODY${freshId().slice(0, 6)}`;
      for (const callback of [round.line.getBalance(round.userID), betOf(round)]) {
        const strange = { ...callback, agentID };
        await round.refused(signed(round, strange, round.line.sign(strange)), AGENT);
      }
    },
  },
  'unknown-player': {
    weight: 1,
    what: 'callbacks for a player nobody knows',
    play: async (round) => {
      const userID = `nobody${freshId().slice(0, 10)}`;
      const least = formatCents(round.seat.amounts.least);
      for (const callback of [round.line.getBalance(userID), round.line.withdraw(userID, least)])
        await round.refused(signed(round, callback, round.line.sign(callback)), PLAYER);
    },
  },
} as const satisfies Readonly<Record<string, Scene>>;
