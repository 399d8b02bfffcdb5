// Which values in a text that is written by hand could end their place there. A form, JSON or XML that the
// mapping puts together as one text is not escaped by any codec, so a value of a callback must come through a
// function that says how, or be of a kind that cannot hold a `&`, a quote or a line break. In doubt it could.

import type { ASTNode } from '@marcbachmann/cel-js';
import { escapeNames } from './functions/escapes.js';
import { fieldPath, literalText, macroVariable } from './tree.js';

/** A text of the file is cut into what stays as it is and its expressions; `offset`: of one in the text. */
export type Part = string | { readonly tree: ASTNode; readonly offset: number };
export interface Raw {
  /**
   * The part of the expression that is raw, where it is in the text, and the var whose text that is, if it is
   * one.
   */
  readonly node: ASTNode;
  readonly offset: number;
  readonly end: number;
  readonly variable: string | undefined;
  /** What to write, where it is known better than "an escape". */
  readonly instead?: string;
}
export interface Surroundings {
  /** In a form only an urlencoded value keeps its place; in another text the file says which escape fits. */
  readonly format: 'form' | 'text';
  /** Paths such as `request.userID` whose values hold nothing but letters, digits and `._-`. */
  readonly harmless: ReadonlySet<string>;
  /** The type of a part, in the library's words. */
  typeOf(node: ASTNode): string | undefined;
  varOf(name: string): readonly Part[];
}

/**
 * `plain`: no character of it means anything in any format, or the file itself says them all; `escaped`:
 * harmless as a whole; `structure`: a map or a list, which the codec escapes.
 */
type Level = 'plain' | 'escaped' | 'structure' | Raw;

/** The values of the text that could end their place in it. */
export function rawIn(parts: readonly Part[], around: Surroundings): readonly Raw[] {
  const found: Raw[] = [];
  for (;;) {
    const level = new Judge(around, found).sequence(parts, '', '');
    if (typeof level !== 'object') return found;
    found.push(level);
  }
}

/** What the file itself says of a text, with … for each value. */
export function outlineOf(parts: readonly Part[], varOf: Surroundings['varOf']): string {
  const outline = (node: ASTNode): string => {
    if (node.op === '+') return outline(node.args[0]) + outline(node.args[1]);
    const name = varName(node);
    return literalText(node) ?? (name === undefined ? '…' : outlineOf(varOf(name), varOf));
  };
  return parts.map((part) => (typeof part === 'string' ? part : outline(part.tree))).join('');
}

const plainCalls = new Set(
  'hex base64url digits uuid uuid5 integer size major minor number scaled unix unixMs format'.split(' '),
);
const keepsPlain = new Set('upper lower trim first last reversed replace substring text'.split(' '));
const keepsItems = new Set(['sorted', 'reversed', 'list', 'filter']);

class Judge {
  /** Where the text at hand stands. */
  private variable: string | undefined;
  private offset = 0;
  constructor(
    private readonly around: Surroundings,
    /** Those that are told of already, and count as harmless. */
    private readonly found: readonly Raw[],
  ) {}

  /** Parts that follow one another, between two texts. */
  sequence(parts: readonly Part[], before: string, after: string): Level {
    const levels = parts.map((part, at) => {
      if (typeof part === 'string') return 'plain';
      const [left = before, right = after] = [parts[at - 1], parts[at + 1]];
      this.offset = part.offset;
      return this.level(part.tree, this.end(left), this.start(right));
    });
    return worst(levels);
  }

  private level(node: ASTNode, before: string, after: string): Level {
    if (node.op === 'value') return 'plain';
    if (node.op === 'map' || node.op === 'list') return 'structure';
    if (node.op === '+') return this.sum(node.args, before, after);
    if (node.op === '?:') return worst(node.args.slice(1).map((one) => this.level(one, before, after)));
    if (node.op === 'call' || node.op === 'rcall') return this.call(node, before, after);
    return this.named(node, before, after);
  }

  private sum([left, right]: readonly [ASTNode, ASTNode], before: string, after: string): Level {
    const levels = [this.level(left, before, this.start(right)), this.level(right, this.end(left), after)];
    return levels.includes('structure') ? 'structure' : worst(levels);
  }

  private named(node: ASTNode, before: string, after: string): Level {
    const name = varName(node);
    if (name !== undefined) return this.within(name, () => this.sequence(this.around.varOf(name), before, after));
    const path = fieldPath(node);
    if (path !== undefined && (path[0] === 'settings' || this.around.harmless.has(path.join('.')))) return 'plain';
    if (path === undefined && (node.op === '[]' || node.op === '[?]'))
      return onlyPlain(this.items(node.args[0], '', ''), () => this.typed(node));
    return this.typed(node);
  }

  private call(node: Call, before: string, after: string): Level {
    const [name, args] = calledIn(node);
    const [first, second, third] = args;
    if (first === undefined || plainCalls.has(name)) return 'plain';
    const type = this.typed(node);
    if (typeof type !== 'object') return type;
    if (name === 'base64' && this.around.format === 'text') return 'plain';
    if (name === 'formEncode') return 'escaped';
    if (escapeNames.has(name)) return this.escape(node, name, literalText(second) ?? '', before, after);
    if (name === 'or' || name === 'orValue' || name === 'value')
      return worst(args.map((one) => this.level(one, before, after)));
    if (name === 'join') return this.items(first, literalText(second) ?? '', literalText(second) ?? '');
    if (!keepsPlain.has(name)) return type;
    return onlyPlain(worst([first, third ?? first].map((one) => this.level(one, '', ''))), () => type);
  }

