// A first operator file made of one request a vendor gave. It says what it recognised, what it only guessed
// and what it could not know; the request stands in it as an example that `check` holds it to.

import { writeJson } from '../codecs/json.js';
import { textOf } from '../codecs/plain-text.js';
import { quoted } from './yaml-text.js';
import { findSign } from './find-sign.js';
import { looksLikeSign, recogniser, type Hints } from './recognise.js';
import { block, bodyOf, flatFields, mapExpression, scalar } from './sample-body.js';
import type { SentSample } from './read-sample.js';
import { replyLines } from './sample-reply.js';

export interface FromSample {
  readonly operator: string;
  readonly currency: string;
  readonly hints: Hints;
  /** The sample's own signing key. */
  readonly key?: string;
}
export interface Drafted {
  readonly text: string;
  /** What the engineer must know of it. */
  readonly remarks: readonly string[];
}

const ownHeaders = /^(host|content-length|content-type|accept|accept-encoding|user-agent|connection|cookie)$/i;
const secretHeader = /api-?key|access-?key|token|secret|^x-auth/i;

export function fileFromSample(sample: SentSample, { operator, currency, hints, key }: FromSample): Drafted {
  const seen = recogniser(hints, currency);
  const remarks: string[] = [];
  const secrets = new Map<string, string>();
  const { format, value } = bodyOf(sample.body);
  const flat = flatFields(value);
  const signed = flat?.find(([name]) => looksLikeSign(name));
  const parameters = [...sample.url.searchParams];

  // Names are looked at first: a value that is an id in the body is the same one in the path.
  const bodyLines = format === 'text' ? [] : block(value, '        ', seen);
  const queryValues = parameters.map(([name, one]) => [name, one, seen.valueOf(name, one)] as const);
  const path = decodeURI(sample.url.pathname)
    .split('/')
    .map((piece) => {
      const { expression } = seen.pieceOf(piece);
      return expression === undefined
        ? encodeURI(piece)
        : `\${${expression}${expression.includes('.?') ? '.orValue("")' : ''}}`;
    })
    .join('/');

  const headers: [string, string][] = [];
  const beside: { text: string; expression: string }[] = [];
  let auth = 'none';
  let sign: { name: string; value: string; at: 'header' | 'query' | 'body' } | undefined;
  for (const [name, text] of sample.headers) {
    const [, scheme = '', rest = ''] = /^(Bearer|Basic) (.+)$/.exec(text) ?? [];
    if (ownHeaders.test(name)) continue;
    if (/^authorization$/i.test(name) && scheme === 'Bearer') {
      secrets.set('walletToken', 'sample-token');
      auth = '{ type: bearer, token: walletToken }';
    } else if (/^authorization$/i.test(name) && scheme === 'Basic') {
      const [user = ''] = Buffer.from(rest, 'base64').toString().split(':');
      secrets.set('walletUser', user).set('walletPassword', 'sample-password');
      auth = '{ type: basic, username: walletUser, password: walletPassword }';
    } else if (looksLikeSign(name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')))
      sign = { name, value: text, at: 'header' };
    else if (/^authorization$/i.test(name) || secretHeader.test(name)) {
      const secret = name.toLowerCase().replaceAll(/[^a-z0-9]+(.)/g, (_whole, letter: string) => letter.toUpperCase());
      secrets.set(secret, `sample-of-${secret}`);
      headers.push([name, `\${secrets.${secret}}`]);
    } else {
      headers.push([name, scalar(text, seen.valueOf(name, text))]);
      beside.push({ text, expression: `sent.headers[${JSON.stringify(name)}]` });
    }
  }
  const signParameter = parameters.find(([name]) => looksLikeSign(name));
  if (sign === undefined && signParameter !== undefined)
    sign = { name: signParameter[0], value: signParameter[1], at: 'query' };
  if (sign === undefined && signed !== undefined)
    sign = { name: signed[0], value: textOf(signed[1]) ?? '', at: 'body' };

  let signExpression: string | undefined;
  if (sign !== undefined && key !== undefined) {
    const { name: own, at } = sign;
    const inBody = at === 'body' || value === undefined ? parameters : (flat ?? []);
    const texts = (at === 'body' ? (flat ?? []) : inBody).filter(([name]) => name !== own);
    const map = at === 'body' ? 'vars.fields' : value === undefined ? 'sent.query' : 'sent.body';
    signExpression = findSign(sign.value, key, 'secrets.signKey', {
      body: sample.body,
      path: sample.url.pathname,
      method: sample.method,
      fields: texts.map(([name, one]) => [name, textOf(one) ?? ''] as const),
      map,
      readsBody: at !== 'body',
      beside: at === 'query' ? [] : beside,
    });
  }
  if (sign !== undefined) secrets.set('signKey', key ?? 'sample-key');
  if (sign !== undefined && signExpression === undefined)
    remarks.push(
      `${sign.name} looks like a sign and was not reproduced${key === undefined ? ': give its key with --key' : ' with this key'}; it is a constant, or left out, until you say how it is made`,
    );
  if (sign !== undefined && signExpression !== undefined)
    remarks.push(`${sign.name} is reproduced: \${${signExpression}}`);

  const signValue = signExpression === undefined ? undefined : `'\${${signExpression.replaceAll("'", "''")}}'`;
  if (sign?.at === 'header')
    headers.push([sign.name, signValue ?? `${quoted(sign.value)} # as in the sample: not reproduced`]);
  const isSignedBody = sign?.at === 'body' && signExpression !== undefined && flat !== undefined;
  const vars = isSignedBody
    ? [
        'vars:',
        '  fields: >-',
        `    \${${mapExpression(
          flat.filter(([name]) => name !== sign?.name),
          seen,
        )}}`,
      ]
    : [];
  const body = isSignedBody
    ? ['      body: >-', `        \${vars.fields + {${JSON.stringify(sign?.name)}: ${signExpression ?? ''}}}`]
    : value === undefined
      ? []
      : format === 'text'
        ? [`      body: ${quoted(sample.body)} # as in the sample`]
        : ['      body:', ...bodyLines];
  const query = queryValues.map(
    ([name, text, one]) =>
      `        ${quoted(name)}: ${name === sign?.name && signValue !== undefined ? signValue : scalar(text, one)}`,
  );

  for (const name of ['userID', 'transactionID', 'amount'])
    if (!seen.given.has(name))
      remarks.push(
        `no ${name} was recognised: say which value it is with ${{ userID: '--player', transactionID: '--transaction', amount: '--amount' }[name] ?? ''}`,
      );
  // The bridge writes JSON without white space, so a sign over the sample's own bytes cannot be held.
  const written = format === 'json' && value !== undefined ? writeJson(value) : sample.body;
  const isHeld = written === sample.body;
  if (!isHeld)
    remarks.push(
      'the sample’s body has white space, or escapes, that the bridge does not send: the example holds the same body without; a sign over it is another one',
    );
  const variable = operator.toUpperCase().replaceAll('-', '_');
  const env = (name: string): string => `${variable}_${name.replaceAll(/(?=[A-Z])/g, '_').toUpperCase()}`;
  const request = (at: string, isBet: boolean): string[] => [
    '    request:',
    ...(sample.method === 'POST' ? [] : [`      method: ${sample.method}`]),
    `      path: ${quoted(at)}${isBet ? '' : ' # not in the sample: say yours'}`,
    ...(query.length === 0 ? [] : ['      query:', ...query]),
    ...(headers.length === 0
      ? []
      : ['      headers:', ...headers.map(([name, text]) => `        ${quoted(name)}: ${text}`)]),
    ...(isBet ? body : body.map((line) => line.replace('# as in the sample', '# as in the bet: say what a win has'))),
  ];
  const reply = replyLines(sample.reply, seen.given.get('amount'));
  const text = [
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
    ...vars,
    'wallet:',
    `  baseUrl: ${sample.url.origin.replace(/^http:\/\/wallet\.invalid/, 'https://wallet.invalid')}`,
    ...(format === 'json' ? [] : [`  format: { request: ${format}, response: ${reply.format} }`]),
    ...(auth === 'none' ? [] : [`  auth: ${auth}`]),
    `  applied: ${reply.applied}`,
    '  repeatable: no # say what your wallet remembers: always, successes or no',
    'operations:',
    '  getBalance: # not in the sample: say yours',
    "    request: { method: GET, path: /balance, query: { player: '${request.userID}' } }",
    `    response: { balance: '${reply.balance ?? '${money.fromMajor(response.body.balance)}'}' }`,
    '  withdraw:',
    ...request(path, true),
    ...(reply.balance === undefined && reply.receipt === undefined ? [] : ['    response:']),
    ...(reply.balance === undefined ? [] : [`      balance: ${reply.balance}`]),
    ...(reply.receipt === undefined ? [] : [`      receipt: ${reply.receipt} # guessed`]),
    '  deposit: # not in the sample: made as the bet is',
    ...request(winPath(path), false),
    "  rollback: unsupported # not in the sample: inverse, or a mapping of your wallet's own cancel",
    'errors: # the no: say what your wallet answers',
    '  - { when: \'${response.body.error == "INSUFFICIENT_FUNDS"}\', result: insufficientFunds } # not in the sample',
    'examples:',
    '  - name: the request of the sample',
    '    operation: withdraw',
    '    given:',
    ...[...seen.given].map(([name, one]) => `      ${name}: ${quoted(one)}`),
    ...(secrets.size === 0
      ? []
      : [
          '      secrets: # of the sample, never real ones',
          ...[...secrets].map(([name, one]) => `        ${name}: ${quoted(one)}`),
        ]),
    '    request:',
    `      method: ${sample.method}`,
    `      path: ${quoted(sample.url.pathname + sample.url.search)}`,
    ...(sign?.at === 'header' && isHeld
      ? ['      headers:', `        ${quoted(sign.name)}: ${quoted(sign.value)}`]
      : []),
    ...(value === undefined ? [] : [`      body: ${quoted(written)}`]),
    ...reply.example,
    '',
  ].join('\n');
  return { text, remarks };
}

/** Where a win most likely goes: the opposite word. The path of the bet would take the win from the player. */
function winPath(path: string): string {
  const opposites: readonly (readonly [RegExp, string])[] = [
    [/debit/i, 'credit'],
    [/withdraw(al)?/i, 'deposit'],
    [/(?<=\/)bet/i, 'win'],
    [/wager/i, 'win'],
    [/stake/i, 'payout'],
  ];
  const found = opposites.find(([word]) => word.test(path));
  return found === undefined ? '/say-where-a-win-goes' : path.replace(found[0], found[1]);
}
