// The functions of the expression language, all there are. They are pure and synchronous; none may do I/O or
// read a clock or a random source: those values come with the scope. Of the library's own functions only
// those are let in that are exact, strict and linear in time: its int("") is 0, its double() rounds, its
// matches can take exponential time.

import { Environment } from '@marcbachmann/cel-js';
import { metered } from '../cost.js';
import { typeName } from '../wording.js';
import { clock } from './clock.js';
import { collections, merged } from './collections.js';
import { documents } from './documents.js';
import { escapes } from './escapes.js';
import { signaturesOf, type FunctionRow, type FunctionRows } from './function-row.js';
import { amounts, registerMoney } from './money.js';
import { operators } from './operators.js';
import { registerOctets, signing } from './signing.js';
import { texts } from './texts.js';

const themes: readonly FunctionRows[] = [amounts, texts, collections, documents, escapes, signing, clock];
const rows = themes.flatMap((theme) => Object.entries(theme));

interface Signature {
  readonly receiver: string | undefined;
  readonly name: string;
  readonly types: readonly string[];
  readonly result: string;
}

function signatureOf(form: string): Signature {
  const [, receiver, name = '', types = '', result = ''] = /^(?:(.+?)\.)?(\w+)\((.*)\): (.+)$/.exec(form) ?? [];
  return { receiver, name, types: types === '' ? [] : types.split(/, (?![^<]*>)/), result };
}

const formsOf = ({ forms }: FunctionRow): Signature[] => Object.keys(forms).map(signatureOf);
const isFunction = ({ receiver }: Signature): boolean => receiver === undefined;

/** The library's environment with our types and functions, and the names of all that may be called. */
export const language = {
  /** To be cloned for the names of each place. */
  environment: environmentOf(),
  functions: new Set(rows.filter(([, row]) => formsOf(row).some(isFunction)).map(([name]) => name)),
  methods: new Set(rows.filter(([, row]) => !formsOf(row).every(isFunction)).map(([name]) => name)),
  rows: new Map(rows),
};

function environmentOf(): Environment {
  const environment = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false });
  registerMoney(environment);
  environment.registerOperator('map + map', merged);
  registerOctets(environment);
  for (const [, { forms }] of rows)
    for (const [form, body] of Object.entries(forms))
      if (body !== 'brought')
        for (const signature of signaturesOf(form))
          environment.registerFunction(signature, metered(body), { async: false });
  return environment;
}

/** A function for people; `forms` as in "text.upper() → text". */
export interface Described {
  readonly name: string;
  readonly forms: readonly string[];
  readonly sentence: string;
  readonly example: string;
  /** Of a bet of 12.30 EUR by player-1, as a JSON body would have it. */
  readonly result: string;
}

/** Every function, in an order to read them in. */
export function describeFunctions(): readonly Described[] {
  return rows.map(([name, row]) => ({
    name,
    forms: formsOf(row).map(written),
    sentence: row.sentence,
    example: row.example.expression,
    result: row.example.result,
  }));
}

/** What stands between values. */
export function describeOperators(): readonly Described[] {
  return Object.entries(operators).map(
    ([
      written,
      {
        sentence,
        example: { expression, result },
      },
    ]) => ({
      name: written,
      forms: [written],
      sentence,
      example: expression,
      result,
    }),
  );
}

const namespaces: ReadonlyMap<string, string> = new Map([
  ['MoneyMaker', 'money'],
  ['double', 'now'],
  ['optional', 'optional'],
]);

function written({ receiver, name, types, result }: Signature): string {
  const on = receiver === undefined ? '' : `${namespaces.get(receiver) ?? inWords(receiver)}.`;
  return `${on}${name}(${types.map(inWords).join(', ')}) → ${inWords(result)}`;
}

/** "text or bytes" for string | bytes; what a list or a map holds is left out where it may be anything. */
function inWords(types: string): string {
  return types
    .split(' | ')
    .map((type) => typeName(type.replace(/<[KV](?:, V)?>/, '')))
    .join(' or ');
}
