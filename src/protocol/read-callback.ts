// From the bytes of one POST to a verified callback, or to the code that rejects it. The order of the checks
// is part of the protocol. Nothing unverified may leave here as a callback, and a rejection must never repeat
// what it read, but for the log: of whom and of what it says it is.

import { hash } from 'node:crypto';
import type {
  Callback,
  Content,
  MoneyCallback,
  MoneyKind,
  Operation,
  Player,
  RollbackCallback,
} from '../domain/callback.js';
import type { Money } from '../domain/money.js';
import { assertNever, type ResultName } from '../domain/outcome.js';
import type { Agent } from './agent.js';
import { readAmount } from './amount.js';
import { agentName, type Dialect, type Role } from './dialects/dialect.js';
import { formatOf } from './formats.js';
import { readJson, type JsonMembers } from './read-json.js';
import { readText } from './read-text.js';
import { keyOfSign } from './sign.js';

interface Rejected {
  readonly kind: 'rejected';
  readonly result: Extract<ResultName, 'wrongInput' | 'invalidSign' | 'invalidAgent'>;
  /** For the log: which check failed, in fixed words. */
  readonly because: string;
  /** Set as soon as the agent is known, whoever sent this. */
  readonly agent?: Agent;
  /** What it says of itself, as far as it was read: nothing of it is proven. */
  readonly claims?: Claims;
}

interface Claims {
  readonly agentID: string;
  readonly userID?: string;
  readonly transactionID?: string;
}

/** `key`: the name of the key it was signed with. */
export type ReadCallback =
  { readonly kind: 'callback'; readonly callback: Callback; readonly agent: Agent; readonly key: string } | Rejected;

const noTexts: Readonly<Record<Role, string>> = {
  agentID: '',
  userID: '',
  transactionID: '',
  roundID: '',
  bet: '',
  win: '',
  gameID: '',
  refTransactionID: '',
};

/**
 * Reads and verifies the body that was posted to an operation's path. Never throws for anything a body may
 * hold.
 */
export function readCallback(
  operation: Operation,
  body: Uint8Array,
  findAgent: (agentID: string) => Agent | undefined,
): ReadCallback {
  const members = readJson(body);
  if (members === undefined)
    return { kind: 'rejected', result: 'wrongInput', because: 'the body is not a JSON object' };
  const agentID = readText(members[agentName]);
  if (agentID === undefined)
    return { kind: 'rejected', result: 'wrongInput', because: `${agentName} is missing or unreadable` };
  const agent = findAgent(agentID);
  if (agent === undefined)
    return { kind: 'rejected', result: 'invalidAgent', because: 'unknown agent', claims: { agentID } };
  const texts = { ...noTexts };
  texts.agentID = agentID;
  const reject = (result: Rejected['result'], because: string): Rejected => ({
    kind: 'rejected',
    result,
    because,
    agent,
    claims: claimsOf(texts),
  });

  const { dialect } = agent;
  const sign = members[dialect.sign];
  if (typeof sign !== 'string' || sign === '') return reject('wrongInput', `${dialect.sign} is missing`);
  const { signed } = dialect.operations[operation];
  const values: string[] = [];
  const amounts: Amounts = {};
  for (const { role, name } of signed) {
    const isAmount = role === 'bet' || role === 'win';
    const text = isAmount ? (amounts[role] = readAmount(members[name]))?.toString() : readText(members[name]);
    if (text === undefined) return reject('wrongInput', `${name} is missing or unreadable`);
    texts[role] = text;
    values.push(text);
  }
  const key = keyOfSign(sign, values, agent.keys);
  if (key < 0) return reject('invalidSign', `the ${dialect.sign} does not match`);
  for (const { role, name } of signed)
    if (agent.formats[formatOf(role)]?.(texts[role]) === false)
      return reject('wrongInput', `${name} does not match its format`);

  const kept = agent.remembersSigns ? sign : undefined;
  const { bet, win } = amounts;
  const verified: Verified = { texts, bet, win, gameID: gameOf(members, agent), members, dialect, sign: kept };
  return { kind: 'callback', callback: toCallback(operation, verified), agent, key: agent.keyNames[key] ?? 'none' };
}

function claimsOf({ agentID, userID, transactionID }: Readonly<Record<Role, string>>): Claims {
  return { agentID, ...(userID !== '' && { userID }), ...(transactionID !== '' && { transactionID }) };
}

interface Amounts {
  bet?: Money | undefined;
  win?: Money | undefined;
}

interface Verified extends Readonly<Amounts> {
  readonly texts: Readonly<Record<Role, string>>;
  readonly gameID: string | undefined;
  readonly members: JsonMembers;
  readonly dialect: Dialect;
  readonly sign: string | undefined;
}

type Draft<T> = { -readonly [Key in keyof T]: T[Key] };

function toCallback(kind: Operation, verified: Verified): Callback {
  const { texts, bet, win, gameID, members, dialect, sign } = verified;
  const { agentID, userID, transactionID, roundID, refTransactionID } = texts;
  const player: Draft<Player> = { agentID, userID };
  if (gameID !== undefined) player.gameID = gameID;
  switch (kind) {
    case 'getBalance':
      return sign === undefined ? { kind, ...player } : { kind, sign, ...player };
    case 'rollback': {
      const callback: Draft<RollbackCallback> = { kind, transactionID, ...player };
      if (sign !== undefined) callback.sign = sign;
      return callback;
    }
    case 'withdraw':
    case 'deposit':
    case 'betWin': {
      const content: Draft<Content> = { kind, roundID };
      if (bet !== undefined) content.bet = bet;
      if (win !== undefined) content.win = win;
      if (gameID !== undefined) content.gameID = gameID;
      if (refTransactionID !== '') content.refTransactionID = refTransactionID;
      Object.assign(content, dialect.besides(kind, members, bet));
      const fingerprint = fingerprintOf(kind, verified);
      const callback: Draft<MoneyCallback> = { kind, transactionID, content, fingerprint, ...player };
      if (sign !== undefined) callback.sign = sign;
      return callback;
    }
    default:
      return assertNever(kind);
  }
}

/** Where nobody signs it, one that does not match its format is none: nothing else rests on it. */
function gameOf(members: JsonMembers, { dialect, formats }: Agent): string | undefined {
  const gameID = readText(members[dialect.gameID]);
  return gameID === undefined || formats['gameID']?.(gameID) === false ? undefined : gameID;
}

/** 128 bits in 22 characters. Lengths go in, because the values alone would not show where one ends. */
function fingerprintOf(kind: MoneyKind, { texts, bet, win }: Verified): string {
  const parts = [kind, texts.userID, bet?.toString() ?? '', win?.toString() ?? '', texts.roundID];
  const text = parts.map((part) => `${part.length}:${part}`).join('');
  return hash('sha256', text, 'base64url').slice(0, 22);
}
