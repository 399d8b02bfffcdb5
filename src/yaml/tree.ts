// Reads an operator file's YAML into a tree that still knows where every key and value stands, so that every
// later check can point at it. It takes no aliases, tags or binary floats, and its messages never quote the
// file: there may be a secret in it.

import { LineCounter, isAlias, isMap, isScalar, isSeq, type ParsedNode, type Scalar, type YAMLError } from 'yaml';
import { DecimalNumber } from '../codecs/decimal-number.js';
import { documentsIn } from './documents.js';
import { splitSource } from './source.js';

export type Path = readonly (string | number)[];
export interface Position {
  readonly line: number;
  readonly col: number;
  /** Where it is not the operator's own file. */
  readonly file?: string;
}
type ScalarValue = string | bigint | boolean | null | DecimalNumber;
interface Place {
  readonly path: Path;
  readonly at: Position;
  /** Where its key stands; for a list item and the whole file, where itself stands. */
  readonly keyAt: Position;
}
export type Tree =
  | (Place & { readonly kind: 'scalar'; readonly value: ScalarValue; positionOf(offset: number): Position })
  | (Place & { readonly kind: 'map'; readonly entries: ReadonlyMap<string, Tree> })
  | (Place & { readonly kind: 'list'; readonly items: readonly Tree[] });

export interface Mistake {
  readonly path: Path;
  readonly at: Position;
  readonly message: string;
}

const sentences: Record<YAMLError['code'], string> = {
  DUPLICATE_KEY: 'this key stands here twice; expected every key once',
  BLOCK_AS_IMPLICIT_KEY: 'a value with ": " in it; expected it in quotes',
  MULTILINE_IMPLICIT_KEY: 'a key over several lines; expected one line, and deeper indentation for what belongs to it',
  UNEXPECTED_TOKEN:
    'text that fits nowhere; expected matching indentation, and quotes around a value with ${…} inside { } or [ ]',
  MISSING_CHAR: 'a quote or bracket is not closed; expected its other half',
  TAB_AS_INDENT: 'a tab as indentation; expected spaces',
  BAD_INDENT: 'indentation that fits no level above; expected the same for all keys of one map',
  BAD_SCALAR_START: 'a value that begins with a reserved character; expected it in quotes',
  BAD_DQ_ESCAPE: 'an unknown escape in double quotes; expected single quotes, or the backslash doubled',
  MULTIPLE_DOCS: 'a second document after ---; expected one operator per file',
  BLOCK_IN_FLOW: 'a block inside { } or [ ]; expected one style',
  TAG_RESOLVE_FAILED: 'a tag; expected plain values',
  MULTIPLE_TAGS: 'a tag; expected plain values',
  BAD_ALIAS: 'an alias; expected the value itself',
  ALIAS_PROPS: 'an alias; expected the value itself',
  MULTIPLE_ANCHORS: 'an anchor; expected plain values',
  BAD_COLLECTION_TYPE: 'a tag; expected plain values',
  BAD_DIRECTIVE: 'a % directive; expected plain YAML 1.2',
  BAD_PROP_ORDER: 'an anchor or tag; expected plain values',
  KEY_OVER_1024_CHARS: 'a key of more than 1024 characters; expected a short one',
  NON_STRING_KEY: 'a key that is not text; expected text',
  RESOURCE_EXHAUSTION: 'too much nesting; expected a few levels',
  IMPOSSIBLE: 'YAML that cannot be read; expected YAML 1.2',
};

export interface Parsed {
  readonly tree?: Tree;
  readonly mistakes: Mistake[];
}

/**
 * The tree of one file, or none where it is no YAML; with every mistake found on the way. `file` is noted in
 * every position. Others may have their turn wherever it yields.
 */
