// What every part of the expression language is built on: the closed list of functions, the scope at work and the one failure.
// Of the library's own functions only those are let in that are exact, strict and linear in time: its int("") is 0, its
// double() rounds, its matches can take exponential time.

import { Environment, type RegisteredFunctionHandler } from '@marcbachmann/cel-js';

/** The values an expression runs on, by root name; besides them `minorDecimals` (of the currency), `now` (epoch ms), `uuid` (a maker of UUIDs) and `charset`. */
export type Scope = Record<string, unknown>;

// Money carries no currency and a function sees only its arguments. Evaluation is synchronous, so the scope at work can stand here.
let scopeAtWork: Scope = {};

/** Runs `program` with `scope` as the one that functions look into. */
export function within(scope: Scope, program: (scope: Scope) => unknown): unknown {
  const before = scopeAtWork;
  scopeAtWork = scope;
  try {
    return program(scope);
  } finally {
    scopeAtWork = before;
  }
}

/** A value the scope at work holds beside the names of the place. */
export function fromScope(name: 'minorDecimals' | 'uuid' | 'charset'): unknown {
  return scopeAtWork[name];
}

/** CEL functions that are left out, and what to write instead. */
export const replacements: ReadonlyMap<string, string> = new Map([
  ['matches', 'write like(text, pattern): it runs in linear time'],
  ['int', 'write integer(…)'],
  ['uint', 'write integer(…)'],
  ['double', 'numbers are exact here: use the value as it is, or money.fromMajor(…)'],
  ['string', 'write text(…)'],
  ['lowerAscii', 'write lower(…)'],
  ['upperAscii', 'write upper(…)'],
  ['timestamp', 'write now.unix(), now.unixMs() or now.format(…)'],
  ['duration', 'write now.unix(), now.unixMs() or now.format(…)'],
]);

export const macros: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

/** The library's environment with our types and functions, and the names of all that may be called. */
export class Language {
  readonly environment = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false });
  readonly functions = new Set(['size', 'bool', 'bytes', 'has']);
  readonly methods = new Set([
    ...'size contains startsWith endsWith indexOf lastIndexOf substring trim split join hex base64'.split(' '),
    ...'value hasValue or orValue of none'.split(' '),
    ...macros,
  ]);

  /** `signature` as in "name(text types): result" or "receiver.name(types): result". */
  define(signature: string, handler: RegisteredFunctionHandler): void {
    this.environment.registerFunction(signature, handler, { async: false });
    const [, receiver, name = ''] = /^(?:(.+)\.)?(\w+)\(/.exec(signature) ?? [];
    (receiver === undefined ? this.functions : this.methods).add(name);
  }

  /** A function of a text, both as `upper(x)` and as `x.upper()`. */
  defineOnText(name: string, more: readonly string[], result: string, handler: RegisteredFunctionHandler): void {
    this.define(`${name}(${['string', ...more].join(', ')}): ${result}`, handler);
    this.define(`string.${name}(${more.join(', ')}): ${result}`, handler);
  }
}
