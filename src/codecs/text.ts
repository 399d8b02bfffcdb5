// Bodies that are plain text: what the mapping says is what is sent, and a reply is one text that the rules
// take apart themselves.

import { Malformed, type Notation } from './codec.js';
import { textOf } from './plain-text.js';

export const text: Notation = {
  title: 'text',
  accept: '*/*',
  headers: (charset) => ({ 'Content-Type': `text/plain; charset=${charset}` }),
  write(value) {
    const written = textOf(value);
    if (written === undefined) throw new Malformed('a value that has no one way of being text');
    return written;
  },
  read: (body) => ({ body }),
};
