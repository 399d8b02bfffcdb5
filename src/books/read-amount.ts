// An amount as an export spells it: with a decimal point or a decimal comma, with thousands apart or not, with
// its sign before it, behind it, or as parentheses. It must never guess: what may be read in two ways is
// neither.

import { Money } from '../domain/money.js';

export const decimalMarks = ['point', 'comma'] as const;
export type DecimalMark = (typeof decimalMarks)[number];

/**
 * `proves`: what this spelling alone shows of its list. `between`: it may be either of two, by a decimal point
 * and by a decimal comma. Undefined: no amount.
 */
export type Spelled =
  | { readonly amount: Money; readonly proves?: DecimalMark }
  | { readonly between: readonly [byPoint: Money, byComma: Money] }
  | undefined;

/** What may keep thousands apart beside the other mark; these are never decimal. */
const neutral = [' ', '\u00a0', '\u2009', '\u202f', "'", '’'];

/** Groups of three; or as in India, where only the last group is one of three. */
const grouped = (by: string): string => String.raw`[1-9]\d{0,2}(?:${by}\d{3})+|[1-9]\d?(?:${by}\d{2})+${by}\d{3}`;

const readingBy = (mark: string, other: string): RegExp =>
  new RegExp(String.raw`^(\d+|${[other, ...neutral].map(grouped).join('|')})(?:${mark}(\d+))?$`);

const readings: Readonly<Record<DecimalMark, RegExp>> = {
  point: readingBy(String.raw`\.`, ','),
  comma: readingBy(',', String.raw`\.`),
};

/** How a sign is written, each with what is left; at most one of them. */
const signs: readonly (readonly [pattern: RegExp, isNegative: boolean])[] = [
  [/^\((.*)\)$/, true],
  [/^[-−](.*)$/, true],
  [/^(.*)[-−]$/, true],
  [/^\+(.*)$/, false],
  [/^(.*)\+$/, false],
  [/^(.*)$/, false],
];

/** `mark`: what is known of the list; absent: only a spelling that leaves no doubt is an amount. */
export function readAmount(text: string, mark?: DecimalMark): Spelled {
  const [digits, isNegative] = signed(text.trim());
  const [byPoint, byComma] = decimalMarks.map((each) =>
    mark === undefined || mark === each ? read(digits, readings[each], isNegative) : undefined,
  );
  if (byPoint !== undefined && byComma !== undefined && byPoint.compare(byComma) !== 0)
    return { between: [byPoint, byComma] };
  const amount = byPoint ?? byComma;
  if (amount === undefined) return undefined;
  if (byPoint !== undefined && byComma !== undefined) return { amount };
  return { amount, proves: byPoint === undefined ? 'comma' : 'point' };
}

function signed(text: string): [digits: string, isNegative: boolean] {
  for (const [pattern, isNegative] of signs) {
    const match = pattern.exec(text);
    if (match !== null) return [match[1]?.trim() ?? '', isNegative];
  }
  return [text, false];
}

function read(digits: string, reading: RegExp, isNegative: boolean): Money | undefined {
  const [, whole, fraction] = reading.exec(digits) ?? [];
  if (whole === undefined) return undefined;
  const plain = whole.replaceAll(/\D/g, '');
  return Money.parse(`${isNegative ? '-' : ''}${plain}${fraction === undefined ? '' : `.${fraction}`}`);
}
