// Makes the exact request of one operation. What does not change is worked out at load. A value that would
// leave its place – a path segment, a header line – makes the request impossible, never a different request.
// It is one file because its parts may read one another, in one order.

import type { Path, Tree } from '../yaml/tree.js';
import type { Credentials } from '../wallet/auth/credentials.js';
import { emptyMap, Malformed, Unfit, type Charset } from '../codecs/codec.js';
import type { Codec } from '../codecs/codec-of.js';
import { percentEncoded } from '../codecs/form-encoding.js';
import type { Rendered } from '../wallet/compiled-wallet.js';
import type { ByHand } from '../expressions/by-hand.js';
import { hasExpression } from '../yaml/source.js';
import { reportBody } from './body.js';
import { reportOrder } from './order.js';
import type { CallScope } from './scope.js';
import type { RequestSource } from './source.js';
import { placing, writtenText, type Compile } from './template.js';
import type { WalletRequest } from '../wallet/message.js';
import { textOf } from '../codecs/plain-text.js';
import { absent } from '../expressions/result.js';
import { EvaluationFailure } from '../codecs/evaluation-failure.js';
import type { Scope } from '../expressions/language.js';

type Encode = Charset['encode'];
type Evaluate = (scope: Scope) => unknown;

/** What is signed of a request without a body. */
const nothing = new Uint8Array(0);

/**
 * The request an operation's mapping makes; undefined where the file has a mistake, which was then reported.
 */
export function compileRequest(
  source: RequestSource,
  { request: codec, response: { accept } }: { request: Codec; response: Codec },
  credentials: Credentials,
  compile: Compile,
): ((scope: CallScope) => Rendered) | undefined {
  const part = (name: string): Tree | undefined => {
    const tree = source.parts.get(name);
    return tree?.kind === 'scalar' && tree.value === null ? undefined : tree;
  };
  const { encode } = codec.charset;
  const method = writtenText(part('method'))?.text ?? 'POST';
  const body = part('body');
  if (method === 'GET' && body !== undefined)
    compile.report(body.path, 'a GET carries no body; expected method: POST, or body: null to drop an inherited one');
  const path = compilePath(source.path, part('path'), compile, encode);
  const query = compileNamed(part('query'), compile, badParameter, parameterText);
  const headers = compileNamed(
    part('headers'),
    compile,
    headerCheck([...Object.keys(credentials.headers), credentials.later ?? '']),
    headerText,
  );
  const byHand = codec.format === 'form' || codec.format === 'text' ? codec.format : 'value';
  const content = body === undefined ? () => absent : compileValue(body, compile, byHand);
  const write = placing(body?.path ?? source.path, (value: unknown) => codec.write(value));
  if (body !== undefined) reportBody(body, codec, compile.report);
  const queryFirst = reportOrder(part, compile);
  if (path === undefined || content === undefined) return undefined;

  const named = part('headers');
  const own = new Set(named?.kind === 'map' ? [...named.entries.keys()].map((name) => name.toLowerCase()) : []);
  const fixed: Record<string, string> = own.has('accept') ? {} : { Accept: accept };
  if (body !== undefined)
    for (const [name, value] of Object.entries(codec.headers)) if (!own.has(name.toLowerCase())) fixed[name] = value;

  return (scope) => {
    // What is rendered so far can be read by what comes after it: a sign is made of it.
    const sent: Record<string, unknown> = {};
    scope.sent = sent;
    const addQuery = (): Record<string, unknown> => {
      const parameters: Record<string, unknown> = (sent['query'] = { ...credentials.query });
      for (const add of query) add(scope, parameters);
      return parameters;
    };
    const addBody = (): Pick<WalletRequest, 'body'> => {
      const value = content(scope);
      if (value === absent) Object.assign(sent, { body: {}, raw: nothing });
      if (value === absent) return {};
      const raw = write(value);
      Object.assign(sent, { body: value, raw });
      return { body: raw };
    };
    try {
      const target = (sent['path'] = path(scope));
      const early = queryFirst ? addQuery() : undefined;
      const body = addBody();
      const parameters = early ?? addQuery();
      // What we say of ourselves is part of no wallet's sign, so it is not among what can be signed.
      const lines: Record<string, string> = (sent['headers'] = { ...credentials.headers });
      for (const add of headers) add(scope, lines);
      return {
        kind: 'request',
        request: {
          method,
          path: withQuery(target, parameters, encode),
          headers: { ...fixed, ...lines },
          sent,
          ...body,
        },
      };
    } catch (failure) {
      return cannot(failure, body?.path ?? source.path);
    }
  };
}

/** `bodyPath`: where the body stands, which alone can be no value of its format. */
function cannot(failure: unknown, bodyPath: Path): Rendered {
  if (failure instanceof Malformed) return { kind: 'cannot', because: failure.message, at: { path: bodyPath } };
  if (!(failure instanceof EvaluationFailure)) throw failure;
  const { message: because, path = bodyPath, offset } = failure;
  const isOfPlatform = failure instanceof Unfit || failure.amount;
  return {
    kind: 'cannot',
    because,
    at: { path, ...(offset !== undefined && { offset }) },
    ...(isOfPlatform && { result: 'wrongInput' }),
  };
}

