// Takes what is secret out of a vendor's sample before anything else looks at it: a pasted line may hold real
// keys. What a value is tells its name; a stand-in takes its place, and the secret's name in the file goes
// with it.

import { NotJson, parseJson } from '../codecs/json.js';
import { textOf } from '../codecs/plain-text.js';
import { looksLikeSign, saysSession } from './value-names.js';
import type { SentSample } from './sent-sample.js';

/** Words that say of a value that it is secret, wherever they stand in its name. */
const words = new Set(
  'password passwd passwort pass pwd passcode passphrase pin pincode secret token jwt bearer auth authorization authentication credential credentials apikey'.split(
    ' ',
  ),
);
/** What a key is an id of, not a secret: `transactionKey`. */
const ids = new Set(
  'transaction trans tx txn bet win wager round game hand spin player user customer member account acct idempotency idempotent dedupe request message msg event reference ref order operation product currency country language lang sort cache row item brand public partition session'.split(
    ' ',
  ),
);
/** What stands behind such a word and makes a fact of it: `tokenType`, `passwordExpiry`. */
const facts = /^(type|kind|mode|method|scheme|expir\w*|ttl|length|version|count|time|timestamp|date|at|status|format)$/;
/** Names that are written as one word. */
const oneWord = /(?:password|passwd|passcode|pwd|secret|token)$|^userpass$|^auth(?:key|code)$/;

/** Whether a name says that its value is secret. */
export function saysSecret(name: string): boolean {
  const parts = name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((part) => part !== '');
  const last = parts.at(-1) ?? '';
  if (facts.test(last)) return false;
  if (looksLikeSign(parts.join('')) && !/(?:key|secret|password)$/.test(last)) return false;
  if (parts.some((part) => words.has(part)) || oneWord.test(last)) return true;
  const [, joined = ''] = /^(.*)key$/.exec(last) ?? [];
  return last.endsWith('key') && !ids.has(joined === '' ? (parts.at(-2) ?? '') : joined);
}

export interface Hidden {
  /** With stand-ins instead. */
  readonly sample: SentSample;
  /** The stand-in of each secret, by the name it has in the file. */
  readonly secrets: ReadonlyMap<string, string>;
  /** What stands in for a session; undefined where the sample has none. */
  readonly sessionOf: (value: string) => string | undefined;
  readonly told: readonly string[];
}

