// A request a vendor gave – a curl line, or raw HTTP – as a value, with the reply that stands below it where
// the file has one. Line breaks between the two are what people paste.

import { percentEncoded } from '../codecs/form-encoding.js';
import { shellWords } from './shell-words.js';

export interface SentSample {
  readonly method: string;
  readonly url: URL;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  readonly reply?: { readonly status: number; readonly body: string };
}
type Read = SentSample | { readonly because: string };

export function readSample(text: string): Read {
  const lines = text
    .replace(/^\uFEFF/, '')
    .replaceAll('\r\n', '\n')
    .trim();
  const [asked, reply] = replyIn(lines);
  const read = /^(\$\s*)?curl\s/.test(asked) ? readCurl(asked.replace(/^\$\s*/, '')) : readHttp(asked);
  return 'because' in read || reply === undefined ? read : { ...read, reply };
}

/** The reply begins with its status line. */
function replyIn(text: string): [string, SentSample['reply'] | undefined] {
  const found = /(?:^|\n)(?:<\s*)?HTTP\/[\d.]+ (\d{3})[^\n]*\n/.exec(text);
  if (found === null) return [text, undefined];
  const rest = text.slice(found.index + found[0].length);
  const gap = /(?:^|\n)(?:<\s*)?\n/.exec(rest);
  const body = gap === null ? (/^[\w-]+:/.test(rest) ? '' : rest) : rest.slice(gap.index + gap[0].length);
  return [text.slice(0, found.index).trim(), { status: Number(found[1]), body: body.trim() }];
}

function readHttp(text: string): Read {
  const [head = '', ...more] = text.split('\n\n');
  const [first = '', ...lines] = head.split('\n');
  const [, method, target = ''] = /^([A-Z]+) (\S+)(?: HTTP\/[\d.]+)?$/.exec(first.trim()) ?? [];
  if (method === undefined)
    return { because: 'neither a curl line nor a request such as POST /debit; expected one of them' };
  const headers = lines.flatMap((line) => headerIn(line));
  const host = headers.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? 'wallet.invalid';
  const url = urlOf(target, `https://${host}`);
  return url === undefined ? { because: 'its address is no URL' } : { method, url, headers, body: more.join('\n\n') };
}

const headerIn = (line: string): [string, string][] => {
  const [, name, value = ''] = /^([\w-]+):\s*(.*)$/.exec(line.trim()) ?? [];
  return name === undefined ? [] : [[name, value]];
};

/** Options of curl that say something of the request; the value they take, if they take one, follows. */
const valued: Readonly<Record<string, string>> = {
  '-X': 'method',
  '--request': 'method',
  '-H': 'header',
  '--header': 'header',
  '-d': 'data',
  '--data': 'data',
  '--data-raw': 'data',
  '--data-binary': 'data',
  '--data-ascii': 'data',
  '--data-urlencode': 'encoded',
  '--json': 'json',
  '-u': 'user',
  '--user': 'user',
  '--url': 'url',
  '-A': 'agent',
  '--user-agent': 'agent',
  '-b': 'cookie',
  '--cookie': 'cookie',
  '-o': 'skip',
  '--output': 'skip',
  '-m': 'skip',
  '--max-time': 'skip',
  '--connect-timeout': 'skip',
  '--cacert': 'skip',
  '-E': 'skip',
  '--cert': 'skip',
  '--key': 'skip',
  '-w': 'skip',
  '--write-out': 'skip',
  '-e': 'skip',
  '--referer': 'skip',
  '--retry': 'skip',
  '-x': 'skip',
  '--proxy': 'skip',
  '-F': 'form',
  '--form': 'form',
};

function readCurl(text: string): Read {
  const words = shellWords(text);
  if (words === undefined) return { because: 'a quote of the curl line is not closed' };
  const headers: [string, string][] = [];
  const data: string[] = [];
  let method: string | undefined;
  let address: string | undefined;
  let inQuery = false;
  for (let at = 1; at < words.length; at++) {
    let word = words[at] ?? '';
    let inline: string | undefined;
    // -XPOST, -H'…' and --data=… are written, too.
    const short = /^-[XHduAbF](?=.)/.exec(word);
    if (short !== null && !word.startsWith('--')) [word, inline] = [short[0], word.slice(2)];
    else if (/^--[\w-]+=/.test(word))
      [word, inline] = [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)];
    const kind = valued[word];
    if (kind === undefined) {
      if (word === '-G' || word === '--get') inQuery = true;
      else if (word === '-I' || word === '--head') method = 'HEAD';
      else if (!word.startsWith('-')) address = word;
      continue;
    }
    const value = inline ?? words[++at] ?? '';
    switch (kind) {
      case 'method':
        method = value;
        break;
      case 'url':
        address = value;
        break;
      case 'header':
        headers.push(...headerIn(value));
        break;
      case 'cookie':
        headers.push(['Cookie', value]);
        break;
      case 'user':
        headers.push(['Authorization', `Basic ${Buffer.from(value).toString('base64')}`]);
        break;
      case 'json':
        data.push(value);
        headers.push(['Content-Type', 'application/json']);
        break;
      case 'data':
        if (value.startsWith('@'))
          return { because: `the body stands in another file (${word} @…); expected it in the line` };
        data.push(value);
        break;
      case 'encoded':
        data.push(encoded(value));
        break;
      case 'form':
        return { because: 'a multipart form (-F); no operator file writes one' };
      default:
        break;
    }
  }
  const url = urlOf(/^https?:/.test(address ?? '') ? (address ?? '') : `https://${address ?? ''}`);
  if (address === undefined || url === undefined) return { because: 'the curl line has no URL' };
  const body = data.join('&');
  if (inQuery && body !== '') url.search = url.search === '' ? body : `${url.search}&${body}`;
  const sent = inQuery ? '' : body;
  return { method: method ?? (sent === '' ? 'GET' : 'POST'), url, headers, body: sent };
}

function encoded(value: string): string {
  const [, name = '', text = ''] = /^([^=]*)=([^]*)$/.exec(value) ?? [];
  const escaped = percentEncoded(text === '' && name === '' ? value : text, 'form', (plain) => Buffer.from(plain));
  return name === '' ? escaped : `${name}=${escaped}`;
}

const urlOf = (text: string, base?: string): URL | undefined =>
  URL.canParse(text, base) ? new URL(text, base) : undefined;
