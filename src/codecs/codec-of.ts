// The codec of a format and a charset: from a mapping's value to the exact bytes, and from a reply's bytes to
// what the rules see.

import { charsetOf, type CharsetName } from './charset.js';
import { Malformed, withoutLead, type Charset, type Content, type Notation } from './codec.js';
import { form } from './form.js';
import { parseJson, writeJson } from './json.js';
import { soap } from './soap.js';
import { text } from './text.js';
import { xml } from './xml.js';

export const formatNames = ['json', 'form', 'xml', 'soap', 'text'] as const;
export type Format = (typeof formatNames)[number];

const json: Notation = {
  title: 'JSON',
  accept: 'application/json',
  headers: (charset) => ({ 'Content-Type': `application/json; charset=${charset}` }),
  write: writeJson,
  read: (body) => ({ body: parseJson(withoutLead(body)) }),
};

const notations: Readonly<Record<Format, Notation>> = { json, form, xml, soap, text };

export interface Codec {
  readonly format: Format;
  readonly charset: Charset;
  readonly accept: string;
  /** Headers that go with such a body. */
  readonly headers: Readonly<Record<string, string>>;
  /** The exact bytes. Throws Malformed, Unfit or EvaluationFailure: nothing can be sent. */
  write(value: unknown): Uint8Array;
  /** A body of white space only has no content. Throws Malformed: what it says cannot be known. */
  read(bytes: Uint8Array): { readonly text: string; readonly content?: Content };
}

export function codecOf(format: Format, charsetName: CharsetName): Codec {
  const notation = notations[format];
  const charset = charsetOf(charsetName);
  return {
    format,
    charset,
    accept: notation.accept,
    headers: notation.headers(charset.name),
    write: (value) => named(notation, () => charset.encode(notation.write(value, charset))),
    read: (bytes) =>
      named(notation, () => {
        const text = (isMarked(bytes) ? charsetOf('utf-8') : charset).decode(bytes);
        return text.trim() === '' ? { text } : { text, content: notation.read(text, charset) };
      }),
  };
}

/** With UTF-8's byte order mark, which is text of no other charset: whoever writes it writes UTF-8. */
const isMarked = (bytes: Uint8Array): boolean => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;

/** How messages call a format: "JSON". */
export const titleOf = (format: Format): string => notations[format].title;

function named<Result>({ title }: Notation, work: () => Result): Result {
  try {
    return work();
  } catch (failure) {
    if (failure instanceof Malformed) throw new Malformed(`the body is not ${title}: ${failure.message}`);
    throw failure;
  }
}
