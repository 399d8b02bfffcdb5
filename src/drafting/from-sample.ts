// A first operator file made of one request a vendor gave. It says what it recognised, what it only guessed
// and what it could not know; the request stands in it as an example that `check` holds it to.

import { inQuotes, quoted, unquoted } from './yaml-text.js';
import { recogniser, type Hints, type Recogniser } from './recognise.js';
import { bodiesOf, pathsOf } from './golden-bytes.js';
import { bodyLines, inBet, inSample, pathOf, winPath } from './request-lines.js';
import { bodyOf, scalar, signNote } from './sample-body.js';
import { noHost } from './read-sample.js';
import { replyLines } from './sample-reply.js';
import { ownHeaders, signIn, type SampleSign } from './sample-sign.js';
import { secretOf, withoutSecrets } from './secret-values.js';
import type { Refused, SentSample } from './sent-sample.js';

export interface FromSample {
  readonly operator: string;
  readonly currency: string;
  readonly hints: Hints;
  /** The sample's own signing key. */
  readonly key?: string;
}

/** The request an example holds the file to. */
export interface GoldenRequest {
  readonly method: string;
  readonly path: string | undefined;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | undefined;
}

export interface Draft {
  /** What the engineer must know of it. */
  readonly remarks: readonly string[];
  readonly sign: SampleSign | undefined;
  /**
   * The sample's request; its path and its body as the sample has them, then as the bridge may write the
   * same. Undefined where it would hold the file to a sign that never changes.
   */
  readonly golden:
    | {
        readonly method: string;
        readonly paths: readonly string[];
        readonly headers: GoldenRequest['headers'];
        readonly bodies: readonly string[];
      }
    | undefined;
  readonly hasReply: boolean;
  readonly text: (golden: GoldenRequest | undefined, withReply: boolean) => string;
}

const options = { userID: '--player', transactionID: '--transaction', amount: '--amount' } as const;

