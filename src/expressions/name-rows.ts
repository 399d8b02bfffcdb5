// The names an expression may read: what each holds, which calls have it, a sentence for people. What a file
// declares itself – vars, settings, secrets – is added for each file. It is long because it is a table.

import type { MoneyKind } from '../domain/callback.js';
import { typeName } from './wording.js';

export type CallOperation = 'getBalance' | MoneyKind | 'undo' | 'lookup' | 'closeRound';

export interface NameRow {
  /** In the library's words. */
  readonly type: string;
  readonly sentence: string;
  /** It may be absent, and is read as `.?name`: always, or unless the platform signs it with every callback. */
  readonly optional?: true | 'unlessSigned';
  /** Not every dialect of the platform has it. */
  readonly brought?: true;
  /** The calls that have it; left out: all. */
  readonly of?: readonly CallOperation[];
  /** Of an original: the kinds that have it; left out: all. */
  readonly about?: readonly MoneyKind[];
  /** Left out: in a request and in what is read from a reply. */
  readonly only?: 'request' | 'reply' | 'soap' | 'reference';
  /** What to say of it where it is not to be had. */
  readonly elsewhere?: string;
  readonly fields?: NameRows;
  /** What to say of a field that is none of these. */
  readonly miss?: (operation: CallOperation) => string;
  readonly lowerCaseKeys?: true;
  /** What others call a field of it, under which there never is anything; and its name. */
  readonly otherNames?: Readonly<Record<string, string>>;
}
/** By name, in the order messages show them. */
export type NameRows = Readonly<Record<string, NameRow>>;

const requestName: Record<CallOperation, string> = {
  getBalance: 'a balance query',
  withdraw: 'a withdraw',
  deposit: 'a deposit',
  betWin: 'a betWin',
  undo: 'an undo',
  lookup: 'a lookup',
  closeRound: 'a closeRound',
};
const ofSends: readonly CallOperation[] = ['withdraw', 'deposit', 'betWin', 'closeRound'];
const ofOneAmount = ofSends.filter((operation) => operation !== 'betWin');
const ofBets = ofSends.filter((operation) => operation !== 'deposit');
const ofWins: readonly CallOperation[] = ['deposit', 'closeRound'];
const ofMovements: readonly CallOperation[] = [...ofSends, 'undo', 'lookup'];
const operations: readonly CallOperation[] = ['getBalance', ...ofMovements];

const request: NameRows = {
  userID: { type: 'string', sentence: 'The player.' },
  transactionID: { type: 'string', of: ofMovements, sentence: 'The platform’s id; in an undo that of the original.' },
  gameID: {
    type: 'string',
    optional: 'unlessSigned',
    sentence: 'The game, where it is known; in an undo that of the original.',
  },
  roundID: { type: 'string', of: ofSends, sentence: 'The round; in an undo and a lookup it is original.roundID.' },
  amount: { type: 'Money', of: ofOneAmount, sentence: 'What is taken or paid; in a closeRound the win before it.' },
  betAmount: { type: 'Money', of: ['betWin'], sentence: 'What is taken, where bet and win are one call.' },
  winAmount: { type: 'Money', of: ['betWin'], sentence: 'What is paid, where bet and win are one call.' },
  freeSpin: { type: 'bool', optional: true, of: ofBets, sentence: 'Whether it is a free spin, where that is told.' },
  freeSpinID: {
    type: 'string',
    optional: true,
    brought: true,
    of: ofSends,
    sentence: 'In v2 the id of the free spins it is one of.',
  },
  isBonusBuy: {
    type: 'bool',
    optional: true,
    brought: true,
    of: ['withdraw'],
    sentence: 'In v2 whether the bet buys a bonus.',
  },
  refTransactionID: {
    type: 'string',
    optional: true,
    brought: true,
    of: ofWins,
    sentence: 'In v2 the transactionID of the bet it pays for.',
  },
  endRound: {
    type: 'bool',
    optional: true,
    brought: true,
    of: ofWins,
    sentence: 'In v2 whether it is the last win of its round.',
  },
};

