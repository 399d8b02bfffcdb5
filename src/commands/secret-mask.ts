// Takes an operator's secrets out of text that is shown to people: the credentials as they were prepared, and
// what expressions read, in every form a request puts it in as it is. What is computed from them – a hash, a
// sign – does not show them and stays.

import type { CompiledOperator } from '../operators/compile.js';
import { fetchSecrets } from '../operators/secrets.js';
import { formFlavours, percentEncoded } from '../codecs/form-encoding.js';
import { charsetOf } from '../codecs/charset.js';
import { fileText } from '../codecs/file-text.js';
import { Unfit, type Charset } from '../codecs/codec.js';
import { writeElement } from '../codecs/xml.js';
import { textOf, type Mark, type Span } from './marked.js';

/** Replaces each secret of the operator's file by its name. */
export function secretMask(...of: Parameters<typeof secretMarks>): (text: string) => string {
  const mark = secretMarks(...of);
  return (text) => textOf(mark(text));
}

/** The same, cut into what is a secret's name and what is not. */
export function secretMarks(
  { file, credentials }: Pick<CompiledOperator, 'file' | 'credentials'>,
  env: Readonly<Record<string, string | undefined>>,
  standIns: true | 'other' = true,
  readFile: (path: string) => string = fileText,
): Mark {
  const around = { env, readFile, standIns };
  const secrets = fetchSecrets(file.secrets, around, () => undefined);
  const masks = new Map<string, string>();
  const charset = charsetOf(file.wallet.charset);
  for (const [name, value] of secrets) for (const form of formsOf(value, charset)) masks.set(form, `‹secret:${name}›`);
  for (const { in: place, hidden = '', shown } of credentials)
    if (hidden !== '') masks.set(place === 'query' ? percentEncoded(hidden, 'uri', charset.encode) : hidden, shown);
  if (masks.size === 0) return (text) => [{ text, is: 'plain' }];
  // A secret that is part of another one must not leave the rest of it standing, so the longest is looked for
  // first.
  const forms = [...masks.keys()].sort((one, other) => other.length - one.length);
  const any = new RegExp(`(${forms.map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|')})`, 'g');
  return (text) =>
    text.split(any).flatMap((part, at): Span[] => {
      if (at % 2 === 1) return [{ text: masks.get(part) ?? '', is: 'masked' }];
      return part === '' ? [] : [{ text: part, is: 'plain' }];
    });
}

/** As text, in URLs and forms, in JSON, in XML, and as bytes that are written out. */
function formsOf(value: string, charset: Charset): string[] {
  const { encode } = charsetOf('utf-8');
  return [
    ...[value, JSON.stringify(value).slice(1, -1)],
    ...ifWritable(() => [
      writeElement('a', value).slice('<a>'.length, -'</a>'.length),
      writeElement('a', { '@b': value }).slice('<a b="'.length, -'"/>'.length),
    ]),
    ...[encode, charset.encode].flatMap((encode) => ifWritable(() => writtenOut(value, encode))),
  ];
}

/** The bytes of a charset, as text. */
function writtenOut(value: string, encode: Charset['encode']): string[] {
  const bytes = Buffer.from(encode(value));
  const hex = bytes.toString('hex');
  const inBase64 = base64Forms(bytes);
  const inUrl = (text: string) => formFlavours.map((flavour) => percentEncoded(text, flavour, encode));
  return [...inUrl(value), hex, hex.toUpperCase(), ...inBase64, ...inBase64.flatMap(inUrl)];
}

/**
 * Alone, and in the midst of other text: there it looks otherwise for each of three places it may begin at.
 */
function base64Forms(bytes: Buffer): string[] {
  const within = [0, 1, 2].map((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]);
    // Characters that hold bits of what stands before or behind it are not its own.
    return whole.toString('base64').slice(Math.ceil((before * 8) / 6), Math.floor((whole.length * 8) / 6));
  });
  const telling = 6;
  return [bytes.toString('base64'), ...within.filter((form) => form.length >= telling)];
}

/** A secret with characters this form cannot hold is in no request in this form. */
function ifWritable(forms: () => string[]): string[] {
  try {
    return forms();
  } catch (failure) {
    if (failure instanceof Unfit) return [];
    throw failure;
  }
}
