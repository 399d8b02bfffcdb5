// Which names an expression may use, by the place it stands in. A name that is wrong for its operation must
// be found when the file is loaded: the library would take most of them for values that just happen to be
// absent.

import type { Environment } from '@marcbachmann/cel-js';
import type { MoneyKind } from '../domain/callback.js';
import { entriesOf } from '../codecs/codec.js';
import { titleOf, type Format } from '../codecs/codec-of.js';
import { language } from './functions/functions.js';
import { names, type CallOperation, type NameRow, type NameRows } from './name-rows.js';

/**
 * Where an expression stands, which decides the names it may use. `undoOf`: the kind of what an undo or
 * lookup is about.
 */
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
  /** Whether the platform signs the game with every callback, so that each names one. */
  signsGameID?: boolean;
  /** Of the names that not every dialect brings, those that the platform's brings; absent: all of them. */
  brings?: ReadonlySet<string>;
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
  readonly otherNames?: Readonly<Record<string, string>>;
  /** A name of another dialect. It may be read, for a preset does, but nobody is told of it. */
  readonly isForeign?: true;
  /** The format of the reply, where it has no values but texts. */
  readonly textsOf?: string;
  /** Fields it has in other places, and why not here. */
  readonly elsewhere?: ReadonlyMap<string, string>;
}

export interface Vocabulary {
  readonly environment: Environment;
  readonly roots: ReadonlyMap<string, Name>;
  /** Of the roots with fields of known types: makes the value the library knows those by. */
  readonly typed: ReadonlyMap<string, Convert>;
  /** Names of other places, and why they are not here. */
  readonly elsewhere: ReadonlyMap<string, string>;
}

const plain = (type: string): Name => ({ type, optional: false });

/** Whether this place has the name. */
function isHad({ only, of, about }: NameRow, place: Place): boolean {
  if (place.kind === 'reference' || only === 'reference') return place.kind === only;
  if (of?.includes(place.operation) === false) return false;
  if (about !== undefined && place.undoOf !== undefined && !about.includes(place.undoOf)) return false;
  if (only === 'soap') return place.kind === 'reply' && place.format === only;
  return only === undefined || only === place.kind;
}

function namesHad(rows: NameRows, place: Place, file: Declared): ReadonlyMap<string, Name> {
  const had = Object.entries(rows).filter(([, row]) => isHad(row, place));
  const isForeign = (name: string, { brought }: NameRow) => brought === true && file.brings?.has(name) === false;
  return new Map(
    had.map(([name, row]) => [name, { ...nameOf(row, place, file), ...(isForeign(name, row) && { isForeign: true }) }]),
  );
}

function nameOf(row: NameRow, place: Place, file: Declared): Name {
  const { type, optional, about, fields, miss, lowerCaseKeys, otherNames } = row;
  // Which amounts an original has is not known where its kind is not.
  const isOpen = about !== undefined && place.kind !== 'reference' && place.undoOf === undefined;
  return {
    type,
    optional: optional === true || (optional === 'unlessSigned' && file.signsGameID !== true) || isOpen,
    ...(fields && { fields: namesHad(fields, place, file), elsewhere: elsewhereOf(fields) }),
    ...(miss && place.kind !== 'reference' && { miss: miss(place.operation) }),
    ...(lowerCaseKeys === true && { lowerCaseKeys }),
    ...(otherNames && { otherNames }),
  };
}

function elsewhereOf(rows: NameRows): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(rows).flatMap(([name, { elsewhere }]) => (elsewhere === undefined ? [] : [[name, elsewhere]])),
  );
}

function declared(where: string, type: string, required: readonly string[], optional: readonly string[] = []): Name {
  const field = (name: string, isOptional: boolean): [string, Name] => [name, { type, optional: isOptional }];
  return {
    type: `map<string, ${type}>`,
    optional: false,
    miss: `is not declared under ${where}`,
    fields: new Map([...required.map((name) => field(name, false)), ...optional.map((name) => field(name, true))]),
  };
}

function settingsName(value: unknown): Name {
  const entries = entriesOf(value);
  if (entries === undefined) return plain('dyn');
  const fields = new Map(entries.map(([name, inner]) => [name, settingsName(inner)]));
  return { type: 'map<string, dyn>', optional: false, miss: 'is not declared under settings', fields, table: true };
}

function rootsOf(place: Place, file: Declared): ReadonlyMap<string, Name> {
  const own: Readonly<Record<string, () => Name>> = {
    vars: () => declared('vars', 'dyn', file.vars),
    settings: () => settingsName(file.settings),
    secrets: () => declared('secrets', 'string', file.secrets, file.optionalSecrets),
  };
  const format = place.kind === 'reply' ? (place.format ?? 'json') : undefined;
  const roots = [...namesHad(names, place, file)].map(([name, root]): [string, Name] => [name, own[name]?.() ?? root]);
  return new Map(roots.map(([name, root]) => [name, name === 'response' && format ? inFormat(root, format) : root]));
}

const wholeText: Name = {
  ...plain('string'),
  fields: new Map(),
  miss: 'does not exist, because the reply is one text: take it apart with split(response.text, …)',
};

/** The reply, where its format has no values but texts. */
function inFormat(response: Name, format: Format): Name {
  if (format === 'json') return response;
  const fields = new Map(response.fields);
  if (format === 'text') fields.set('body', wholeText);
  return { ...response, fields, textsOf: titleOf(format) };
}

type Convert = (values: object) => object;

/**
 * Only an object of a registered class has typed fields. The library would make one for each evaluation, of a field
 * too, so it is handed one that is made already.
 */
function registerTyped(environment: Environment, { type, fields = new Map<string, Name>() }: Name): Convert {
  class Typed extends Object {
    [name: string]: unknown;
  }
  const inner = [...fields].flatMap(([name, field]): [string, Convert][] =>
    isTyped(field) ? [[name, registerTyped(environment, field)]] : [],
  );
  const convert: Convert = (values) => {
    if (values instanceof Typed) return values;
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

const typesOf = (roots: ReadonlyMap<string, Name>): string =>
  [...roots]
    .map(([name, root]) => `${name}:${root.type}${isTyped(root) ? `{${typesOf(root.fields ?? new Map())}}` : ''}`)
    .join();

type Registered = Pick<Vocabulary, 'environment' | 'typed'>;
const registeredBefore = new Map<string, Registered>();

/**
 * What the library is told of the names: their types alone, which operators have in common, so it is told once. Each
 * operator anew took 3 ms of the 22 it took to load.
 */
function registered(roots: ReadonlyMap<string, Name>): Registered {
  const key = typesOf(roots);
  const known = registeredBefore.get(key);
  if (known !== undefined) return known;
  const environment = language.environment.clone();
  const typed = new Map<string, Convert>();
  for (const [name, value] of roots) {
    if (isTyped(value)) typed.set(name, registerTyped(environment, value));
    environment.registerVariable(name, value.type);
  }
  const made = { environment, typed };
  registeredBefore.set(key, made);
  return made;
}

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
  const vocabulary: Vocabulary = { ...registered(roots), roots, elsewhere: elsewhereOf(names) };
  places.set(key, vocabulary);
  return vocabulary;
}