/** What the file says of a path stays as it is; what a `${…}` puts in is percent-encoded. */
function compilePath(
  at: Path,
  tree: Tree | undefined,
  compile: Compile,
  encode: Encode,
): ((scope: Scope) => string) | undefined {
  const written = writtenText(tree);
  if (written === undefined) {
    compile.report([...at, 'path'], 'missing; expected a path that begins with /');
    return undefined;
  }
  const pieces = compile.pieces(written);
  if (pieces === undefined) return undefined;
  const [first] = pieces;
  if (typeof first !== 'string' || !/^\/(?!\/)/.test(first))
    compile.report(written.path, 'not a path below the base URL; expected it to begin with one /');
  const last = pieces.at(-1);
  if (typeof last === 'string' && /[\r\n]$/.test(last))
    compile.report(written.path, 'a line break at its end, as | leaves one; expected |- or the path in one line');
  else if (pieces.some((piece) => typeof piece === 'string' && /[^\x21-\x7e]|[#\\]/.test(piece)))
    compile.report(written.path, 'a character that a URL cannot hold; expected it percent-encoded');
  return placing(written.path, (scope) => {
    let path = '';
    for (const piece of pieces) path += typeof piece === 'string' ? piece : segmentText(piece.evaluate(scope), encode);
    if (/\/\.{1,2}(?:[/?]|$)/.test(path)) throw new Unfit('a value would climb out of its place in the path');
    return path;
  });
}

/** What adds parameters or headers to what is sent, one after the other in the file's order. */
function compileNamed<Text>(
  tree: Tree | undefined,
  compile: Compile,
  wrong: (name: string, value: Tree) => string | undefined,
  text: (value: unknown) => Text,
): ((scope: Scope, into: Record<string, Text>) => void)[] {
  const named: ((scope: Scope, into: Record<string, Text>) => void)[] = [];
  if (tree?.kind !== 'map') return named;
  for (const [name, value] of tree.entries) {
    const message = wrong(name, value);
    if (message !== undefined) compile.report(value.path, message, { key: true });
    const evaluate = compileValue(value, compile);
    const written = placing(value.path, text);
    if (evaluate !== undefined) named.push((scope, into) => put(into, name, evaluate(scope), written));
  }
  return named;
}

function badParameter(_name: string, value: Tree): string | undefined {
  return value.kind === 'map' ? 'a parameter is no map; expected a value or a list of values' : undefined;
}

/** Headers the connection writes itself, or that would change where a request ends. */
const ownedByTransport = new Set(
  'host content-length transfer-encoding connection keep-alive upgrade expect te trailer accept-encoding'.split(' '),
);

/** Judges one header after the other; `taken` are those that are sent anyway. */
function headerCheck(taken: readonly string[]): (name: string, value: Tree) => string | undefined {
  const seen = new Set(taken.map((name) => name.toLowerCase()));
  return (name, value) => {
    const lowerCase = name.toLowerCase();
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) return 'not a header name; expected letters, digits and -';
    if (ownedByTransport.has(lowerCase)) return 'the connection sets this header itself; expected another one';
    if (seen.has(lowerCase)) return 'this header is sent already, by wallet.auth or in other letters; expected it once';
    seen.add(lowerCase);
    if (/^(proxy-)?authorization$/.test(lowerCase) && !hasExpression(writtenText(value)?.text ?? ''))
      return 'credentials do not stand in this file; expected wallet.auth, or a value with ${secrets.…}';
    return undefined;
  };
}

/**
 * A value of the request; `absent` drops its key or its place in a list. `byHand`: what a text in its place
 * would be.
 */
function compileValue(tree: Tree, compile: Compile, byHand: ByHand['format'] = 'value'): Evaluate | undefined {
  switch (tree.kind) {
    case 'scalar': {
      const written = writtenText(tree);
      const template = written && compile.template(written, 'any');
      if (written !== undefined && template !== undefined) compile.byHand(written, byHand);
      if (template !== undefined) return (scope) => template.evaluate(scope);
      return written === undefined ? () => tree.value : undefined;
    }
    case 'list': {
      const items = tree.items.map((item) => compileValue(item, compile));
      return (scope) => items.map((item) => item?.(scope)).filter((item) => item !== absent);
    }
    case 'map': {
      const entries = [...tree.entries].map(([name, value]) => [name, compileValue(value, compile)] as const);
      // An object would move keys that look like whole numbers to its front; a body keeps the file's order.
      if (entries.some(([name]) => /^\d+$/.test(name)))
        return (scope) =>
          new Map(
            entries.map(([name, value]) => [name, value?.(scope)] as const).filter(([, value]) => value !== absent),
          );
      return (scope) => {
        const map = emptyMap();
        for (const [name, value] of entries) {
          const item = value?.(scope);
          if (item !== absent) map[name] = item;
        }
        return map;
      };
    }
  }
}

function put<Text>(into: Record<string, Text>, name: string, value: unknown, text: (value: unknown) => Text): void {
  if (value !== absent && value !== null) into[name] = text(value);
}

function plainText(value: unknown): string {
  const text = textOf(value);
  if (text === undefined)
    throw new EvaluationFailure(
      'a value that has no one way of being text: write text(…), .major(), .hex() or the like',
    );
  return text;
}

function segmentText(value: unknown, encode: Encode): string {
  const text = plainText(value === absent ? '' : value);
  if (text === '') throw new Unfit('a value for the path is empty');
  return percentEncoded(text, 'uri', encode);
}

const parameterText = (value: unknown): unknown => (Array.isArray(value) ? value.map(plainText) : plainText(value));

function headerText(value: unknown): string {
  const text = plainText(value);
  if (/[^\t\x20-\x7e\x80-\xff]/.test(text))
    throw new Unfit('a value for a header holds a line break or a character headers cannot carry');
  return text;
}

function withQuery(path: string, query: Record<string, unknown>, encode: Encode): string {
  const escaped = (value: string): string => percentEncoded(value, 'uri', encode);
  let text = path;
  let separator = path.includes('?') ? '&' : '?';
  for (const name in query)
    for (const value of Array.isArray(query[name]) ? query[name] : [query[name]]) {
      text += `${separator}${escaped(name)}=${escaped(String(value))}`;
      separator = '&';
    }
  return text;
}
