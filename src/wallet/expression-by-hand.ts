// Says of a text that is written by hand – a form, JSON or XML which no codec escapes – which value in it is raw, where that stands
// and what to write instead.

import { ParseError } from '@marcbachmann/cel-js';
import { outlineOf, rawIn, type Part } from './expression-raw.js';
import { vocabularyOf, type Declared, type Place } from './expression-scope.js';
import { splitSource } from './expression-source.js';
import { parse, sourceOf, typeIn } from './expression-tree.js';

export interface ByHand {
  /** How it will be read; a `value` is put into a format by its codec, and is a text of a format itself only if it looks like one. */
  readonly format: 'form' | 'text' | 'value';
  /** Paths such as `request.userID` whose values mean nothing in any format. */
  readonly harmless: ReadonlySet<string>;
  /** The texts of the vars, by name. */
  readonly vars: ReadonlyMap<string, string>;
}

/** A member of JSON, an element of XML, a field of a form. */
const markup = /[{,]\s*"[^"]+"\s*:|\[\s*"|<[A-Za-z/!?]|&[\w.[\]-]+=/;

/** The first raw value of a text, and the var it stands in, if any. For texts that compile. */
export function rawProblem(
  source: string,
  place: Place,
  declared: Declared,
  { format, harmless, vars }: ByHand,
): { message: string; offset: number; variable: string | undefined } | undefined {
  const { environment } = vocabularyOf(place, declared);
  const partsIn = (text: string): Part[] =>
    splitSource(text).parts.flatMap((part): Part[] => {
      if (part.kind === 'text') return [part.text];
      const program = parse(environment, part.text);
      return program instanceof ParseError ? [] : [{ tree: program.ast, offset: part.offset }];
    });
  const parts = partsIn(source);
  const varOf = (name: string): Part[] => partsIn(vars.get(name) ?? '');
  if (format === 'value' && !markup.test(outlineOf(parts, varOf))) return undefined;
  const raw = rawIn(parts, {
    format: format === 'form' ? 'form' : 'text',
    harmless,
    typeOf: (node) => typeIn(environment, node),
    varOf,
  });
  if (raw === undefined) return undefined;
  const name = sourceOf(raw.node);
  const reference = /\b(?:winR|r)eference$/.test(name) ? 'transactionID' : undefined;
  const id = /^(?:request|original)\.(userID|transactionID|roundID)$/.exec(name)?.[1] ?? reference;
  const cure = raw.instead ?? `${format === 'form' ? 'form(…)' : 'form(…), json(…), xml(…) or line(…)'} around it`;
  const other = id === undefined ? '' : `, or a platform.formats.${id} of letters, digits and . _ - alone`;
  const { offset, variable } = raw;
  return { message: `${name} could end its place in this text; expected ${cure}${other}`, offset, variable };
}
