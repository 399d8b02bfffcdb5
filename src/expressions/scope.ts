// Which names an expression may use, by the place it stands in. A name that is wrong for its operation must be found when the file
// is loaded: the library would take most of them for values that just happen to be absent.

import type { Environment } from '@marcbachmann/cel-js';
import type { MoneyKind } from '../domain/callback.js';
import { titleOf, type Format } from '../codecs/codec-of.js';
import { language } from './functions/functions.js';

export type CallOperation = 'getBalance' | MoneyKind | 'undo' | 'lookup' | 'closeRound';
/** Where an expression stands, which decides the names it may use. `undoOf`: the kind of what an undo or lookup is about. */
export type Place =
  | { kind: 'reference' }
  | { kind: 'request'; operation: CallOperation; undoOf?: MoneyKind }
  | { kind: 'reply'; operation: CallOperation; undoOf?: MoneyKind; format?: Format };

/** What the operator file declares. */
export interface Declared {
  settings: unknown;
  secrets: readonly string[];
  optionalSecrets: readonly string[];
  vars: readonly string[];
}

/** A root name or a field: its type in the library's words, and the fields it has if these are known. */
export interface Name {
  readonly type: string;
  readonly optional: boolean;
  readonly fields?: ReadonlyMap<string, Name>;
  /** What to say of a field that is none of these: "is not a field of a withdraw". */
  readonly miss?: string;
  /** Its fields may also be picked by a computed key. */
  readonly table?: true;
  readonly lowerCaseKeys?: true;
  /** The format of the reply, where it has no values but texts. */
  readonly textsOf?: string;
  /** Fields it has in other places, and why not here. */
  readonly elsewhere?: ReadonlyMap<string, string>;
}

export interface Vocabulary {
  readonly environment: Environment;
  readonly roots: ReadonlyMap<string, Name>;
  /** Names of other places, and why they are not here. */
  readonly elsewhere: ReadonlyMap<string, string>;
}

/** Fields as "name" or "name?" (optional) with their types. */
type Fields = Readonly<Record<string, string>>;

const identity: Fields = { userID: 'string', transactionID: 'string', 'gameID?': 'string' };
const amount: Fields = { amount: 'Money' };
const bothAmounts: Fields = { betAmount: 'Money', winAmount: 'Money' };
const requestFields: Record<CallOperation, Fields> = {
  getBalance: { userID: 'string', 'gameID?': 'string' },
  withdraw: { ...identity, roundID: 'string', ...amount, 'freeSpin?': 'bool' },
  deposit: { ...identity, roundID: 'string', ...amount },
  betWin: { ...identity, roundID: 'string', ...bothAmounts, 'freeSpin?': 'bool' },
  undo: identity,
  lookup: identity,
  // The amount is the win after which the round is closed.
  closeRound: { ...identity, roundID: 'string', ...amount, 'freeSpin?': 'bool' },
};
const requestName: Record<CallOperation, string> = {
  getBalance: 'a balance query',
  withdraw: 'a withdraw',
  deposit: 'a deposit',
  betWin: 'a betWin',
  undo: 'an undo',
  lookup: 'a lookup',
  closeRound: 'a closeRound',
};

function originalFields(kind: MoneyKind | undefined): Fields {
  const common: Fields = {
    operation: 'string',
    transactionID: 'string',
    roundID: 'string',
    reference: 'string',
    'winReference?': 'string',
    'receipt?': 'string',
    'gameID?': 'string',
    'freeSpin?': 'bool',
  };
  switch (kind) {
    case 'withdraw':
    case 'deposit':
      return { ...common, ...amount };
    case 'betWin':
      return { ...common, ...bothAmounts };
    case undefined:
      return { ...common, 'amount?': 'Money', 'betAmount?': 'Money', 'winAmount?': 'Money' };
  }
}

const plain = (type: string): Name => ({ type, optional: false });

function group(type: string, miss: string, fields: Fields): Name {
  const named = Object.entries(fields).map(([name, of]): [string, Name] => [
    name.replace('?', ''),
    { type: of, optional: name.endsWith('?') },
  ]);
  return { type, optional: false, miss, fields: new Map(named) };
}

function declared(where: string, type: string, names: readonly string[]): Name {
  return group(
    `map<string, ${type}>`,
    `is not declared under ${where}`,
    Object.fromEntries(names.map((name) => [name, type])),
  );
}

function settingsName(value: unknown): Name {
  const entries = mapEntries(value);
  if (entries === undefined) return plain('dyn');
  const fields = new Map(entries.map(([name, inner]) => [name, settingsName(inner)]));
  return { type: 'map<string, dyn>', optional: false, miss: 'is not declared under settings', fields, table: true };
}

function mapEntries(value: unknown): [string, unknown][] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (value instanceof Map) return [...value].map(([key, inner]) => [String(key), inner]);
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype ? Object.entries(value) : undefined;
}

