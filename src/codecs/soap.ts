// SOAP 1.1: the envelope is ours, the content of its Body is the mapping's, both ways. Replies are read by
// local names, because every stack has prefixes of its own. A Fault is shown as such wherever it stands in
// the Body, with any HTTP status.

import { emptyMap, entriesOf, Malformed, type Content, type Notation } from './codec.js';
import { declaration, readXml, writeElement } from './xml.js';

const envelope = 'http://schemas.xmlsoap.org/soap/envelope/';

export const soap: Notation = {
  title: 'SOAP',
  accept: 'text/xml',
  // An empty SOAPAction says that the URL alone tells what is asked; SOAP 1.1 wants the header in any case.
  headers: (charset) => ({ 'Content-Type': `text/xml; charset=${charset}`, SOAPAction: '""' }),
  write(value, { name }) {
    const content = entriesOf(value);
    if (content?.length !== 1) throw new Malformed('a Body has exactly one element');
    const elements = content.map(([element, item]) => writeElement(element, item)).join('');
    return `${declaration(name)}<soap:Envelope xmlns:soap="${envelope}"><soap:Body>${elements}</soap:Body></soap:Envelope>`;
  },
  read(text) {
    const root = fieldsOf(readXml(text)['Envelope']);
    const inside = root['Body'];
    if (inside === undefined || Array.isArray(inside)) throw new Malformed('no envelope with one Body');
    const body = fieldsOf(inside);
    return body['Fault'] === undefined ? { body } : { body, fault: faultOf(body['Fault']) };
  },
};

const faultNames = new Map([
  ['faultcode', 'code'],
  ['faultstring', 'string'],
  ['faultactor', 'actor'],
]);

/** Several faults at once, or one without anything in it, still are a fault: the reply is no success. */
function faultOf(element: unknown): Content['fault'] {
  const fault = emptyMap();
  for (const [name, value] of Object.entries(fieldsOf(element))) {
    const field = faultNames.get(name) ?? name;
    if (field in fault) throw new Malformed('a fault says one thing twice');
    fault[field] = value;
  }
  const { code } = fault;
  // Its prefix is the sender's own: "soap:Server" and "S:Server" are one code.
  if (typeof code === 'string') fault['code'] = code.replace(/^[\w.-]+:/, '');
  return fault;
}

function fieldsOf(element: unknown): Readonly<Record<string, unknown>> {
  const fields = emptyMap();
  for (const [name, value] of entriesOf(element) ?? []) if (!name.startsWith('@')) fields[name] = value;
  return fields;
}
