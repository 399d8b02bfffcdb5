// A curl line as the request it sends. An option that is not known might change what is sent, or take the next
// word for its value, so the line is refused and nothing is guessed.

import { percentEncoded } from '../codecs/form-encoding.js';
import { headerIn, type Refused, type SentSample } from './sent-sample.js';
import { shellWords } from './shell-words.js';

type Kind =
  | 'method'
  | 'header'
  | 'data'
  | 'raw'
  | 'encoded'
  | 'json'
  | 'user'
  | 'bearer'
  | 'url'
  | 'cookie'
  | 'form'
  | 'file'
  | 'get'
  | 'head'
  | 'other'
  /** Says nothing of what is sent: with a value behind it, and without. */
  | 'skip'
  | 'flag';

const kinds: readonly (readonly [Kind, string])[] = [
  ['method', '-X --request'],
  ['header', '-H --header'],
  ['data', '-d --data --data-ascii --data-binary'],
  ['raw', '--data-raw'],
  ['encoded', '--data-urlencode'],
  ['json', '--json'],
  ['user', '-u --user'],
  ['bearer', '--oauth2-bearer'],
  ['url', '--url'],
  ['cookie', '-b --cookie'],
  ['form', '-F --form --form-string'],
  ['file', '-T --upload-file -K --config'],
  ['get', '-G --get'],
  ['head', '-I --head'],
  ['other', '-: --next'],
  [
    'skip',
    '-A --user-agent -e --referer -o --output -m --max-time --connect-timeout --cacert --capath -E --cert --cert-type --key --key-type --pass -w --write-out --retry --retry-delay --retry-max-time -x --proxy -U --proxy-user --resolve --connect-to -c --cookie-jar -D --dump-header --interface --ciphers --tls-max --limit-rate --max-redirs --trace --trace-ascii --stderr',
  ],
  [
    'flag',
    '-s --silent -S --show-error -k --insecure -i --include -L --location -v --verbose -f --fail --fail-with-body -g --globoff -N --no-buffer -q --disable -0 --http1.0 --http1.1 --http2 --http2-prior-knowledge --http3 -4 --ipv4 -6 --ipv6 -# --progress-bar --no-progress-meter --compressed --tlsv1.2 --tlsv1.3 -1 --tlsv1 --ssl-reqd --basic --anyauth --no-keepalive --tcp-nodelay --raw --post301 --post302 -O --remote-name',
  ],
];
const kindOf = new Map(kinds.flatMap(([kind, names]) => names.split(' ').map((name) => [name, kind] as const)));
const withoutValue: readonly Kind[] = ['get', 'head', 'other', 'flag'];

interface Option {
  readonly kind: Kind | undefined;
  readonly name: string;
  readonly value: string;
}

/** Options and addresses in their order. `-sXPOST` is -s and -X POST; `--url=…` has its value with it. */
function* optionsIn(words: readonly string[]): Generator<Option> {
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (!/^-./.test(word)) {
      yield { kind: 'url', name: word, value: word };
      continue;
    }
    const [, long, inline] = /^(--[^=]+)(?:=([^]*))?$/.exec(word) ?? [];
    const letters = long === undefined ? word.slice(1) : '';
    const names = long === undefined ? Array.from(letters, (letter) => `-${letter}`) : [long];
    for (const [place, name] of names.entries()) {
      const kind = kindOf.get(name);
      if (kind === undefined || withoutValue.includes(kind)) {
        yield { kind, name, value: '' };
        if (kind === undefined) return;
        continue;
      }
      const behind = long === undefined ? letters.slice(place + 1) : inline;
      yield {
        kind,
        name,
        value: behind === undefined || (long === undefined && behind === '') ? (words[++at] ?? '') : behind,
      };
      break;
    }
  }
}