function rootsOf(place: Place, file: Declared): Map<string, Name> {
  if (place.kind === 'reference') return new Map([['id', plain('string')]]);
  const { operation, undoOf } = place;
  const roots = new Map<string, Name>([
    ['request', group('Request', `is not a field of ${requestName[operation]}`, requestFields[operation])],
    [
      'player',
      group('map<string, string>', 'is not known of a player', {
        'session?': 'string',
        'gameID?': 'string',
        'currency?': 'string',
      }),
    ],
    ['vars', declared('vars', 'dyn', file.vars)],
    ['settings', settingsName(file.settings)],
    ['agent', plain('string')],
    ['currency', plain('string')],
    ['now', plain('double')],
    [
      'sent',
      group('map<string, dyn>', 'is not a part of what is sent', {
        path: 'string',
        query: 'dyn',
        body: 'dyn',
        headers: 'dyn',
        raw: 'bytes',
      }),
    ],
  ]);
  if (operation !== 'getBalance') roots.set('reference', plain('string')).set('round', round);
  if (operation === 'betWin') roots.set('winReference', plain('string'));
  if (operation === 'undo' || operation === 'lookup')
    roots.set('original', group('Original', 'is not on record for the original', originalFields(undoOf)));
  if (place.kind === 'request')
    roots.set(
      'secrets',
      declared('secrets', 'string', [...file.secrets, ...file.optionalSecrets.map((name) => `${name}?`)]),
    );
  else roots.set('response', responseOf(place.format ?? 'json'));
  return roots;
}

const round: Name = {
  type: 'Round',
  optional: false,
  miss: 'is not known of a round',
  fields: new Map<string, Name>([
    [
      'bet',
      {
        ...group('Bet', 'is not known of a bet', { reference: 'string', 'receipt?': 'string', amount: 'Money' }),
        optional: true,
      },
    ],
  ]),
};

const wholeText: Name = {
  ...plain('string'),
  fields: new Map(),
  miss: 'does not exist, because the reply is one text: take it apart with split(response.text, …)',
};

function responseOf(format: Format): Name {
  const fields = new Map<string, Name>([
    ['status', plain('int')],
    ['headers', { ...plain('map<string, string>'), lowerCaseKeys: true }],
    ['body', format === 'text' ? wholeText : plain('dyn')],
    ['text', plain('string')],
  ]);
  if (format === 'soap') fields.set('fault', plain('dyn'));
  return {
    type: 'Response',
    optional: false,
    miss: 'is not a part of the reply',
    elsewhere: new Map([['fault', 'response.fault exists only where the format is soap']]),
    fields,
    ...(format !== 'json' && { textsOf: titleOf(format) }),
  };
}

const elsewhere = new Map([
  ['id', 'id exists only in wallet.reference'],
  ['response', 'response is not there yet: a request is made before its reply'],
  ['secrets', 'a rule on a reply may not read secrets'],
  ['reference', 'there is no reference here'],
  ['winReference', 'winReference exists only in a betWin'],
  ['original', 'original exists only in an undo or a lookup'],
  ['round', 'there is no round here'],
]);

type Convert = (values: object) => object;

/** Only an object of a registered class has typed fields, so the library is given one for each evaluation, of a field too. */
function registerTyped(environment: Environment, { type, fields = new Map<string, Name>() }: Name): Convert {
  class Typed extends Object {
    [name: string]: unknown;
  }
  const inner = [...fields].flatMap(([name, field]): [string, Convert][] =>
    isTyped(field) ? [[name, registerTyped(environment, field)]] : [],
  );
  const convert: Convert = (values) => {
    const made: Typed = Object.assign(new Typed(), values);
    for (const [name, convertField] of inner) {
      const value = made[name];
      if (typeof value === 'object' && value !== null) made[name] = convertField(value);
    }
    return made;
  };
  const types = Object.fromEntries([...fields].map(([name, field]) => [name, field.type]));
  environment.registerType(type, { ctor: Typed, fields: types, convert });
  return convert;
}

const isTyped = ({ type, fields }: Name): boolean => fields !== undefined && /^[A-Z]/.test(type);

const vocabularies = new WeakMap<Declared, Map<string, Vocabulary>>();

/** The names of a place, made once per place and declarations. */
export function vocabularyOf(place: Place, file: Declared): Vocabulary {
  const format = place.kind === 'reply' ? place.format : undefined;
  const key =
    place.kind === 'reference'
      ? place.kind
      : [place.kind, place.operation, place.undoOf ?? '', format ?? 'json'].join(' ');
  const places = vocabularies.get(file) ?? new Map<string, Vocabulary>();
  vocabularies.set(file, places);
  const known = places.get(key);
  if (known !== undefined) return known;

  const roots = rootsOf(place, file);
  const environment = language.environment.clone();
  for (const [name, value] of roots) {
    if (isTyped(value)) registerTyped(environment, value);
    environment.registerVariable(name, value.type);
  }
  const vocabulary: Vocabulary = { environment, roots, elsewhere };
  places.set(key, vocabulary);
  return vocabulary;
}