const original: NameRows = {
  operation: { type: 'string', sentence: 'What it was: "withdraw", "deposit" or "betWin".' },
  transactionID: { type: 'string', sentence: 'The platform’s id of it, the same as request.transactionID.' },
  roundID: { type: 'string', sentence: 'Its round.' },
  reference: { type: 'string', sentence: 'Our id of it, as the wallet got it, by which an undo can name it.' },
  winReference: { type: 'string', optional: true, sentence: 'Our id of its win, where it was a betWin in one call.' },
  receipt: { type: 'string', optional: true, sentence: 'The wallet’s own id of it, where its reply had one.' },
  session: {
    type: 'string',
    optional: true,
    sentence: 'The player’s session it was sent with; kept only where a file reads it, as long as the record.',
  },
  gameID: { type: 'string', optional: 'unlessSigned', sentence: 'Its game.' },
  freeSpin: { type: 'bool', optional: true, sentence: 'True where it was a free spin.' },
  freeSpinID: {
    type: 'string',
    optional: true,
    brought: true,
    sentence: 'In v2 the id of the free spins it was one of.',
  },
  refTransactionID: {
    type: 'string',
    optional: true,
    brought: true,
    sentence: 'In v2 the transactionID of the bet it paid for.',
  },
  amount: { type: 'Money', about: ['withdraw', 'deposit'], sentence: 'What was taken or paid.' },
  betAmount: { type: 'Money', about: ['betWin'], sentence: 'What a betWin in one call took.' },
  winAmount: { type: 'Money', about: ['betWin'], sentence: 'What a betWin in one call paid.' },
};

const bet: NameRows = {
  reference: { type: 'string', sentence: 'Our id of the bet, as the wallet got it.' },
  receipt: { type: 'string', optional: true, sentence: 'The wallet’s own id of the bet, where its reply had one.' },
  amount: { type: 'Money', sentence: 'What the bet took.' },
};

const sent: NameRows = {
  path: { type: 'string', sentence: 'The path, without the query.' },
  query: { type: 'dyn', sentence: 'The parameters by name, each a text or a list of texts.' },
  body: {
    type: 'dyn',
    sentence: 'The body as the file has it, before it is written in its format; an empty map without a body.',
  },
  headers: {
    type: 'dyn',
    sentence: 'The headers of wallet.auth and the file, by their names as they are written there: capitals stay.',
  },
  raw: { type: 'bytes', sentence: 'The bytes of the body exactly as they are sent; empty without a body.' },
};

const response: NameRows = {
  status: { type: 'int', sentence: 'The HTTP status.' },
  headers: {
    type: 'map<string, string>',
    lowerCaseKeys: true,
    sentence: 'The headers under their names in lower case, whatever the wallet writes: response.headers["x-result"].',
  },
  body: { type: 'dyn', sentence: 'The body as its format reads it: in XML and forms every value is a text.' },
  text: { type: 'string', sentence: 'The body as one text.' },
  fault: {
    type: 'dyn',
    only: 'soap',
    elsewhere: 'response.fault exists only where the format is soap',
    otherNames: { faultcode: 'code', faultstring: 'string', faultactor: 'actor' },
    sentence: 'A SOAP fault: its code without the prefix, string, actor and detail; absent in any other reply.',
  },
};