/** `known`: values the engineer named, which are ids; `session`: the one that is the player's session. */
export function withoutSecrets(sample: SentSample, known: readonly string[], session: string | undefined): Hidden {
  const secrets = new Map<string, string>();
  const standIns = new Map<string, string>();
  const sessions = new Map<string, string>();
  const told: string[] = [];

  function standIn(name: string, value: string, isOurs: boolean): string | undefined {
    if (value === '' || known.includes(value)) return undefined;
    if (value === session || (session === undefined && saysSession(name))) {
      const instead = sessions.get(value) ?? `sample-session${sessions.size === 0 ? '' : `-${sessions.size + 1}`}`;
      sessions.set(value, instead);
      return instead;
    }
    // A token of the form header.payload.signature shows what it is.
    if (!saysSecret(name) && !/^eyJ[\w-]+\.[\w-]+\.[\w-]*$/.test(value)) return undefined;
    const base = secretNameOf(name);
    const before = standIns.get(`${base} ${value}`);
    if (before !== undefined) return before;
    const used = [...standIns.values(), ...taken.map((one) => `sample-of-${one}`)];
    const [own = base] = [base, ...Array.from({ length: used.length }, (_, at) => `${base}${at + 2}`)].filter(
      (one) => !used.includes(`sample-of-${one}`),
    );
    const instead = `sample-of-${own}`;
    standIns.set(`${base} ${value}`, instead);
    if (isOurs) secrets.set(own, instead);
    return instead;
  }

  const inText = (text: string, isOurs: boolean): string => {
    const replaced: Replaced = (name, value, isWithin) => standIn(name, value, isOurs && isWithin !== true);
    if (/^\s*[{[]/.test(text)) return inJson(text, replaced, told);
    if (/^\s*</.test(text)) return inXml(text, replaced);
    return /^[\w.[\]%+-]+=/.test(text) ? inForm(text, replaced) : text;
  };
  const url = new URL(sample.url);
  if (url.search !== '')
    url.search = inForm(url.search.slice(1), (name, value, isWithin) => standIn(name, value, isWithin !== true));
  const { reply } = sample;
  return {
    sample: {
      ...sample,
      url,
      headers: sample.headers.map(([name, value]) => [
        name,
        isAuth(name, value) ? value : (standIn(name, value, true) ?? value),
      ]),
      body: inText(sample.body, true),
      ...(reply !== undefined && { reply: { ...reply, body: inText(reply.body, false) } }),
    },
    secrets,
    sessionOf: (value) => sessions.get(value),
    told: [...new Set(told)],
  };
}

/** What `wallet.auth` sends is never written into a file, nor is a cookie. */
const isAuth = (name: string, value: string): boolean =>
  /^cookie$/i.test(name) || (/^authorization$/i.test(name) && /^(?:Bearer|Basic) /.test(value));

/** Names a draft gives its own secrets. */
const taken = ['gspKey', 'signKey', 'walletToken', 'walletUser', 'walletPassword'];

/** As names of secrets are written in a file. */
function secretNameOf(name: string): string {
  const written = name
    .replaceAll(/[^A-Za-z0-9]+(.?)/g, (_whole, letter: string) => letter.toUpperCase())
    .replace(/^([A-Z]+)(?=[A-Z][a-z]|$|\d)|^[A-Z]/, (capitals) => capitals.toLowerCase());
  return /^[a-z]/.test(written) ? written : 'vendorSecret';
}

/** `isWithin`: in a text that stays one value, in which no expression stands. */
type Replaced = (name: string, value: string, isWithin?: boolean) => string | undefined;
const within =
  (replaced: Replaced): Replaced =>
  (name, value) =>
    replaced(name, value, true);

/** Texts and numbers below such a name; everything else stays to the byte. */
function inJson(text: string, replaced: Replaced, told: string[]): string {
  const token = /("(?:[^"\\]|\\[^])*")(?:(\s*:\s*)("(?:[^"\\]|\\[^])*"|-?\d[\d.eE+-]*)?)?/g;
  return text.replaceAll(token, (whole, name: string, colon?: string, value?: string) => {
    if (colon === undefined || value === undefined) return whole;
    const [field, plain] = [plainJson(name), value.startsWith('"') ? plainJson(value) : value];
    const instead = replaced(field, plain) ?? (/^\s*[{[]/.test(plain) ? inJson(plain, within(replaced), told) : plain);
    if (instead === plain) return whole;
    if (!value.startsWith('"')) told.push(`${field} is a number in the sample and is sent as text: secrets are texts`);
    return `${name}${colon}${JSON.stringify(instead)}`;
  });
}

/** The text a JSON string stands for. */
function plainJson(written: string): string {
  try {
    return textOf(parseJson(written)) ?? '';
  } catch (failure) {
    if (failure instanceof NotJson) return written.slice(1, -1);
    throw failure;
  }
}

function inForm(text: string, replaced: Replaced): string {
  return text
    .split('&')
    .map((pair) => {
      const [, name = '', value = ''] = /^([^=]*)=([^]*)$/.exec(pair) ?? [];
      const plain = decodedPart(value);
      const instead =
        replaced(decodedPart(name), plain) ?? (/^\s*[{[]/.test(plain) ? inJson(plain, within(replaced), []) : plain);
      return instead === plain ? pair : `${name}=${encodeURIComponent(instead)}`;
    })
    .join('&');
}

function decodedPart(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/** Elements that hold text alone, and attributes. */
function inXml(text: string, replaced: Replaced): string {
  const local = (name: string): string => name.replace(/^[\w.-]+:/, '');
  return text
    .replaceAll(
      /<([\w.:-]+)((?:\s[^<>]*)?)>(<!\[CDATA\[[^]*?\]\]>|[^<>]+)(?=<\/\1\s*>)/g,
      (whole, name: string, attributes: string, value: string) => {
        const instead = replaced(local(name), value.replace(/^<!\[CDATA\[|\]\]>$/g, '').trim());
        return instead === undefined ? whole : `<${name}${attributes}>${instead}`;
      },
    )
    .replaceAll(
      /(\s)([\w.:-]+)=(["'])([^"'<>]*)\3/g,
      (whole, gap: string, name: string, quote: string, value: string) => {
        const instead = replaced(local(name), value);
        return instead === undefined ? whole : `${gap}${name}=${quote}${instead}${quote}`;
      },
    );
}

/** How a secret reads in the file's mapping, of the stand-in that took its place. */
export const secretOf = (secrets: ReadonlyMap<string, string>, value: unknown): string | undefined => {
  const [name] = [...secrets].find(([, standIn]) => standIn === textOf(value)) ?? [];
  return name === undefined ? undefined : `secrets.${name}`;
};
