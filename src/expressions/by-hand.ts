// Says of a text that is written by hand – a form, JSON or XML which no codec escapes – which value in it is
// raw, where that stands and what to write instead.

import { ParseError, type ASTNode } from '@marcbachmann/cel-js';
import { outlineOf, rawIn, type Part, type Raw } from './raw.js';
import { vocabularyOf, type Declared, type Place } from './scope.js';
import { splitSource } from '../yaml/source.js';
import { fieldPath, parse, sourceOf, typeIn } from './tree.js';

export interface ByHand {
  /**
   * How it will be read; a `value` is put into a format by its codec, and is a text of a format itself only
   * if it looks like one.
   */
  readonly format: 'form' | 'text' | 'value';
  /** Paths such as `request.userID` whose values mean nothing in any format. */
  readonly harmless: ReadonlySet<string>;
  /** The texts of the vars, by name. */
  readonly vars: ReadonlyMap<string, string>;
}

/** A member of JSON, an element of XML, a field of a form. */
const markup = /[{,]\s*"[^"]+"\s*:|\[\s*"|<[A-Za-z/!?]|&[\w.[\]-]+=/;

/** Ids the platform makes, whose form `platform.formats` may say. */
const platformIds: ReadonlySet<string> = new Set(['userID', 'transactionID', 'roundID', 'gameID']);

/** What each raw value of a text is, and the var it stands in, if any. For texts that compile. */
export function rawProblems(
  source: string,
  place: Place,
  declared: Declared,
  { format, harmless, vars }: ByHand,
): readonly { message: string; offset: number; variable: string | undefined }[] {
  const { environment } = vocabularyOf(place, declared);
  const partsIn = (text: string): Part[] =>
    splitSource(text).parts.flatMap((part): Part[] => {
      if (part.kind === 'text') return [part.text];
      const program = parse(environment, part.text);
      return program instanceof ParseError ? [] : [{ tree: program.ast, offset: part.offset }];
    });
  const parts = partsIn(source);
  const varOf = (name: string): Part[] => partsIn(vars.get(name) ?? '');
  if (format === 'value' && !markup.test(outlineOf(parts, varOf))) return [];
  const around = { harmless, varOf, typeOf: (node: ASTNode) => typeIn(environment, node) };
  return rawIn(parts, { ...around, format: format === 'form' ? 'form' : 'text' }).map((raw) => ({
    message: `${sourceOf(raw.node)} could end its place in this text; expected ${cureOf(raw, format)}`,
    offset: raw.offset,
    variable: raw.variable,
  }));
}

function cureOf({ node, instead }: Raw, format: ByHand['format']): string {
  const [root = '', ...fields] = fieldPath(node) ?? [];
  const name = fields.at(-1) ?? root;
  const isOfTransaction = ['reference', 'winReference', 'refTransactionID'].includes(name);
  const reference = isOfTransaction ? 'transactionID' : undefined;
  const isOfPlatform = (root === 'request' || root === 'original') && fields.length === 1 && platformIds.has(name);
  const id = isOfPlatform ? name : reference;
  const cure = instead ?? `${format === 'form' ? 'form(…)' : 'form(…), json(…), xml(…) or line(…)'} around it`;
  return id === undefined ? cure : `${cure}, or a platform.formats.${id} of letters, digits and . _ - alone`;
}
