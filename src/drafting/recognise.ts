// What the values of a vendor's sample are: by what the engineer said of them, else by their names and shapes.
// What was only guessed says so.

import { DecimalNumber } from '../codecs/decimal-number.js';
import { textOf } from '../codecs/plain-text.js';
import { minorUnitDecimals } from '../domain/currency.js';
import { Money } from '../domain/money.js';
import { looksLikeSign, plainName, saysSession } from './value-names.js';

/** What the engineer says a value of the sample is. */
export interface Hints {
  readonly player?: string;
  readonly amount?: string;
  readonly transaction?: string;
  readonly round?: string;
  readonly game?: string;
  readonly session?: string;
}

export interface Value {
  /** What to write instead of the sample's value: the inside of `${…}`; absent: it stays as it is. */
  readonly expression?: string;
  readonly note?: 'guessed' | 'sign' | 'constant';
}

/** What a made-up callback must hold for the sample's request to come of it. */
type Given = Map<string, string>;

export interface Recogniser {
  readonly given: Given;
  readonly currency: string;
  /** `name`: of the field, parameter or header it stands in. */
  valueOf(name: string, value: unknown): Value;
  /** A piece of a path, which has no name. */
  pieceOf(text: string): Value;
  /** Hints that no value of the sample was, by their option. */
  missing(): readonly (readonly [option: keyof Hints, value: string])[];
}

/** Names of one role, without their separators; the first rows are looked at first. */
const roles: readonly (readonly [role: keyof typeof fields, says: (name: string) => boolean])[] = [
  ['round', (name) => /round|handid|hand$|spinid/.test(name)],
  ['game', (name) => /game|product/.test(name)],
  ['session', saysSession],
  [
    'player',
    (name) =>
      /^(user|player|customer|member|account|acct|login|client)(id|name|no|num|key|code|uid|ref)?$|^uid$|^playerid|^userid/.test(
        name,
      ),
  ],
  [
    'transaction',
    (name) => /(trans|tx|txn|reference|^ref|refid|request|operation|bet|wager|idempot|external|uuid)/.test(name),
  ],
];
const fields = {
  round: 'roundID',
  game: 'gameID',
  session: 'session',
  player: 'userID',
  transaction: 'transactionID',
} as const;
const expressions: Readonly<Record<keyof typeof fields, string>> = {
  round: 'request.roundID',
  game: 'request.?gameID',
  session: 'player.?session',
  player: 'request.userID',
  transaction: 'reference',
};

