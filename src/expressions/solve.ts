// Turns rules round: what a reply must say so that an expression about it comes to a value. It reads the
// syntax tree and puts values where the expression looks for them, and asks the expression itself whether
// that was right; so it may find nothing, but never something wrong. It is one walk over all kinds of nodes,
// which is why it is long.

import type { ASTNode } from '@marcbachmann/cel-js';
import { Money } from '../domain/money.js';
import { textOf } from '../codecs/plain-text.js';
import { listOf, valueAt, withValue, type Draft } from './draft.js';
import { treeOf } from './trees.js';
import { around, isAlike, negativeOf, spellingsOf, writingsOf } from './spellings.js';
import { readsReply, spotOf, textOfNode, varTree, type Locals, type VariableOf } from './spots.js';
import { macroVariable } from './tree.js';

export interface Bench {
  /** What an expression comes to on a draft; undefined where it cannot be worked out. */
  readonly valueOf: (expression: string, draft: Draft) => unknown;
  readonly variable: VariableOf;
  /** Tried where anything will do, the first first. */
  readonly fillers: readonly string[];
}

type Drafts = Iterable<Draft>;
/** A draft, and what the variables of the macros around mean. */
interface At {
  readonly draft: Draft;
  readonly locals: Locals;
}

/** Attempts after which an expression counts as one that cannot be turned round. */
const mostAttempts = 500;

/**
 * Drafts made of this one on which the value `${…}` comes to `wanted`, those that change least first. None:
 * it cannot be turned round.
 */
