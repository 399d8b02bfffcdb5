// What every part of the expression language is built on: the scope at work, and what CEL has and this
// language has not.

/**
 * The values an expression runs on, by root name; besides them `minorDecimals` (of the currency), `now`
 * (epoch ms), `uuid` (a maker of UUIDs) and `charset`.
 */
export type Scope = Record<string, unknown>;

// Money carries no currency and a function sees only its arguments. Evaluation is synchronous, so the scope
// at work can stand here.
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

let inTrial = false;

/** Runs work in which nothing is really signed: a made-up request that is never sent needs no costly sign. */
export function trying<Result>(work: () => Result): Result {
  inTrial = true;
  try {
    return work();
  } finally {
    inTrial = false;
  }
}
export const isTrial = (): boolean => inTrial;

/** A value the scope at work holds beside the names of the place. */
export function fromScope(name: 'minorDecimals' | 'uuid' | 'charset'): unknown {
  return scopeAtWork[name];
}

/** A scope is one call's, from its request to what its reply says. */
const worked = new WeakMap<Scope, number>();

/** What the functions of the call at work have done, `more` included. */
export function workDone(more: number): number {
  const done = (worked.get(scopeAtWork) ?? 0) + more;
  worked.set(scopeAtWork, done);
  return done;
}

/** Functions of CEL that are left out, and of other languages, and what to write instead. */
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
  ...elsewhere('write size(…)', 'len', 'length', 'strlen', 'count'),
  ...elsewhere('write text(…)', 'str', 'toString', 'String'),
  ...elsewhere('write integer(…)', 'parseInt', 'toInt', 'intval', 'Number'),
  ...elsewhere('write x.contains(…)', 'includes'),
  ...elsewhere('write +, or join(…)', 'concat'),
  ...elsewhere('write form(…)', 'encodeURIComponent', 'urlencode', 'urlEncode', 'rawurlencode'),
  ...elsewhere('write .orValue(…) behind a .? field', 'coalesce', 'default', 'ifNull'),
  ...elsewhere('write now.unix(), now.unixMs() or now.format(…)', 'time', 'date', 'strftime', 'formatDate'),
  ...elsewhere(
    'write .major(), .minor(), .number() or .scaled(n) of an amount, which is exact',
    'toFixed',
    'round',
    'floor',
    'ceil',
  ),
]);

/** Names that other languages have for it. */
function elsewhere(instead: string, ...names: readonly string[]): (readonly [string, string])[] {
  return names.map((name) => [name, instead]);
}

export const macros: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);