/** `secretOf`: what reads the secret a value stands in for; `sign`: the name of what is known to be the sign. */
export function recogniser(
  hints: Hints,
  currency: string,
  secretOf: (value: unknown) => string | undefined = () => undefined,
  sign?: string,
): Recogniser {
  const given: Given = new Map();
  const decimals = minorUnitDecimals(currency) ?? 2;
  const met = new Set<keyof Hints>();

  function known(role: keyof typeof fields, text: string, note?: 'guessed'): Value {
    const field = fields[role];
    const before = given.get(field);
    // Of two ids of one kind the first is the one.
    if (before !== undefined && before !== text) return {};
    given.set(field, text);
    return { expression: expressions[role], ...(note && { note }) };
  }

  function hinted(text: string): Value | undefined {
    for (const role of ['player', 'transaction', 'round', 'game', 'session'] as const)
      if (hints[role] !== undefined && hints[role] === text) {
        met.add(role);
        return known(role, text);
      }
    return undefined;
  }

  function amount(value: unknown, name: string): Value | undefined {
    const text = textOf(value);
    const number =
      text === undefined || !/^-?\d+(\.\d+)?$/.test(text) ? undefined : Money.parse(text.replace(/^-/, ''));
    if (text === undefined || number === undefined) return undefined;
    const isMinorName = /cent|minor|units/.test(name);
    const hint = hints.amount === undefined ? undefined : Money.parse(hints.amount);
    if (hint === undefined && !(isMinorName || /amount|stake|debit|credit|sum$|value$|^bet$|wager$/.test(name)))
      return undefined;
    const scale =
      hint === undefined
        ? guessedScale(text, isMinorName)
        : scales.find((one) => number.compare(shifted(hint, one)) === 0);
    if (scale === undefined) return undefined;
    if (hint !== undefined) met.add('amount');
    const real = hint ?? Money.of(number.units, number.decimals + scale);
    given.set('amount', real.toString());
    const of = text.startsWith('-') ? '(-request.amount)' : 'request.amount';
    const written =
      scale > 0
        ? counted(scale)
        : typeof value === 'string'
          ? majorOf(text)
          : value instanceof DecimalNumber
            ? '.number()'
            : '.number()';
    return {
      expression: typeof value === 'string' && scale > 0 ? `text(${of}${written})` : `${of}${written}`,
      ...(hint === undefined && { note: 'guessed' as const }),
    };
  }
  const counted = (scale: number): string => (scale === decimals ? '.minor()' : `.scaled(1${'0'.repeat(scale)})`);
  const guessedScale = (text: string, isMinor: boolean): number =>
    !text.includes('.') && (isMinor || text.length > 2) ? decimals : 0;

  return {
    given,
    currency,
    valueOf(name, value) {
      const plain = plainName(name);
      const text = textOf(value) ?? '';
      const secret = secretOf(value);
      if (secret !== undefined) return { expression: secret };
      if (name === sign || looksLikeSign(plain)) return { note: 'sign' };
      const sure = hinted(text);
      if (sure !== undefined)
        return typeof value === 'string' ? sure : { ...sure, expression: `integer(${sure.expression ?? ''})` };
      if (/^cur/.test(plain) && text === currency) return { expression: 'currency', note: 'guessed' };
      const time = timeOf(plain, value, given);
      if (time !== undefined) return time;
      const money = amount(value, plain);
      if (money !== undefined) return money;
      const [role] =
        roles.find(([one, says]) => says(plain) && (hints[one] === undefined || hints[one] === text)) ?? [];
      if (role === undefined || text === '' || typeof value !== 'string') return { note: 'constant' };
      const value_ = known(role, text, 'guessed');
      return value_.expression === undefined ? { note: 'constant' } : value_;
    },
    pieceOf(text) {
      const [field] = [...given].find(([, value]) => value === text && value.length > 1) ?? [];
      const role = (Object.keys(fields) as (keyof typeof fields)[]).find((one) => fields[one] === field);
      return hinted(text) ?? (role === undefined ? {} : { expression: expressions[role], note: 'guessed' });
    },
    missing: () =>
      (['player', 'amount', 'transaction', 'round', 'game', 'session'] as const).flatMap((option) => {
        const value = hints[option];
        return value === undefined || met.has(option) ? [] : [[option, value] as const];
      }),
  };
}

const scales = [0, 2, 3, 5, 4, 6, 1];
const shifted = (amount: Money, decimals: number): Money => Money.parse(movedPoint(amount, decimals)) ?? amount;
const movedPoint = (amount: Money, by: number): string => {
  const units = amount.in(Math.max(by, 8));
  return Money.of((units ?? 0n) * 10n ** BigInt(by), Math.max(by, 8)).toString();
};
const majorOf = (text: string): string => {
  const decimals = (text.split('.')[1] ?? '').length;
  return decimals === 2 ? '.major()' : `.major(${decimals})`;
};

/** The clock, where a name says so and the value is a time; one request is made at one time. */
function timeOf(name: string, value: unknown, given: Given): Value | undefined {
  const text = textOf(value) ?? '';
  if (!/time|^ts$|date|stamp|nonce/.test(name)) return undefined;
  const isText = typeof value === 'string';
  const clock = (expression: string, ms: string): Value | undefined => {
    if (given.has('now') && given.get('now') !== ms) return undefined;
    given.set('now', ms);
    return { expression, note: 'guessed' };
  };
  if (/^1\d{9}$/.test(text)) return clock(isText ? 'text(now.unix())' : 'now.unix()', `${text}000`);
  if (/^1\d{12}$/.test(text)) return clock(isText ? 'text(now.unixMs())' : 'now.unixMs()', text);
  const iso = /^\d{4}-\d\d-\d\d([T ])\d\d:\d\d:\d\d(\.\d{3})?(Z)?$/.exec(text);
  if (iso === null) return undefined;
  const [, gap = '', ms = '', zone = ''] = iso;
  const pattern = `yyyy-MM-dd${gap === 'T' ? "'T'" : ' '}HH:mm:ss${ms === '' ? '' : '.SSS'}${zone === '' ? '' : "'Z'"}`;
  return clock(
    `now.format("${pattern}", "UTC")`,
    String(Date.parse(`${text.replace(' ', 'T')}${zone === '' ? 'Z' : ''}`)),
  );
}