export function readCurl(text: string): (SentSample & { readonly rest: string }) | Refused {
  const line = shellWords(text);
  if (line === undefined) return { because: 'a quote of the curl line is not closed' };
  const headers: [string, string][] = [];
  const data: string[] = [];
  const told: string[] = [];
  let method: string | undefined;
  let address: string | undefined;
  let inQuery = false;
  for (const { kind, name, value } of optionsIn(line.words.slice(1)))
    switch (kind) {
      case 'method':
        method = value;
        break;
      case 'url':
        if (address !== undefined)
          return { because: 'more than one address; expected one, and quotes round whatever has white space in it' };
        address = value;
        break;
      case 'header': {
        if (value.startsWith('@'))
          return { because: `headers stand in another file (${name} @…); expected each in the line: -H 'Name: value'` };
        // `Name;` and `Name:` are how curl sends none, or an empty one.
        headers.push(...headerIn(value).filter(([, text]) => text !== ''));
        break;
      }
      case 'cookie':
        headers.push(['Cookie', value]);
        break;
      case 'user':
        headers.push(['Authorization', `Basic ${Buffer.from(value).toString('base64')}`]);
        break;
      case 'bearer':
        headers.push(['Authorization', `Bearer ${value}`]);
        break;
      case 'json':
        headers.push(['Content-Type', 'application/json']);
        if (value.startsWith('@')) return inAnotherFile(name);
        data.push(value);
        break;
      case 'data':
        if (value.startsWith('@')) return inAnotherFile(name);
        data.push(value);
        break;
      case 'raw':
        data.push(value);
        break;
      case 'encoded':
        if (/^[^=]*@/.test(value)) return inAnotherFile(name);
        data.push(encoded(value));
        break;
      case 'form':
        return { because: `a multipart form (${name}); no operator file writes one` };
      case 'file':
        return inAnotherFile(name);
      case 'other':
        return { because: `more than one request (${name}); expected one: a file for each` };
      case 'get':
        inQuery = true;
        break;
      case 'head':
        method = 'HEAD';
        break;
      case 'skip':
      case 'flag':
        break;
      case undefined:
        return { because: `the option ${name} of curl is not known here; expected the line without it` };
    }
  if (address === undefined) return { because: 'the curl line has no URL' };
  const wrong = wrongAddress(address);
  if (wrong !== undefined) return { because: `${shortened(address)}: ${wrong}` };
  const url = new URL(withScheme(address));
  if (url.username !== '' && !headers.some(([name]) => name === 'Authorization')) {
    const [user, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
    headers.push(['Authorization', `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`]);
  }
  [url.username, url.password] = ['', ''];
  const body = data.join('&');
  if (inQuery && body !== '') url.search = url.search === '' ? body : `${url.search}&${body}`;
  const sent = inQuery ? '' : body;
  for (const [, variable = ''] of [sent, ...headers.map(([, value]) => value)]
    .join('\n')
    .matchAll(/(\$\{?[A-Za-z_]\w*\}?)/g))
    told.push(`${variable} is taken as it stands: put in what it stands for, if your shell would`);
  return {
    method: method ?? (sent === '' ? 'GET' : 'POST'),
    url,
    headers,
    body: sent,
    told: [...new Set(told)],
    rest: line.rest,
  };
}

const inAnotherFile = (option: string): Refused => ({
  because: `the body stands in another file (${option} @…); expected it in the line`,
});

const withScheme = (address: string): string => (/^https?:/.test(address) ? address : `https://${address}`);

/** Why nothing could be sent there. */
function wrongAddress(address: string): string | undefined {
  if (/\s/.test(address)) return 'white space in the address; is a quote not closed?';
  const [variable] = /\$\{?\w+\}?|\{\{[^}]*\}\}|<\w+>/.exec(address) ?? [];
  if (variable !== undefined) return `${variable} stands for something; expected the address itself`;
  if (!URL.canParse(withScheme(address)) || /^[^/?#]*:\/\/(?!.)/.test(address)) return 'no URL';
  return /^[\w.-]+$|^\[[\da-f:]+\]$/i.test(new URL(withScheme(address)).hostname) ? undefined : 'no host in it';
}

/** A query may hold a token. */
const shortened = (address: string): string => address.replace(/[?#\s][^]*$|(?<=:\/\/)[^/@]*@/g, '…');

function encoded(value: string): string {
  const [, name = '', text = ''] = /^([^=]*)=([^]*)$/.exec(value) ?? [];
  const escaped = percentEncoded(text === '' && name === '' ? value : text, 'form', (plain) => Buffer.from(plain));
  return name === '' ? escaped : `${name}=${escaped}`;
}
