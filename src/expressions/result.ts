// What a place takes from its expression: judged by type when the file is loaded, and by value where the type
// was not known. An amount must never leave without its unit, nor an absent value become a text.

import { Optional } from '@marcbachmann/cel-js';
import { Money } from '../domain/money.js';
import { entriesOf } from '../codecs/codec.js';
import { DecimalNumber } from '../codecs/decimal-number.js';
import { remedy, typeName } from './wording.js';
import { EvaluationFailure } from '../codecs/evaluation-failure.js';
import { textOf } from '../codecs/plain-text.js';

/** `piece` is text among other text; `kept` is for an intermediate value, which may be anything. */
export type Use = 'bool' | 'money' | 'text' | 'any' | 'piece' | 'kept';

/** What evaluating gives for a value that is one absent optional: its key is dropped. */
export const absent: unique symbol = Symbol('absent');

const wishes: Readonly<Record<Use, string>> = {
  bool: 'a rule is true or false',
  money: 'an amount is wanted here',
  text: 'text is wanted here',
  piece: 'text is wanted here',
  any: 'this cannot be sent',
  kept: '',
};

/** Why a value of this type cannot stand here; undefined where it can. */
export function unfitness(type: string, use: Use): string | undefined {
  const present = /^optional<(.*)>$/.exec(type)?.[1] ?? type;
  const because = (advice: string): string =>
    `${wishes[use]}, this is ${typeName(type)}${advice === '' ? '' : `: ${advice}`}`;
  switch (use) {
    case 'bool':
      return type === 'bool' || type === 'dyn' ? undefined : because(present === type ? '' : remedy(type));
    case 'money':
      if (present === 'Money' || type === 'null') return undefined;
      return because('write money.fromMajor(…), money.fromMinor(…) or money.fromScaled(…, n)');
    case 'piece':
      return ['string', 'int', 'bool', 'DecimalNumber', 'dyn'].includes(type) ? undefined : because(remedy(type));
    case 'text':
      return ['string', 'int', 'bool', 'DecimalNumber', 'dyn'].includes(present) ? undefined : because(remedy(present));
    case 'kept':
      return undefined;
    case 'any':
      return /\b(Money|bytes|double|optional)\b/.test(present) ? because(remedy(present)) : undefined;
  }
}

export const finishes: Readonly<Record<Use, (value: unknown) => unknown>> = {
  bool(value) {
    if (typeof value !== 'boolean') throw new EvaluationFailure('the rule is neither true nor false');
    return value;
  },
  money(value) {
    const amount = kept(value);
    if (amount === null) return absent;
    if (amount !== absent && !(amount instanceof Money)) throw new EvaluationFailure('the value is no amount');
    return amount;
  },
  text(value) {
    const present = kept(value);
    return present === absent ? absent : asText(present);
  },
  piece: asText,
  any(value) {
    const present = kept(value);
    if (present !== absent && !isSendable(present)) throw new EvaluationFailure(unsendable(present));
    return present;
  },
  kept,
};

function kept(value: unknown): unknown {
  if (!(value instanceof Optional)) return value;
  return value.hasValue() ? value.value() : absent;
}

function asText(value: unknown): string {
  const text = textOf(value);
  if (text === undefined) {
    const kind = kindIn(value);
    const advice = kind === undefined ? '' : `: this is ${typeName(kind)}, ${remedy(kind)}`;
    throw new EvaluationFailure(`the value is no text, number or true/false${advice}`);
  }
  return text;
}

/** What cannot be sent in a value, and how it could be. */
function unsendable(value: unknown): string {
  const kind = kindIn(value);
  const advice = kind === undefined ? '' : `: there is ${typeName(kind)} in it, ${remedy(kind)}`;
  return `the value cannot be sent as it is${advice}`;
}

/** The kind, in the library's words, of what makes a value unsendable. */
function kindIn(value: unknown): string | undefined {
  if (value instanceof Money) return 'Money';
  if (value instanceof Uint8Array) return 'bytes';
  if (value instanceof Optional) return 'optional';
  if (typeof value === 'number') return 'double';
  if (typeof value !== 'object' || value === null || value instanceof DecimalNumber) return undefined;
  return (value instanceof Map ? [...value.values()] : Object.values(value)).map(kindIn).find((kind) => kind);
}

/**
 * What types cannot tell of a computed value: an amount without its unit must not be sent, however deep it
 * lies.
 */
export function isSendable(value: unknown): boolean {
  if (typeof value !== 'object') return typeof value !== 'number';
  if (value === null || value instanceof DecimalNumber) return true;
  if (Array.isArray(value)) return value.every(isSendable);
  return entriesOf(value)?.every(([, item]) => isSendable(item)) === true;
}
