// A line of the log as somebody at a terminal reads it: time, level, line, then the fields as name=value. It says
// the same as the JSON it is made of, on one line, and like that holds nothing a terminal obeys.

import { visible } from './visible.js';

/** Stands in front already, or is of no use to somebody who sees only this process. */
const notFields: ReadonlySet<string> = new Set(['time', 'level', 'msg', 'event', 'pid', 'hostname']);
/** Needs no quotes to be seen as one value. */
const plain = /^[\w.:/@+-]+$/;

/** Of a line as it is logged, to be written instead. */
export function prettyLine(json: string): string {
  const entries = Object.entries(JSON.parse(json) as Readonly<Record<string, unknown>>);
  const said = new Map(entries);
  const fields = entries.filter(([name]) => !notFields.has(name)).map(([name, value]) => `${name}=${written(value)}`);
  const [time, level] = [String(said.get('time')), String(said.get('level')).toUpperCase().padEnd(5)];
  return `${visible([time, level, String(said.get('msg')), ...fields].join(' '))}\n`;
}

function written(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return typeof value !== 'string' || plain.test(text) ? text : JSON.stringify(text);
}
