// What evaluating may cost. A reply of a wallet decides how long its lists and texts are, and while one
// expression is worked out no other operator's callback moves. What grows faster than the reply itself is
// refused when the file is loaded; what functions read and write is counted while they run.

import type { ASTNode, RegisteredFunctionHandler } from '@marcbachmann/cel-js';
import { Money } from '../domain/money.js';
import { EvaluationFailure } from '../codecs/evaluation-failure.js';
import { workDone } from './language.js';
import { macroVariable, partsOf, sourceOf } from './tree.js';

/** Characters and items that the functions of one call may read and write: some 50 ms of one core. */
export const mostWork = 4_000_000;
const tooMuch = `it reads and writes more than ${mostWork} characters`;
/** What costs less is not worth counting. */
const leastCounted = 256;

/** The same function, which counts what it reads and writes, and throws EvaluationFailure over the limit. */
export function metered(body: RegisteredFunctionHandler): RegisteredFunctionHandler {
  return (...args: unknown[]): unknown => {
    for (const arg of args) counted(arg);
    return counted(body(...args));
  };
}

/** The value itself, once what it takes to read or write it is counted. */
export function counted(value: unknown): unknown {
  const work = sizeOf(value);
  if (work >= leastCounted && workDone(work) > mostWork) throw new EvaluationFailure(tooMuch);
  return value;
}

/** Throws like `counted` before so much is written: what it is `atMost` is cheaply told, and what it is `exactly` not. */
export function affordable(atMost: number, exactly = (): number => atMost): void {
  if (atMost > mostWork && exactly() > mostWork) throw new EvaluationFailure(tooMuch);
}

/** Characters and items, those inside of lists and maps included, as far as they are worth knowing. */
function sizeOf(value: unknown, most = mostWork): number {
  if (typeof value === 'string' || value instanceof Uint8Array) return value.length;
  if (typeof value !== 'object' || value === null || value instanceof Money) return 0;
  const items: Iterable<unknown> = Array.isArray(value) || value instanceof Map ? value.values() : Object.values(value);
  let size = 0;
  for (const item of items) {
    size += 1 + sizeOf(item, most - size);
    if (size > most) break;
  }
  return size;
}

/**
 * Where a list is gone through again for each item of another one, so that the work is the product of the
 * two. A list that is the item's own, or that stands in the file, is not such a one.
 */
export function repeatedWork(tree: ASTNode): readonly { readonly at: number; readonly message: string }[] {
  const found: { at: number; message: string }[] = [];
  const visit = (node: ASTNode, items: ReadonlySet<string>): void => {
    const variable = macroVariable(node);
    const list =
      variable !== undefined && node.op === 'rcall' ? node.args[1] : node.op === 'in' ? node.args[1] : undefined;
    if (items.size > 0 && list !== undefined && isOfReply(list) && !reads(list, items))
      found.push({
        at: list.start,
        message: `${sourceOf(list)} is gone through again for each item: ask for one list at a time, or for a list of the item itself`,
      });
    const inner = variable === undefined ? items : new Set(items).add(variable);
    if (variable !== undefined && node.op === 'rcall') {
      visit(node.args[1], items);
      for (const part of node.args[2].slice(1)) visit(part, inner);
    } else for (const part of partsOf(node)) visit(part, items);
  };
  visit(tree, new Set());
  return found;
}

/** How long it is, only the wallet knows. */
const isOfReply = (node: ASTNode): boolean => reads(node, new Set(['response', 'sent', 'vars']));

const reads = (node: ASTNode, names: ReadonlySet<string>): boolean =>
  (node.op === 'id' && names.has(node.args)) || partsOf(node).some((part) => reads(part, names));
