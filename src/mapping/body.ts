// What can be told of a request's body when the file is loaded: that its format can hold it. What `${…}` puts
// in is known only when the request is made.

import type { Report } from '../yaml/diagnostics.js';
import type { Tree } from '../yaml/tree.js';
import type { Charset } from '../codecs/codec.js';
import { titleOf, type Codec } from '../codecs/codec-of.js';
import { isXmlName } from '../codecs/xml.js';
import { callAtStart } from '../expressions/names.js';
import { splitSource } from '../yaml/source.js';
import { writtenText } from './template.js';

/** Reports what this codec could never write. */
export function reportBody(body: Tree, { format, charset }: Codec, report: Report): void {
  reportCharacters(body, charset, report);
  switch (format) {
    case 'json':
      if (isJsonText(writtenText(body)?.text ?? ''))
        report(body.path, 'JSON would put quotes around this text; expected a map or a list, or format: text');
      return;
    case 'text':
      if (body.kind !== 'scalar') report(body.path, 'the format text has no maps and lists; expected one text');
      return;
    case 'form':
      return reportForm(body, report);
    case 'xml':
    case 'soap':
      return reportRoot(body, format, report);
  }
}

function reportForm(body: Tree, report: Report): void {
  const isPair = (item: Tree): boolean => isExpression(item) || (item.kind === 'list' && item.items.length === 2);
  const fits =
    body.kind === 'scalar' ? writtenText(body) !== undefined : body.kind === 'map' || body.items.every(isPair);
  if (!fits) report(body.path, 'not a form; expected a map, a list of [name, value], or the urlencoded text itself');
}

function reportRoot(body: Tree, format: 'xml' | 'soap', report: Report): void {
  if (isExpression(body)) return;
  const names = body.kind === 'map' ? [...body.entries.keys()] : [];
  if (body.kind === 'map' && names.length === 1 && !/^[@#]/.test(names[0] ?? '')) {
    for (const [name, value] of body.entries) reportElement(name, value, new Set(['xml', format]), report);
    return;
  }
  const found = names.length > 1 ? `: found ${names.join(', ')}` : '';
  report(
    body.path,
    `${titleOf(format)} has exactly one root element${found}; expected a map with one key, the name of the root`,
  );
}

/** `prefixes`: those declared around it. */
function reportElement(name: string, value: Tree, around: ReadonlySet<string>, report: Report): void {
  const items = value.kind === 'list' ? value.items : [value];
  if (!isXmlName(name))
    report(value.path, 'not a name of an element; expected letters, digits, . - and _, or @ before an attribute', {
      key: true,
    });
  for (const item of items) {
    const inner = item.kind === 'map' ? [...item.entries] : [];
    const prefixes = new Set(around);
    for (const [key] of inner) if (key.startsWith('@xmlns:')) prefixes.add(key.slice('@xmlns:'.length));
    reportPrefix(name, value, prefixes, report);
    if (item.kind === 'list') report(item.path, 'a list in a list; expected an element or a value');
    for (const [key, part] of inner) {
      if (!/^[@#]/.test(key)) reportElement(key, part, prefixes, report);
      else reportText(key, part, prefixes, report);
    }
  }
}

function reportText(key: string, part: Tree, prefixes: ReadonlySet<string>, report: Report): void {
  if (part.kind !== 'scalar') report(part.path, 'an attribute or a text holds nothing but text; expected one value');
  if (key === '#text') return;
  if (!key.startsWith('@') || !isXmlName(key.slice(1)))
    report(part.path, "not a name of an attribute; expected '@name', or '#text' for the text", { key: true });
  else if (!key.startsWith('@xmlns')) reportPrefix(key.slice(1), part, prefixes, report);
}

function reportPrefix(name: string, at: Tree, prefixes: ReadonlySet<string>, report: Report): void {
  const [prefix = '', local] = name.split(':');
  if (local !== undefined && !prefixes.has(prefix))
    report(
      at.path,
      `the prefix ${prefix} is not declared; expected '@xmlns:${prefix}' here or in an element around it`,
      {
        key: true,
      },
    );
}

function reportCharacters(tree: Tree, charset: Charset, report: Report): void {
  if (charset.name === 'utf-8') return;
  const holds = (text: string): boolean => {
    try {
      charset.encode(text);
      return true;
    } catch {
      return false;
    }
  };
  const message = `a character that ${charset.name} does not have; expected others, or another wallet.charset`;
  if (tree.kind === 'list') for (const item of tree.items) reportCharacters(item, charset, report);
  if (tree.kind === 'map')
    for (const [name, value] of tree.entries) {
      if (!holds(name)) report(value.path, message, { key: true });
      reportCharacters(value, charset, report);
    }
  const parts = splitSource(writtenText(tree)?.text ?? '').parts;
  if (parts.some(({ kind, text }) => kind === 'text' && !holds(text))) report(tree.path, message);
}

/** A text that is JSON already. */
function isJsonText(text: string): boolean {
  return /^\s*[{[]/.test(text) || callAtStart(text) === 'json';
}

/** Nothing but `${…}`, so that it may become anything. */
function isExpression(tree: Tree): boolean {
  const [only, ...more] = splitSource(writtenText(tree)?.text ?? '').parts;
  return only?.kind === 'expression' && more.length === 0;
}