export function* parseYaml(text: string, file?: string): Generator<undefined, Parsed> {
  const lines = new LineCounter();
  const [document, second] = yield* documentsIn(text, lines);
  const positionAt = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return file === undefined ? { line, col } : { line, col, file };
  };
  const mistakes: Mistake[] = [];
  const mistake = (path: Path, position: Position, message: string) =>
    void mistakes.push({ path, at: position, message });
  if (document === undefined) return { mistakes };
  for (const { code, pos, message } of [...document.errors, ...document.warnings]) {
    // A bracket that is never closed is found where a line is indented too little for what stands in it.
    const isOpen = code === 'BAD_INDENT' && message.startsWith('Flow ');
    mistake([], positionAt(pos[0]), sentences[isOpen ? 'MISSING_CHAR' : code]);
    // One slip makes the parser stumble many times after it; only doubled keys leave the rest readable.
    if (code !== 'DUPLICATE_KEY') return { mistakes };
  }
  if (second !== undefined) {
    mistake([], positionAt(second.range[0]), sentences.MULTIPLE_DOCS);
    return { mistakes };
  }

  function* grow(node: ParsedNode | null, path: Path, keyAt?: Position): Generator<undefined, Tree> {
    yield;
    const start = node?.range[0];
    const at = start === undefined ? (keyAt ?? { line: 1, col: 1 }) : positionAt(start);
    const place: Place = { path, at, keyAt: keyAt ?? at };
    if (isAlias(node)) mistake(path, at, 'an alias; expected the value itself');
    else if (node?.anchor !== undefined || node?.tag !== undefined)
      mistake(path, at, 'an anchor or a tag; expected plain values');
    if (isMap<ParsedNode, ParsedNode | null>(node)) {
      const entries = new Map<string, Tree>();
      for (const { key, value } of node.items) {
        const name = isScalar(key) ? key.source : '';
        const keyStart = positionAt(key.range[0]);
        if (name === '') mistake(path, keyStart, 'a key that is not text; expected text');
        else if (!entries.has(name)) entries.set(name, yield* grow(value, [...path, name], keyStart));
      }
      return { ...place, kind: 'map', entries };
    }
    if (isSeq<ParsedNode>(node)) {
      const items: Tree[] = [];
      for (const [index, item] of node.items.entries()) items.push(yield* grow(item, [...path, index]));
      return { ...place, kind: 'list', items };
    }
    const value = isScalar(node) ? scalarValue(withoutLineEnd(node), node.source) : null;
    if (value === undefined) mistake(path, at, 'a number that JSON cannot hold; expected plain digits, or quotes');
    return {
      ...place,
      kind: 'scalar',
      value: value ?? null,
      positionOf: (offset) => positionIn(value, start, offset) ?? at,
    };
  }

  /**
   * Where in the file the `offset`th character of a value stands; undefined where escapes or folding moved
   * it.
   */
  function positionIn(value: unknown, start: number | undefined, offset: number): Position | undefined {
    if (typeof value !== 'string' || start === undefined) return undefined;
    const first = /^["']/.test(text.slice(start, start + 1)) ? start + 1 : start;
    return text.startsWith(value, first) ? positionAt(first + offset) : undefined;
  }

  return { tree: yield* grow(document.contents, []), mistakes };
}

/** The line break that | and > leave behind a single `${…}` belongs to the file, not to the value. */
function withoutLineEnd({ type, value }: Scalar): unknown {
  if (typeof value !== 'string' || (type !== 'BLOCK_LITERAL' && type !== 'BLOCK_FOLDED')) return value;
  const bare = value.replace(/\n+$/, '');
  const { parts, open } = splitSource(bare);
  const [only, ...others] = parts;
  return only?.kind === 'expression' && others.length === 0 && open === undefined ? bare : value;
}

function scalarValue(value: unknown, source: string | undefined): ScalarValue | undefined {
  if (typeof value === 'number') return source === undefined ? undefined : DecimalNumber.parse(source);
  if (typeof value === 'string' || typeof value === 'bigint' || typeof value === 'boolean') return value;
  return value === null ? null : undefined;
}

/** The node a path leads to. */
export function find(tree: Tree | undefined, path: Path): Tree | undefined {
  let node = tree;
  for (const step of path) {
    if (node?.kind === 'map' && typeof step === 'string') node = node.entries.get(step);
    else if (node?.kind === 'list' && typeof step === 'number') node = node.items[step];
    else return undefined;
  }
  return node;
}

/** The tree as plain values: integers are bigint, maps have no prototype. */
export function plain(tree: Tree): unknown {
  switch (tree.kind) {
    case 'scalar':
      return tree.value;
    case 'list':
      return tree.items.map(plain);
    case 'map': {
      const map: Record<string, unknown> = { __proto__: null };
      for (const [key, value] of tree.entries) map[key] = plain(value);
      return map;
    }
  }
}

/** The tree without some of its keys; lists stay whole, so that every path keeps its meaning. */
export function without(tree: Tree, paths: readonly Path[]): Tree {
  if (tree.kind !== 'map') return tree;
  const isWrong = (node: Tree) =>
    paths.some((path) => path.length === node.path.length && path.every((step, at) => step === node.path[at]));
  const left = [...tree.entries].filter(([, value]) => !isWrong(value));
  return { ...tree, entries: new Map(left.map(([name, value]) => [name, without(value, paths)])) };
}

/** Every text of the tree, keys left out. */
export function textsOf(tree: Tree): string[] {
  switch (tree.kind) {
    case 'scalar':
      return typeof tree.value === 'string' ? [tree.value] : [];
    case 'list':
      return tree.items.flatMap(textsOf);
    case 'map':
      return [...tree.entries.values()].flatMap(textsOf);
  }
}