export const names: NameRows = {
  id: {
    type: 'string',
    only: 'reference',
    elsewhere: 'id exists only in wallet.reference',
    sentence: 'The transactionID, with -w behind it for the win of a betWin and -r for an undo.',
  },
  request: {
    type: 'Request',
    fields: request,
    miss: (operation) => `is not a field of ${requestName[operation]}`,
    sentence: 'The callback; in an undo and a lookup userID, transactionID and gameID of the original.',
  },
  player: {
    type: 'Player',
    miss: () => 'is not known of a player',
    fields: {
      session: { type: 'string', optional: true, sentence: 'The session, as the launch or the last reply had it.' },
      gameID: { type: 'string', optional: true, sentence: 'The game the launch told of.' },
      currency: { type: 'string', optional: true, sentence: 'The currency the launch told of.' },
      offline: {
        type: 'bool',
        sentence: 'Whether wallet.onBadSession stands in for a session that is over, or that nobody knows.',
      },
    },
    sentence: 'What a launch told of the player. A call that reads it costs one look into the journal.',
  },
  vars: { type: 'map<string, dyn>', sentence: 'The file’s own values by name. A var reads only those above it.' },
  settings: { type: 'map<string, dyn>', sentence: 'The wallet’s constants and tables, which a computed key may read.' },
  agent: { type: 'string', sentence: 'The agentID the callback came for.' },
  currency: { type: 'string', sentence: 'The ISO code of that agent’s currency.' },
  now: { type: 'double', sentence: 'The clock, as now.unix(), now.unixMs() or now.format(…).' },
  sent: {
    type: 'map<string, dyn>',
    fields: sent,
    miss: () => 'is not a part of what is sent',
    sentence: 'What is made so far, in this order: path, body, query, headers; the query before a body that reads it.',
  },
  reference: {
    type: 'string',
    of: ofMovements,
    elsewhere: 'there is no reference here',
    sentence: 'Our id of this movement; in an undo the undo’s own, in a lookup the one it asks for.',
  },
  repeat: {
    type: 'bool',
    of: operations.filter((operation) => operation !== 'lookup'),
    elsewhere: 'repeat exists only in calls that move money or follow them: a lookup may be asked any number of times',
    sentence: 'Whether this very call was sent before, or may have been. A balance query never is one.',
  },
  round: {
    type: 'Round',
    of: ofMovements,
    elsewhere: 'there is no round here',
    miss: () => 'is not known of a round',
    fields: {
      bet: {
        type: 'Bet',
        optional: true,
        fields: bet,
        miss: () => 'is not known of a bet',
        sentence: 'The latest bet of the round that was taken; kept only where a file reads it.',
      },
    },
    sentence: 'What is known of the round. A call that reads it costs one look into the journal.',
  },
  winReference: {
    type: 'string',
    of: ['betWin'],
    elsewhere: 'winReference exists only in a betWin',
    sentence: 'Our id of the win, where bet and win are one call.',
  },
  original: {
    type: 'Original',
    of: ['undo', 'lookup'],
    elsewhere: 'original exists only in an undo or a lookup',
    fields: original,
    miss: () => 'is not on record for the original',
    sentence: 'What an undo or a lookup is about, as it is on record.',
  },
  secrets: {
    type: 'map<string, string>',
    only: 'request',
    elsewhere: 'a rule on a reply may not read secrets',
    sentence: 'The secrets by name; an optional one is read as secrets.?name.',
  },
  response: {
    type: 'Response',
    only: 'reply',
    elsewhere: 'response is not there yet: a request is made before its reply',
    fields: response,
    miss: () => 'is not a part of the reply',
    sentence: 'The wallet’s reply.',
  },
};

/** A name for people, as it is written: `request.?gameID`. */
interface DescribedName {
  readonly name: string;
  readonly type: string;
  /** The calls that have it; none for what is no call. */
  readonly operations: readonly CallOperation[];
  /** Where not every original has it: the kinds that do. */
  readonly about?: readonly MoneyKind[];
  readonly only?: NameRow['only'];
  readonly sentence: string;
}

/** Every name and field, each behind its group. */
export function describeNames(): readonly DescribedName[] {
  return described(names, '', { of: operations });
}

function described(rows: NameRows, before: string, around: Pick<NameRow, 'of' | 'only'>): DescribedName[] {
  return Object.entries(rows).flatMap(([own, row]) => {
    const name = before === '' ? own : `${before}${row.optional ? '.?' : '.'}${own}`;
    const { of = around.of ?? [], only = around.only, about, sentence, fields } = row;
    const type = fields === undefined ? typeName(row.type) : 'map';
    const calls = only === 'reference' ? [] : of;
    return [
      { name, type, operations: calls, ...(about && { about }), ...(only && { only }), sentence },
      ...described(fields ?? {}, name, { of: calls, ...(only && { only }) }),
    ];
  });
}