export function solve(source: string, wanted: unknown, draft: Draft, bench: Bench): Drafts {
  const { variable, fillers } = bench;
  let attempts = 0;

  const valueOf = (node: ASTNode | undefined, { draft, locals }: At): unknown =>
    node === undefined ? undefined : bench.valueOf(textOfNode(node, locals), draft);

  const placeOf = (node: ASTNode, at: At) => spotOf(node, at.locals, variable, (key) => valueOf(key, at));

  /** Each draft on which the node comes to the value. */
  function* reach(node: ASTNode, want: unknown, at: At): Drafts {
    if (isAlike(valueOf(node, at), want)) yield at.draft;
    if (!readsReply(node, at.locals, variable)) return;
    for (const draft of ways(node, want, at)) {
      if (++attempts > mostAttempts) return;
      if (isAlike(valueOf(node, { ...at, draft }), want)) yield draft;
    }
  }

  function* any(node: ASTNode | undefined, wants: readonly unknown[], at: At): Drafts {
    for (const want of wants) if (node !== undefined && want !== undefined) yield* reach(node, want, at);
  }

  /** All nodes at once. */
  function* together([first, ...rest]: readonly (readonly [ASTNode, unknown])[], at: At): Drafts {
    if (first === undefined) yield at.draft;
    else for (const draft of reach(...first, at)) yield* together(rest, { ...at, draft });
  }

  function* each(ways: readonly Drafts[]): Drafts {
    for (const way of ways) yield* way;
  }

  /** What may be tried; whether it was right is asked afterwards. */
  function ways(node: ASTNode, want: unknown, at: At): Drafts {
    const spot = placeOf(node, at);
    if (spot !== undefined)
      return writingsOf(want, valueAt(at.draft, spot)).flatMap((written) => withValue(at.draft, spot, written) ?? []);
    switch (node.op) {
      case '&&':
      case '||': {
        const [one, other] = node.args;
        if ((node.op === '&&') === (want === true))
          return together(
            [
              [one, want],
              [other, want],
            ],
            at,
          );
        return each(node.args.map((part) => reach(part, want, at)));
      }
      case '!_':
        return reach(node.args, want !== true, at);
      case '-_':
        return any(node.args, negativeOf(want), at);
      case '==':
      case '!=':
        return compared(node.args, (node.op === '==') === (want === true), at);
      case 'in': {
        const among = valueOf(node.args[1], at);
        return Array.isArray(among) && want === true ? any(node.args[0], among, at) : [];
      }
      case '<':
      case '<=':
      case '>':
      case '>=':
        return eitherWay(node.args, (one, other) => any(one, around(valueOf(other, at)), at));
      case '?:': {
        const [condition, then, otherwise] = node.args;
        return each([
          together(
            [
              [condition, true],
              [then, want],
            ],
            at,
          ),
          together(
            [
              [condition, false],
              [otherwise, want],
            ],
            at,
          ),
        ]);
      }
      case '+':
        return eitherWay(node.args, (one, other) => summed(one, other, want, at));
      case '.':
      case '.?': {
        const tree = varTree(node, variable);
        return tree === undefined ? [] : reach(tree, want, at);
      }
      case '[]':
      case '[?]':
        return piece(node.args[0], node.args[1], want, at);
      case 'call':
        return called(node.args[0], node.args[1], want, at);
      case 'rcall': {
        const [name, receiver, operands] = node.args;
        if (macroVariable(node) !== undefined) return listed(name, receiver, operands, at);
        const isNamespace = receiver.op === 'id' && receiver.args === 'money';
        return called(name, isNamespace ? operands : [receiver, ...operands], want, at);
      }
      case 'id':
      case 'value':
      case 'list':
      case 'map':
      case '-':
      case '*':
      case '/':
      case '%':
        return [];
    }
  }

  const eitherWay = (
    [one, other]: readonly [ASTNode, ASTNode],
    way: (one: ASTNode, other: ASTNode) => Drafts,
  ): Drafts => each([way(one, other), way(other, one)]);

  function compared(sides: readonly [ASTNode, ASTNode], alike: boolean, at: At): Drafts {
    if (alike) return eitherWay(sides, (one, other) => any(one, [valueOf(other, at)], at));
    return eitherWay(sides, (one) => any(one, [...fillers, 0n, 1n, true, false], at));
  }

  /** A sum of amounts or of texts: one part takes what the other leaves. */
  function summed(one: ASTNode, other: ASTNode, want: unknown, at: At): Drafts {
    const rest = valueOf(other, at);
    if (want instanceof Money)
      return each(
        [rest, Money.zero].map((left) =>
          left instanceof Money
            ? together(
                [
                  [other, left],
                  [one, want.minus(left)],
                ],
                at,
              )
            : [],
        ),
      );
    if (typeof want !== 'string' || typeof rest !== 'string') return [];
    return any(one, [want.slice(rest.length), want.slice(0, want.length - rest.length)], at);
  }

  /** `split(text, ";")[1]`: one piece of a text put in the midst of the others. */
  function piece(owner: ASTNode, key: ASTNode, want: unknown, at: At): Drafts {
    const index = valueOf(key, at);
    const text = textOf(want);
    const [cut, separator] = splitting(owner);
    const divider = valueOf(separator, at);
    if (typeof index !== 'bigint' || text === undefined || cut === undefined || typeof divider !== 'string') return [];
    const whole = valueOf(cut, at);
    const pieces = (typeof whole === 'string' ? whole : '').split(divider);
    while (pieces.length <= Number(index)) pieces.push('');
    pieces[Number(index)] = text;
    return reach(cut, pieces.join(divider), at);
  }

  function called(name: string, [first, second, third]: readonly ASTNode[], want: unknown, at: At): Drafts {
    const [now, other, last] = [first, second, third].map((node) => valueOf(node, at));
    const text = textOf(want);
    switch (name) {
      case 'fromMajor':
      case 'fromMinor':
      case 'fromScaled':
        return want instanceof Money ? any(first, spellingsOf(want, now), at) : [];
      case 'has':
      case 'like':
        return want === true ? any(first, fillers, at) : [];
      case 'startsWith':
      case 'endsWith':
      case 'contains': {
        if (want !== true || typeof other !== 'string') return [];
        const rest = typeof now === 'string' ? now : '';
        return any(first, [other + rest, rest + other], at);
      }
      case 'size':
        return first === undefined ? [] : sized(first, want, at);
      case 'orValue':
      case 'list':
        return any(first, [want], at);
      case 'replace':
        if (text === undefined || typeof other !== 'string' || typeof last !== 'string') return [];
        return any(first, last === '' ? [text] : [text.replaceAll(last, other), text], at);
      case 'text':
      case 'integer':
      case 'bool':
      case 'digits':
      case 'first':
      case 'last':
      case 'substring':
        return any(first, [text, want], at);
      case 'upper':
      case 'lower':
      case 'trim':
        return any(first, [text, text?.toLowerCase(), text?.toUpperCase()], at);
      default:
        return [];
    }
  }

  function sized(list: ASTNode, want: unknown, at: At): Drafts {
    const spot = placeOf(list, at);
    if (spot === undefined || typeof want !== 'bigint') return [];
    const kept = listOf(valueAt(at.draft, spot)).slice(0, Number(want));
    while (kept.length < Number(want)) kept.push(kept.at(-1) ?? {});
    return [withValue(at.draft, spot, kept)].filter((draft) => draft !== undefined);
  }

  /** `exists` and `all`: over what the list has, then over one item more. */
  function listed(name: string, list: ASTNode, [variableNode, rule]: readonly ASTNode[], at: At): Drafts {
    const spot = placeOf(list, at);
    if (spot === undefined || variableNode?.op !== 'id' || rule === undefined) return [];
    const count = listOf(valueAt(at.draft, spot)).length;
    const withItem = (index: number): Locals => new Map([...at.locals, [variableNode.args, [...spot, index]]]);
    if (name !== 'all')
      return each(
        Array.from({ length: count + 1 }, (_, index) => reach(rule, true, { ...at, locals: withItem(index) })),
      );
    let { draft } = at;
    for (let index = 0; index < Math.max(count, 1); index++) {
      const [next] = reach(rule, true, { draft, locals: withItem(index) });
      if (next === undefined) return [];
      draft = next;
    }
    return [draft];
  }

  const tree = treeOf(source);
  return tree === undefined ? [] : reach(tree, wanted, { draft, locals: new Map() });
}

/** Text and separator of a `split`, in either form. */
function splitting(node: ASTNode): readonly (ASTNode | undefined)[] {
  if (node.op === 'call' && node.args[0] === 'split') return node.args[1];
  return node.op === 'rcall' && node.args[0] === 'split' ? [node.args[1], ...node.args[2]] : [];
}
