// A request a vendor gave – a curl line, or raw HTTP – as a value, with the reply that stands below it where
// the file has one: with its status line, or as the body alone.

import { readCurl } from './read-curl.js';
import { bodyOf } from './sample-body.js';
import { headerIn, type Refused, type SentSample } from './sent-sample.js';

/** The host of a sample that names none. */
export const noHost = 'wallet.invalid';

export function readSample(text: string): SentSample | Refused {
  const lines = text
    .replace(/^\uFEFF/, '')
    .replaceAll('\r\n', '\n')
    .trim();
  const read = isCurl.test(lines) ? readCurl(lines.replace(/^\$\s*/, '')) : readHttp(lines);
  if ('because' in read) return read;
  const { rest, ...sample } = read;
  if (another.test(rest))
    return { because: 'more than one request; expected one, and below it its reply: a file for each' };
  return rest === '' ? sample : { ...sample, reply: replyOf(rest) };
}

const isCurl = /^(?:\$\s*)?curl(?:\.exe)?\s/;
const another = /^\s*(?:\$\s*)?curl(?:\.exe)?\s|^(?:GET|POST|PUT|PATCH|DELETE|HEAD) \S+(?: HTTP\/[\d.]+)?$/m;

/** A reply without its status line is one to a call that went well: nobody shows another without saying so. */
function replyOf(text: string): NonNullable<SentSample['reply']> {
  const found = statusLine.exec(text);
  if (found === null) return { status: 200, body: text };
  const rest = text.slice(found[0].length);
  const gap = /(?:^|\n)(?:<\s*)?\n/.exec(rest);
  const body = gap === null ? (/^[\w-]+:/.test(rest) ? '' : rest) : rest.slice(gap.index + gap[0].length);
  return { status: Number(found[1]), body: body.trim() };
}
const statusLine = /^(?:<\s*)?HTTP\/[\d.]+ (\d{3})[^\n]*(?:\n|$)/;

function readHttp(text: string): (SentSample & { readonly rest: string }) | Refused {
  const at = text.search(new RegExp(statusLine.source, 'm'));
  const [head = '', ...paragraphs] = (at === -1 ? text : text.slice(0, at)).trim().split('\n\n');
  const [first = '', ...lines] = head.split('\n');
  const [, method, target = ''] = /^([A-Z]+) (\S+)(?: HTTP\/[\d.]+)?$/.exec(first.trim()) ?? [];
  if (method === undefined)
    return { because: 'neither a curl line nor a request such as POST /debit; expected one of them' };
  const headers = lines.flatMap((line) => headerIn(line));
  const host = headers.find(([name]) => name.toLowerCase() === 'host')?.[1];
  const base = `https://${host ?? noHost}`;
  if (!URL.canParse(target, base))
    return { because: 'its address is no URL; expected POST /debit, and Host: below it' };
  const url = new URL(target, base);
  const told = url.hostname === noHost ? ['the sample names no host (Host: …): wallet.baseUrl is a stand-in'] : [];
  // Without a status line a paragraph below a whole body can only be the reply; a GET has no body.
  const [body = '', ...more] = method === 'GET' ? ['', ...paragraphs] : paragraphs;
  const isWhole = at === -1 && more.length > 0 && (method === 'GET' || bodyOf(body).format !== 'text');
  return {
    method,
    url,
    headers,
    body: isWhole ? body.trim() : [body, ...more].join('\n\n').trim(),
    told,
    rest: at === -1 ? (isWhole ? more.join('\n\n').trim() : '') : text.slice(at).trim(),
  };
}
