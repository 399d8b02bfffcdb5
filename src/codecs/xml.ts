// XML both ways, as plain values: '@name' is an attribute, '#text' the text, a list is one element after the
// other. Documents with a DOCTYPE are refused before anything in them is looked at, so no entity is ever
// expanded and nothing is ever fetched.

import { SaxesParser, type SaxesTagNS } from 'saxes';
import { emptyMap, entriesOf, Malformed, Unfit, withoutLead, type Notation } from './codec.js';
import { textOf } from './plain-text.js';

const mostDepth = 64;
const mostParts = 20_000;
const schemaInstance = 'http://www.w3.org/2001/XMLSchema-instance';

export const xml: Notation = {
  title: 'XML',
  accept: 'application/xml, text/xml',
  headers: (charset) => ({ 'Content-Type': `application/xml; charset=${charset}` }),
  write(value, { name }) {
    const [root, ...more] = entriesOf(value) ?? [];
    if (root === undefined || more.length > 0) throw new Malformed('a document has exactly one root element');
    return `${declaration(name)}${writeElement(...root)}`;
  },
  read: (text) => ({ body: readXml(text) }),
};

export function declaration(charset: string): string {
  return `<?xml version="1.0" encoding="${charset.toUpperCase()}"?>`;
}

// The name characters of XML 1.0, without the colon.
const start =
  'A-Z_a-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02ff\\u0370-\\u037d\\u037f-\\u1fff\\u200c\\u200d\\u2070-\\u218f\\u2c00-\\u2fef\\u3001-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\ufffd\\u{10000}-\\u{effff}';
const part = `[${start}][-.0-9\\u00b7\\u0300-\\u036f\\u203f\\u2040${start}]*`;
const qualifiedName = new RegExp(`^(?:${part}:)?${part}$`, 'u');

/** Whether an element or an attribute can be called so, a prefix included. */
export function isXmlName(name: string): boolean {
  return qualifiedName.test(name);
}

/** An element; a list is one element for each item. Throws Malformed and Unfit. */
export function writeElement(name: string, value: unknown): string {
  if (Array.isArray(value)) return value.map((item: unknown) => writeElement(name, notList(item))).join('');
  if (!isXmlName(name)) throw new Malformed('a key that no element can be called');
  if (value === null) return `<${name}/>`;
  const parts = entriesOf(value);
  if (parts === undefined) return elementOf(name, '', escaped(value, /[&<>\r]/g));
  let attributes = '';
  let content = '';
  for (const [key, item] of parts) {
    if (key === '#text') content += escaped(item, /[&<>\r]/g);
    else if (!key.startsWith('@')) content += writeElement(key, item);
    else if (isXmlName(key.slice(1))) attributes += ` ${key.slice(1)}="${escaped(item, /[&<>"\r\n\t]/g)}"`;
    else throw new Malformed('a key that no attribute can be called');
  }
  return elementOf(name, attributes, content);
}

const elementOf = (name: string, attributes: string, content: string): string =>
  content === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${content}</${name}>`;

function notList(item: unknown): unknown {
  if (Array.isArray(item)) throw new Malformed('a list in a list');
  return item;
}

/** A value as it stands in an element or in an attribute of either quotes. Throws Malformed and Unfit. */
export const xmlText = (value: unknown): string => escaped(value, /[&<>"'\r\n\t]/g);

const references: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(value: unknown, special: RegExp): string {
  const text = textOf(value);
  if (text === undefined) throw new Malformed('a value XML has no form for');
  if (/[^\t\n\r\x20-\ufffd\u{10000}-\u{10ffff}]|\p{Surrogate}/u.test(text))
    throw new Unfit('a value has a character that XML does not');
  return text.replace(special, (character) => references[character] ?? `&#${character.charCodeAt(0)};`);
}

/** An element that is being read. */
interface Open {
  readonly name: string;
  readonly map: Record<string, unknown>;
  readonly isNil: boolean;
  text: string;
  children: number;
}

/** The document as a map of its root's local name. Throws Malformed. */
export function readXml(document: string): Record<string, unknown> {
  const root = emptyMap();
  const open: Open[] = [{ name: '', map: root, isNil: false, text: '', children: 0 }];
  let parts = 0;
  const parser = new SaxesParser({
    xmlns: true,
    position: true,
    // Names are read without their prefix, so one that is not declared changes nothing.
    resolvePrefix: (prefix: string) => (prefix === 'xsi' ? schemaInstance : `prefix:${prefix}`),
  });
  const refuse = (message: string): never => {
    throw new Malformed(message);
  };
  const addText = (text: string): void => void ((open.at(-1) ?? refuse('text outside')).text += text);
  parser.on('error', () => refuse(`not well-formed at character ${parser.position}`));
  parser.on('doctype', () => refuse('a DOCTYPE'));
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('opentag', (tag) => {
    const attributes = dataOf(tag);
    parts += 1 + attributes.length;
    if (open.length > mostDepth) refuse('nested too deep');
    if (parts > mostParts) refuse('more elements than any reply has');
    const map = emptyMap();
    let isNil = false;
    for (const { local, value, uri } of attributes) {
      if (uri === schemaInstance) isNil ||= local === 'nil' && /^(true|1)$/.test(value.trim());
      else if (`@${local}` in map) refuse('two attributes of one name');
      else map[`@${local}`] = value;
    }
    open.push({ name: tag.local, map, isNil, text: '', children: 0 });
  });
  parser.on('closetag', () => {
    const element = open.pop();
    const parent = open.at(-1);
    if (element === undefined || parent === undefined) return;
    put(parent.map, element.name, valueOf(element));
    parent.children++;
  });
  parser.write(withoutLead(document)).close();
  return root;
}

/**
 * Attributes that say something: declarations of namespaces do not, and of schema-instance ones only nil
 * does.
 */
function dataOf({ attributes }: SaxesTagNS): SaxesTagNS['attributes'][string][] {
  return Object.values(attributes).filter(({ name, prefix }) => name !== 'xmlns' && prefix !== 'xmlns');
}

/**
 * Text alone is a text. White space between elements is nothing, and an element with nothing in it is an
 * empty text.
 */
function valueOf({ map, isNil, text, children }: Open): unknown {
  const said = children > 0 ? text.trim() : text;
  if (Object.keys(map).length === 0) return isNil && said === '' ? null : said;
  if (said !== '') map['#text'] = said;
  return map;
}

function put(map: Record<string, unknown>, name: string, value: unknown): void {
  if (!(name in map)) {
    map[name] = value;
    return;
  }
  const before = map[name];
  if (Array.isArray(before)) before.push(value);
  else map[name] = [before, value];
}
