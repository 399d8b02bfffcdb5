// HTML in which nothing but what stands in our own files is markup: every value that is put in is text, and is
// written so that it can be nothing else. Characters that would steer or hide what is read – control characters,
// those that turn the direction of writing, lone halves of characters – are shown by their number.

class Markup {
  constructor(readonly text: string) {}
}
export type { Markup };

export type Value = string | number | Markup | undefined | readonly Markup[];

/** A value stands between tags, or in an attribute between double quotes; anywhere else is a mistake of ours. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  let before = '';
  let written = '';
  for (const [at, part] of parts.entries()) {
    before += part;
    written += part;
    if (at === values.length) break;
    const value = values[at];
    const isOurs = value === undefined || value instanceof Markup;
    if (isBareInTag(before) && !isOurs) throw new Error('a value stands where only markup may');
    written += textOf(value);
  }
  return new Markup(written);
}

/** In a tag, and not within the quotes of an attribute. */
function isBareInTag(text: string): boolean {
  const tag = text.slice(text.lastIndexOf('<'));
  return tag.startsWith('<') && !tag.includes('>') && tag.split('"').length % 2 === 1;
}

/** Text whose line breaks and tabs are its own, for `pre` and `textarea`. */
export const inLines = (text: string): Markup => new Markup(escaped(text, /[^\P{C}\n\t]|[\p{Zl}\p{Zp}]/gu));

/** The first where it holds, else nothing, or the second. */
export const when = (holds: boolean, one: () => Markup, other?: () => Markup): Markup | undefined =>
  holds ? one() : other?.();

/** A path of ours with what is asked of it; ids may hold anything, and are percent-encoded. */
export function to(path: string, query: Readonly<Record<string, string | undefined>> = {}): string {
  const asked = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [`${name}=${encodeURIComponent(value.replace(/\p{Cs}/gu, '\ufffd'))}`],
  );
  return `/console${path}${asked.length === 0 ? '' : `?${asked.join('&')}`}`;
}

function textOf(value: Value): string {
  if (value === undefined) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map(({ text }) => text).join('');
  return escaped(String(value), /[\p{C}\p{Zl}\p{Zp}]/gu);
}

const names: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string, hidden: RegExp): string {
  return text
    .replace(hidden, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
    .replace(/[&<>"']/g, (character) => names[character] ?? '');
}
