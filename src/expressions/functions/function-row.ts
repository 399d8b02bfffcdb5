// What each function of the expression language must say of itself, in one place: how it is called, what it
// does, what must be right about its arguments before a file is loaded, a sentence and an example for people.

import type { ASTNode, RegisteredFunctionHandler } from '@marcbachmann/cel-js';
import type { Use } from '../result.js';

/** `brought`: the library has it already. */
type Body = RegisteredFunctionHandler | 'brought';

/** What is wrong with an argument, told of its shape alone when the file is loaded. */
export type ArgumentCheck = (argument: ASTNode, use: Use) => string | undefined;

export interface FunctionRow {
  /**
   * The bodies by signature, as "name(types): result" or "receiver.name(types): result"; `a | b` stands for
   * one form of each type.
   */
  readonly forms: Readonly<Record<string, Body>>;
  /**
   * By place. Where a function may also be called on its first argument, that one counts, however it is
   * called.
   */
  readonly literals?: readonly (ArgumentCheck | undefined)[];
  readonly sentence: string;
  /** Of a bet of 12.30 EUR by player-1; the result as a JSON body would have it. */
  readonly example: { readonly expression: string; readonly result: string };
}
/** By name. */
export type FunctionRows = Readonly<Record<string, FunctionRow>>;

/** One function of a text, both as `upper(x)` and as `x.upper()`. */
export function onText(
  name: string,
  more: readonly string[],
  result: string,
  body: RegisteredFunctionHandler,
): FunctionRow['forms'] {
  return {
    [`${name}(${['string', ...more].join(', ')}): ${result}`]: body,
    [`string.${name}(${more.join(', ')}): ${result}`]: body,
  };
}

/** A form for each choice of types. */
export function signaturesOf(form: string): readonly string[] {
  const [choice] = /\w+(?: \| \w+)+/.exec(form) ?? [];
  if (choice === undefined) return [form];
  return choice.split(' | ').flatMap((type) => signaturesOf(form.replace(choice, type)));
}