export function draftOf(original: SentSample, { operator, currency, hints, key }: FromSample): Draft | Refused {
  const { session, ...ids } = hints;
  const hidden = withoutSecrets(original, Object.values(ids), session);
  const { sample } = hidden;
  const sign = signIn(original, sample, key);
  const secrets = new Map(hidden.secrets);
  const seen = recogniser(
    session === undefined ? hints : { ...hints, session: hidden.sessionOf(session) ?? session },
    currency,
    (value) => secretOf(hidden.secrets, value),
    sign?.name,
  );
  const remarks = [...sample.told, ...hidden.told];
  if (hidden.secrets.size > 0) remarks.push(`secrets, not written here: ${[...hidden.secrets.keys()].join(', ')}`);

  // Names are looked at first: a value that is an id in the body is the same one in the path.
  const body = bodyLines(sample, sign, seen);
  const names = [...sample.url.searchParams.keys()];
  const twice = new Set(names.filter((name, at) => names.indexOf(name) < at));
  for (const name of twice)
    remarks.push(
      `the parameter ${name} stands more than once, and an operator file writes one: only the first is taken`,
    );
  const query = [...sample.url.searchParams]
    .filter(([name], at) => names.indexOf(name) === at)
    .map(([name, one]) => [name, one, seen.valueOf(name, one)] as const);
  const headers: [name: string, line: string, sample: string][] = [];
  const goldenHeaders: [string, string][] = [];
  let auth: string | undefined;
  if (body.contentType !== undefined) {
    headers.push(['Content-Type', `${quoted(body.contentType)} ${inSample}`, body.contentType]);
  }
  for (const [name, text] of sample.headers) {
    const [, scheme] = /^(Bearer|Basic) (.+)$/.exec(text) ?? [];
    if (/^authorization$/i.test(name) && scheme !== undefined) {
      auth =
        scheme === 'Bearer'
          ? '{ type: bearer, token: walletToken }'
          : '{ type: basic, username: walletUser, password: walletPassword }';
      if (scheme === 'Bearer') secrets.set('walletToken', 'sample-token');
      else secrets.set('walletUser', 'sample-user').set('walletPassword', 'sample-password');
      const sent = scheme === 'Bearer' ? 'sample-token' : Buffer.from('sample-user:sample-password').toString('base64');
      goldenHeaders.push(['Authorization', `${scheme} ${sent}`]);
    } else if (/^cookie$/i.test(name)) remarks.push('the cookie of the line is not written: the bridge sends none');
    else if (
      (!ownHeaders.test(name) || /^authorization$/i.test(name)) &&
      !(sign?.at === 'header' && name === sign.name)
    )
      headers.push([name, scalar(text, seen.valueOf(name, text)), text]);
  }
  const path = pathOf(sample.url, seen);
  const missing = seen.missing();
  if (missing.length > 0)
    return {
      because: missing
        .map(
          ([option, value]) =>
            `--${option} ${value} does not stand in the sample; expected ${option === 'amount' ? 'its amount in whole units, such as 12.30' : 'a whole value, as the sample has it'}`,
        )
        .join('; '),
    };

  const signLine = (one: SampleSign): string =>
    one.expression === undefined ? `${quoted(one.value)}${signNote}` : inQuotes(`\${${one.expression}}`);
  const sentTwice = headers.filter(([name], at) => headers.findIndex(([one]) => sameHeader(one, name)) < at);
  for (const header of sentTwice) {
    headers.splice(headers.indexOf(header), 1);
    remarks.push(
      `the header ${header[0]} stands more than once, and an operator file writes one: only the first is taken`,
    );
  }
  if (sign?.at === 'header') headers.push([sign.name, signLine(sign), sign.shown ?? sign.value]);
  if (sign?.expression !== undefined && key !== undefined) secrets.set('signKey', key);
  if (sign !== undefined && sign.expression === undefined)
    remarks.push(
      `${sign.name} looks like a sign and was not reproduced${key === undefined ? ': give its key with --key' : ' with this key'}; it stands in the file as a constant, and no example holds the file to it`,
    );
  if (sign === undefined && key !== undefined)
    remarks.push('--key: nothing in the sample was found to be a sign, neither by its name nor made with this key');
  for (const name of ['userID', 'transactionID', 'amount'] as const)
    if (!seen.given.has(name))
      remarks.push(
        bodyOf(sample.body).format === 'text'
          ? `no ${name} was recognised: the body is none of JSON, form and XML and is not taken apart; put \${…} in yourself`
          : `no ${name} was recognised: say which value it is with ${options[name]}`,
      );

  const queryLines = query.map(
    ([name, text, one]) =>
      `        ${quoted(name)}: ${sign?.at === 'query' && name === sign.name ? signLine(sign) : scalar(text, one)}`,
  );
  const request = (isBet: boolean): string[] => {
    const at = isBet ? path.text : winPath(path.text);
    const lines = [
      '    request:',
      ...(sample.method === 'POST' ? [] : [`      method: ${sample.method}`]),
      `      path: ${quoted(at)}${isBet ? (path.isGuessed ? ' # guessed' : '') : ' # not in the sample: say yours'}`,
      ...(queryLines.length === 0 ? [] : ['      query:', ...queryLines]),
      ...(headers.length === 0
        ? []
        : ['      headers:', ...headers.map(([name, text]) => `        ${quoted(name)}: ${text}`)]),
      ...body.lines(isBet),
    ];
    return isBet ? lines : lines.map((line) => line.replace(inSample, inBet));
  };
  const variable = operator.toUpperCase().replaceAll('-', '_');
  const env = (name: string): string => `${variable}_${name.replaceAll(/(?=[A-Z])/g, '_').toUpperCase()}`;
  const reply = replyLines(sample.reply, seen.given.get('amount'), bodyOf(sample.body).format);
  const guessedReply = (name: string, text: string | undefined): string[] =>
    text === undefined ? [] : [`      ${name}: ${unquoted(text)} # guessed`];
  const found = [...guessedReply('balance', reply.balance), ...guessedReply('receipt', reply.receipt)];
  const text: Draft['text'] = (golden, withReply) =>
    [
      '# yaml-language-server: $schema=operator.schema.json',
      '# Made of one request of a vendor. Guessed, constant and missing things say so: read each line before money moves.',
      'version: 1',
      `operator: ${operator}`,
      'platform:',
      '  agents:',
      `    - { agentID: ${operator.toUpperCase().replaceAll('-', '')}01, currency: ${currency}, keys: [gspKey] }`,
      'secrets: # never written here: from the environment or from a file',
      `  gspKey: { env: ${variable}_GSP_KEY }`,
      ...[...secrets.keys()].map((name) => `  ${name}: { env: ${env(name)} }`),
      ...body.above,
      'wallet:',
      `  baseUrl: ${sample.url.origin}${sample.url.hostname === noHost ? ' # not in the sample: say yours' : ''}`,
      ...(body.format === 'json' && reply.format === 'json'
        ? []
        : [`  format: { request: ${body.format}, response: ${reply.format} }`]),
      ...(auth === undefined ? [] : [`  auth: ${auth}`]),
      `  applied: ${reply.applied}`,
      '  repeatable: no # say what your wallet remembers: always, successes or no',
      'operations:',
      '  getBalance: # not in the sample: say yours',
      "    request: { method: GET, path: /balance, query: { player: '${request.userID}' } }",
      `    response: { balance: ${inQuotes(reply.balance ?? reply.likelyBalance)} }`,
      '  withdraw:',
      ...request(true),
      ...(found.length === 0 ? [] : ['    response:', ...found]),
      '  deposit: # not in the sample: made as the bet is',
      ...request(false),
      "  rollback: unsupported # not in the sample: inverse, or a mapping of your wallet's own cancel",
      'errors: # the no: say what your wallet answers',
      `  - { when: ${inQuotes(reply.likelyNo)}, result: insufficientFunds } # not in the sample`,
      ...exampleLines(seen, secrets, golden, withReply ? reply.example : []),
      '',
    ].join('\n');
  const isHollow = sign !== undefined && sign.expression === undefined;
  return {
    remarks,
    sign,
    hasReply: reply.example.length > 0,
    text,
    golden: isHollow
      ? undefined
      : {
          method: sample.method,
          paths: pathsOf(sample.url, sign),
          headers: [...goldenHeaders, ...headers.map(([name, , one]): [string, string] => [name, one])],
          bodies: bodiesOf(sample, sign, seen),
        },
  };
}

