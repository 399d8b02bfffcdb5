// Tries how vendors sign: what of the request, put together how, with the key where, hashed and written by
// what – until the sample's own sign comes out. Each way is a pair of the bytes and the expression that makes
// them, so that what is found can be written into the file.

import { createHash, createHmac } from 'node:crypto';

/** A text that may be signed, and what makes it in an operator file: text, or bytes. */
interface Message {
  readonly text: string;
  readonly expression: string;
}

export interface Signed {
  readonly body: string;
  readonly path: string;
  readonly method: string;
  /** The fields but the sign, in their order, and what makes a map of them; none where the body is no flat map. */
  readonly fields: readonly (readonly [string, string])[];
  readonly map: string;
  /** Whether the sign may read the body's bytes: it does not stand in the body itself. */
  readonly readsBody: boolean;
  /** Values that may stand before or behind: time stamps, nonces. */
  readonly beside: readonly Message[];
}

const separators = ['', '.', '|', ':', '&', ',', '-', ';', '\n', '_', '#'];
const hashes = ['md5', 'sha1', 'sha256', 'sha512'] as const;
const quoted = (text: string): string => JSON.stringify(text);
const plus = (...parts: string[]): string => parts.filter((part) => part !== '""').join(' + ');

function* messages({ body, path, method, fields, map, readsBody, beside }: Signed): Generator<Message, undefined> {
  const whole: Message[] = readsBody ? [{ text: body, expression: 'sent.raw' }] : [];
  const places: Message[] = [
    { text: path, expression: 'sent.path' },
    { text: method, expression: quoted(method) },
    ...beside,
  ];
  yield* whole;
  for (const one of whole)
    for (const other of places)
      for (const between of separators) {
        yield {
          text: other.text + between + one.text,
          expression: plus(other.expression, quoted(between), one.expression),
        };
        yield {
          text: one.text + between + other.text,
          expression: plus(one.expression, quoted(between), other.expression),
        };
      }
  if (readsBody)
    for (const at of beside)
      for (const between of separators) {
        const parts = [method, path, at.text, body].join(between);
        const expression = plus(
          quoted(method),
          quoted(between),
          'sent.path',
          quoted(between),
          at.expression,
          quoted(between),
          'sent.raw',
        );
        yield { text: parts, expression };
      }
  if (fields.length === 0) return;
  const inOrder = `pairs(${map})`;
  const sorted = [...fields].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const filled = sorted.filter(([, value]) => value !== '');
  const orders = [
    { pairs: fields, expression: inOrder },
    { pairs: sorted, expression: `sorted(${inOrder})` },
    { pairs: filled, expression: `sorted(${inOrder}).filter(p, p[1] != "")` },
  ];
  for (const { pairs, expression } of orders)
    for (const between of separators) {
      yield {
        text: pairs.map(([, value]) => value).join(between),
        expression: `join(${expression}.map(p, p[1]), ${quoted(between)})`,
      };
      for (const equal of ['=', ':', ''])
        yield {
          text: pairs.map((pair) => pair.join(equal)).join(between),
          expression: `join(${expression}.map(p, join(p, ${quoted(equal)})), ${quoted(between)})`,
        };
    }
}

const writings: readonly (readonly [(bytes: Buffer) => string, (made: string) => string])[] = [
  [(bytes) => bytes.toString('hex'), (made) => `hex(${made})`],
  [(bytes) => bytes.toString('hex').toUpperCase(), (made) => `upper(hex(${made}))`],
  [(bytes) => bytes.toString('base64'), (made) => `base64(${made})`],
  [(bytes) => bytes.toString('base64url'), (made) => `base64url(${made})`],
];

export interface Found {
  /** What makes the sign in an operator file. */
  readonly expression: string;
  /** The sign that the same way makes of what the file shows of the sample. */
  readonly shown: string;
}

/**
 * What makes this sign; undefined where no way that is known does. `shown`: the same, with stand-ins for its
 * secrets.
 */
export function findSign(sign: string, key: string, secret: string, signed: Signed, shown: Signed): Found | undefined {
  const bare = sign.replace(/^(sha256=|sha1=|md5=|v1=)/, '');
  const before = sign.slice(0, sign.length - bare.length);
  const twins = messages(shown);
  for (const message of messages(signed)) {
    const twin = twins.next().value ?? message;
    for (const hash of hashes) {
      const again = computed(hash, key, secret, twin);
      for (const [bytes, made] of computed(hash, key, secret, message)) {
        const [same = bytes] = again.next().value ?? [];
        for (const [write, expression] of writings)
          if (write(bytes) === bare)
            return {
              expression: before === '' ? expression(made) : plus(quoted(before), expression(made)),
              shown: before + write(same),
            };
      }
    }
  }
  return undefined;
}

function* computed(
  hash: string,
  key: string,
  secret: string,
  { text, expression }: Message,
): Generator<readonly [Buffer, string], undefined> {
  const digest = (over: string): Buffer => createHash(hash).update(over).digest();
  yield [createHmac(hash, key).update(text).digest(), `hmac(${quoted(hash)}, ${secret}, ${expression})`];
  for (const between of ['', '&key=', '&', '|', ':', '.', '&secret=']) {
    yield [digest(text + between + key), `${hash}(${plus(expression, quoted(between), secret)})`];
    yield [digest(key + between + text), `${hash}(${plus(secret, quoted(between), expression)})`];
  }
  yield [digest(key + text + key), `${hash}(${plus(secret, expression, secret)})`];
}