  /** What the items of a list are, each between these texts. */
  private items(node: ASTNode, before: string, after: string): Level {
    if (node.op === 'list') return worst(node.args.map((item) => this.level(item, before, after)));
    const variable = varName(node);
    const [only, ...more] = variable === undefined ? [] : this.around.varOf(variable);
    if (variable !== undefined && typeof only === 'object' && more.length === 0)
      return this.within(variable, () => {
        this.offset = only.offset;
        return this.items(only.tree, before, after);
      });
    if (fieldPath(node)?.[0] === 'settings') return 'plain';
    if (node.op === '[]' || node.op === '[?]') return this.items(node.args[0], before, after);
    if (node.op !== 'call' && node.op !== 'rcall') return this.raw(node);
    const [name, args] = calledIn(node);
    const [first, last] = [args[0], args.at(-1)];
    if (first === undefined || last === undefined) return this.raw(node);
    if (name === 'split') return onlyPlain(this.level(first, '', ''), () => this.raw(node));
    if (name === 'map' && !this.hidesAName(macroVariable(node))) return this.level(last, before, after);
    return keepsItems.has(name) ? this.items(first, before, after) : this.raw(node);
  }

  private escape(node: Call, name: string, ends: string, before: string, after: string): Level {
    if (this.around.format === 'form') return name === 'form' ? 'escaped' : this.raw(node);
    if (name === 'json' && (before.endsWith('"') || after.startsWith('"')))
      return this.raw(node, 'it without quotes around it, because json(…) brings its own');
    if (name !== 'line') return 'escaped';
    // In `a=b` what stands before the value does not end it.
    const beside = [/[=:]\s*$/.test(before) ? '' : before.slice(-1), after.slice(0, 1)];
    const missing = beside.filter((one) => !/^[A-Za-z0-9\r\n]?$/.test(one) && !ends.includes(one));
    const all = JSON.stringify(ends + [...new Set(missing)].join(''));
    return missing.length === 0 ? 'escaped' : this.raw(node, `line(…, ${all}), which refuses what stands beside it`);
  }

  /** The text that follows, as far as the file says it. */
  private start(part: Part | ASTNode | undefined): string {
    if (typeof part !== 'object') return part ?? '';
    const node = 'tree' in part ? part.tree : part;
    if (node.op === '+') return this.start(node.args[0]);
    return literalText(node) ?? this.start(this.around.varOf(varName(node) ?? '').at(0));
  }

  private end(part: Part | ASTNode | undefined): string {
    if (typeof part !== 'object') return part ?? '';
    const node = 'tree' in part ? part.tree : part;
    if (node.op === '+') return this.end(node.args[1]);
    return literalText(node) ?? this.end(this.around.varOf(varName(node) ?? '').at(-1));
  }

  private typed(node: ASTNode): Level {
    const type = (this.around.typeOf(node) ?? '').replace(/^optional<(.*)>$/, '$1');
    if (['int', 'bool', 'DecimalNumber'].includes(type)) return 'plain';
    return /^(list|map)\b/.test(type) ? 'structure' : this.raw(node);
  }

  /** A macro whose variable is called like one of our names is not looked into. */
  private hidesAName(variable = ''): boolean {
    const roots = [...this.around.harmless].map((path) => path.split('.')[0]);
    return ['settings', 'vars', ...roots].includes(variable);
  }

  private within(variable: string, work: () => Level): Level {
    const outer = [this.variable, this.offset] as const;
    this.variable = variable;
    const level = work();
    [this.variable, this.offset] = outer;
    return level;
  }

  private raw(node: ASTNode, instead?: string): Level {
    const { variable } = this;
    const [offset, end] = [this.offset + node.start, this.offset + node.end];
    if (this.found.some((raw) => raw.variable === variable && raw.offset === offset && raw.end === end)) return 'plain';
    return { node, offset, end, variable, ...(instead !== undefined && { instead }) };
  }
}

type Call = Extract<ASTNode, { op: 'call' | 'rcall' }>;

/** `x.f(y)` as `f(x, y)`. */
function calledIn(node: Call): readonly [string, readonly ASTNode[]] {
  return node.op === 'call' ? node.args : [node.args[0], [node.args[1], ...node.args[2]]];
}

function varName(node: ASTNode): string | undefined {
  const [root, name, ...more] = fieldPath(node) ?? [];
  return root === 'vars' && more.length === 0 ? name : undefined;
}

/** A piece of an escape is none, and what is changed must be escaped afterwards. */
function onlyPlain(level: Level, otherwise: () => Level): Level {
  return level === 'plain' ? level : otherwise();
}

function worst(levels: readonly Level[]): Level {
  const raw = levels.find((level) => typeof level === 'object');
  return raw ?? (levels.includes('structure') ? 'structure' : levels.includes('escaped') ? 'escaped' : 'plain');
}