function exampleLines(
  { given }: Recogniser,
  secrets: ReadonlyMap<string, string>,
  golden: GoldenRequest | undefined,
  reply: readonly string[],
): string[] {
  if (golden === undefined && reply.length === 0) return [];
  const own = golden === undefined ? [] : [...secrets];
  return [
    'examples:',
    `  - name: ${golden === undefined ? 'the reply of the sample' : 'the request of the sample'}`,
    '    operation: withdraw',
    ...(given.size + own.length === 0 ? [] : ['    given:']),
    ...[...given].map(([name, one]) => `      ${name}: ${quoted(one)}`),
    ...(own.length === 0
      ? []
      : [
          '      secrets: # of the sample, never real ones',
          ...own.map(([name, one]) => `        ${name}: ${quoted(one)}`),
        ]),
    ...(golden === undefined
      ? []
      : [
          '    request:',
          `      method: ${golden.method}`,
          ...(golden.path === undefined ? [] : [`      path: ${quoted(golden.path)}`]),
          ...(golden.headers.length === 0
            ? []
            : ['      headers:', ...golden.headers.map(([name, one]) => `        ${quoted(name)}: ${quoted(one)}`)]),
          ...(golden.body === undefined ? [] : [`      body: ${quoted(golden.body)}`]),
        ]),
    ...reply,
  ];
}

const sameHeader = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
