// Posts that are no callbacks, each different from every other, with the exact answer each must get. Data
// only.

import { gzipSync, deflateSync, brotliCompressSync } from 'node:zlib';
import { bet, roundID, signedBody, signText, transactionID } from './platform-side.js';
import { request } from './raw-http.js';

export interface BadCallback {
  readonly name: string;
  readonly bytes: readonly (string | Buffer)[];
  readonly status: number;
  /** The whole body of the answer. */
  readonly body: string;
}

export const base = '/WalletService';
const wrongInput = '{"result":2,"message":"wrong input parameters"}';
const invalidSign = '{"result":3,"message":"invalid sign"}';
/** Who is not known is answered under the name that each dialect has for the code. */
const unread = '{"result":2,"code":2,"message":"wrong input parameters"}';
const invalidAgent = '{"result":4,"code":4,"message":"invalid agent"}';
const code = { unread, 2: wrongInput, 3: invalidSign, 4: invalidAgent };

type Body = string | Buffer;
const post = (
  name: string,
  body: Body,
  expected: keyof typeof code,
  path = 'Withdraw',
  headers: Record<string, string> = {},
): BadCallback => ({
  name,
  bytes: [request('POST', `${base}/${path}`, body, headers)],
  status: 200,
  body: code[expected],
});
const plain = (name: string, bytes: Buffer, status: number): BadCallback => ({
  name,
  bytes: [bytes],
  status,
  body: '',
});

const good = signedBody(bet);
const goodSign = signText(Object.values(bet).join(''));
const padded = (length: number): string => good + ' '.repeat(length - good.length);
const chunk = (size: number): string => `${size.toString(16)}\r\n${'x'.repeat(size)}\r\n`;
const chunked = { 'Transfer-Encoding': 'chunked' };

/** What `bet` is when one field is something else, signed for what it then is unless a sign is given. */
const changed = (change: Record<string, unknown>, signed?: string): string => signedBody({ ...bet, ...change }, signed);
/** The text of `good` with the amount standing there as `written`. */
const withAmount = (written: string, sign = goodSign): string =>
  JSON.stringify({ ...bet, amount: '#', sign }).replace('"#"', written);

export const transport: readonly BadCallback[] = [
  post('an empty body', '', 'unread'),
  { ...post('no body at all', '', 'unread'), bytes: [`POST ${base}/Withdraw HTTP/1.1\r\nHost: bridge\r\n\r\n`] },
  post('white space', ' \r\n\t ', 'unread'),
  post('a body one byte too large', padded(8193), 'unread'),
  post('a body of 9 kB', padded(9216), 'unread'),
  post('a body of 1 MB', padded(1_000_000), 'unread'),
  post('a large body in chunks', `${chunk(5000)}${chunk(5000)}0\r\n\r\n`, 'unread', 'Withdraw', chunked),
  post('an empty body in chunks', '0\r\n\r\n', 'unread', 'Withdraw', chunked),
  post('gzip', gzipSync(good), 'unread', 'Withdraw', { 'Content-Encoding': 'gzip' }),
  post('gzip nobody announced', gzipSync(good), 'unread'),
  post('gzip announced for a body that is none', good, 'unread', 'Withdraw', { 'Content-Encoding': 'gzip' }),
  post('deflate', deflateSync(good), 'unread', 'Withdraw', { 'Content-Encoding': 'deflate' }),
  post('brotli', brotliCompressSync(good), 'unread', 'Withdraw', { 'Content-Encoding': 'br' }),
  post('two encodings', good, 'unread', 'Withdraw', { 'Content-Encoding': 'identity, gzip' }),
  plain('GET', request('GET', `${base}/Withdraw`), 405),
  plain('HEAD', request('HEAD', `${base}/GetBalance`), 405),
  plain('PUT', request('PUT', `${base}/Withdraw`, good), 405),
  plain('PATCH', request('PATCH', `${base}/Deposit`, good), 405),
  plain('DELETE', request('DELETE', `${base}/RollbackTransaction`), 405),
  plain('OPTIONS', request('OPTIONS', `${base}/BetWin`), 405),
  plain('a path in lower case', request('POST', `${base}/withdraw`, good), 404),
  plain('a slash at the end', request('POST', `${base}/Withdraw/`, good), 404),
  plain('a path with an encoded letter', request('POST', `${base}/Withdra%77`, good), 404),
  plain('a path that is encoded wrongly', request('POST', `${base}/%zz`, good), 404),
  plain('two slashes', request('POST', `${base}//Withdraw`, good), 404),
  plain('a path beside the base', request('POST', '/Withdraw', good), 404),
  plain('a path that climbs', request('POST', `${base}/x/../Withdraw`, good), 404),
  plain('an unknown operation', request('POST', `${base}/Refund`, good), 404),
  plain('a prototype for an operation', request('POST', `${base}/__proto__`, good), 404),
  plain('the root', request('POST', '/', good), 404),
];

const utf16 = Buffer.from(good, 'utf16le');
export const json: readonly BadCallback[] = [
  post('an array', `[${good}]`, 'unread'),
  post('a text', JSON.stringify(good), 'unread'),
  post('a number', '12', 'unread'),
  post('null', 'null', 'unread'),
  post('true', 'true', 'unread'),
  post('an empty object', '{}', 'unread'),
  post('an empty array', '[]', 'unread'),
  post('a body cut short', good.slice(0, -1), 'unread'),
  post('a body cut inside a text', good.slice(0, 100), 'unread'),
  post('a bracket too many', `${good}}`, 'unread'),
  post('the body twice', good + good, 'unread'),
  post('a comma at the end', good.replace(/}$/, ',}'), 'unread'),
  post('a missing comma', good.replace('","', '""'), 'unread'),
  post('a missing colon', good.replace('":"', '""'), 'unread'),
  post('single quotes', good.replaceAll('"', "'"), 'unread'),
  post('keys without quotes', good.replace('"agentID"', 'agentID'), 'unread'),
  post('a comment', good.replace('{', '{/* */'), 'unread'),
  post('a line comment', `${good}//`, 'unread'),
  post('a line end inside a text', good.replace('Player01', 'Player\n01'), 'unread'),
  post('a NUL byte behind', `${good}\0`, 'unread'),
  post('an escape that is none', good.replace('Player01', String.raw`Player\x30`), 'unread'),
  post('a broken unicode escape', good.replace('Player01', String.raw`Player\u00`), 'unread'),
  post('NaN', withAmount('NaN'), 'unread'),
  post('Infinity', withAmount('Infinity'), 'unread'),
  post('a number with a plus', withAmount('+12.30'), 'unread'),
  post('a number with a leading zero', withAmount('012.30'), 'unread'),
  post('a number without an integer part', withAmount('.30'), 'unread'),
  post('a number that ends with a point', withAmount('12.'), 'unread'),
  post('a hexadecimal number', withAmount('0x10'), 'unread'),
  post('a key twice with two values', good.replace('{', '{"amount":"0.01",'), 'unread'),
  post('a key twice with one value', good.replace('{', '{"amount":"12.30",'), 'unread'),
  post('a key twice, once escaped', good.replace('{', String.raw`{"\u0061mount":"0.01",`), 'unread'),
  post('a key twice in a part nobody reads', good.replace('{', '{"meta":{"a":1,"a":1},'), 'unread'),
  post('a key twice inside a list', good.replace('{', '{"meta":[{"a":1,"a":2}],'), 'unread'),
  post('all fields inside __proto__', `{"__proto__":${good}}`, 'unread'),
  post('all fields inside data', `{"data":${good}}`, 'unread'),
  post('nesting without end', good.replace('{', `{"meta":${'['.repeat(2000)}${']'.repeat(2000)},`), 'unread'),
  post(
    'a byte that is no UTF-8',
    Buffer.concat([Buffer.from(good.slice(0, 20)), Buffer.of(0xff), Buffer.from(good.slice(20))]),
    'unread',
  ),
  post('an overlong UTF-8 form', Buffer.from(good.replace('Player01', 'Player\u00c0\u00af'), 'latin1'), 'unread'),
  post('UTF-8 cut inside a character', Buffer.from('{"agentID":"Zo\u00c3', 'latin1'), 'unread'),
  post('Latin-1', Buffer.from(good.replace('Player01', 'Zo\u00eb'), 'latin1'), 'unread'),
  post('UTF-16', utf16, 'unread'),
  post('UTF-16 with a byte order mark', Buffer.concat([Buffer.of(0xff, 0xfe), utf16]), 'unread'),
  post('two byte order marks', `\ufeff\ufeff${good}`, 'unread'),
  post('a form', new URLSearchParams({ ...bet, sign: goodSign }).toString(), 'unread'),
  post('XML', '<Withdraw><agentID>Partner01</agentID></Withdraw>', 'unread'),
];

const long = 'x'.repeat(257);
const noText: readonly (readonly [string, unknown])[] = [
  ['missing', undefined],
  ['null', null],
  ['empty', ''],
  ['true', true],
  ['a list', ['Player01']],
  ['an object', { value: 'Player01' }],
  ['too long', long],
  ['half a surrogate pair', 'a\ud800b'],
];
const badAmounts = [
  ...[
    '"1,000.00"',
    '"12,30"',
    '"1e2"',
    '"0x10"',
    '" 12.30"',
    '"+1"',
    '"-1.00"',
    '"12.345"',
    '""',
    '"NaN"',
    '"12.30 EUR"',
  ],
  ...['"1000000000000000"', 'null', 'true', '[]', '1e2', '12.345', '-12.30', '-0', '9007199254740993'],
];
const { agentID, userID } = bet;
const strict = { ...bet, agentID: 'Strict01', userID: 'player' };

export const fields: readonly BadCallback[] = [
  ...(['agentID', 'userID', 'transactionID', 'roundID'] as const).flatMap((field) =>
    noText.map(([what, value]) =>
      post(`${field} ${what}`, changed({ [field]: value }), field === 'agentID' ? 'unread' : 2),
    ),
  ),
  ...badAmounts.map((written) => post(`amount ${written}`, withAmount(written), 2)),
  ...badAmounts.slice(0, 3).map((written) => post(`a Deposit of ${written}`, withAmount(written), 2, 'Deposit')),
  post('amount missing', signedBody({ ...bet, amount: undefined }), 2),
  post(
    'a BetWin without a bet',
    signedBody({ agentID, userID, winAmount: '5.00', transactionID, roundID }),
    2,
    'BetWin',
  ),
  post(
    'a BetWin without a win',
    signedBody({ agentID, userID, betAmount: '5.00', transactionID, roundID }),
    2,
    'BetWin',
  ),
  post('a BetWin with one amount', good, 2, 'BetWin'),
  post('a balance of nobody', signedBody({ agentID }), 2, 'GetBalance'),
  post('a rollback of nothing', signedBody({ agentID, userID }), 2, 'RollbackTransaction'),
  post('a field in another case', signedBody({ agentID, userid: userID, amount: '12.30', transactionID, roundID }), 2),
  post('a user against the format', signedBody({ ...strict, userID: 'Player 01' }), 2),
  post('a user with a line end behind', signedBody({ ...strict, userID: 'player\n' }), 2),
  post(
    'a transactionID one character long',
    signedBody({ ...strict, transactionID: `${transactionID}a`, roundID: roundID.slice(1) }),
    2,
  ),
  post('a transactionID in upper case', signedBody({ ...strict, transactionID: transactionID.toUpperCase() }), 2),
  post('an agent nobody knows', changed({ agentID: 'Partner02' }), 4),
  post('an agent in another case', changed({ agentID: 'partner01' }), 4),
  post('an agent with a space behind', changed({ agentID: 'Partner01 ' }), 4),
  post('an agent by the name of a prototype', changed({ agentID: '__proto__' }), 4),
  post('an agent by number', changed({ agentID: 1 }), 4),
];

const unsigned = (sign: unknown): string => JSON.stringify({ ...bet, sign });
export const sign: readonly BadCallback[] = [
  post('no sign', unsigned(undefined), 2),
  post('a sign of null', unsigned(null), 2),
  post('an empty sign', unsigned(''), 2),
  post('a sign that is true', unsigned(true), 2),
  post('a sign in a list', unsigned([goodSign]), 2),
  post('a sign in an object', unsigned({ sign: goodSign }), 2),
  post('a number for a sign', unsigned(0), 3),
  post('a sign of zeros', unsigned('0'.repeat(64)), 3),
  post('a sign in lower case', unsigned(goodSign.toLowerCase()), 3),
  post('a sign with one digit changed', unsigned(goodSign.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'))), 3),
  post('a sign one digit short', unsigned(goodSign.slice(1)), 3),
  post('a sign one digit long', unsigned(`${goodSign}0`), 3),
  post('a sign with a space behind', unsigned(`${goodSign} `), 3),
  post('a sign of 4000 digits', unsigned(goodSign.repeat(63)), 3),
  post('a sign in base64', unsigned(Buffer.from(goodSign, 'hex').toString('base64')), 3),
  post('a sign by another key', signedBody(bet, undefined, '1234567891'), 3),
  post('a sign by the empty key', signedBody(bet, undefined, ''), 3),
  post('another operation’s sign', unsigned(signText(`${agentID}${userID}`)), 3),
  post('a sign of the values in another order', changed({}, `${agentID}${userID}12.30${roundID}${transactionID}`), 3),
  post(
    'a sign of the unpadded amount',
    withAmount('"12.3"', signText(`${agentID}${userID}12.3${transactionID}${roundID}`)),
    3,
  ),
  post('a sign of three decimals', changed({}, `${agentID}${userID}12.300${transactionID}${roundID}`), 3),
  post(
    'a sign of a thousands separator',
    changed({ amount: '1000.00' }, `${agentID}${userID}1,000.00${transactionID}${roundID}`),
    3,
  ),
  post('a sign of values joined with a comma', changed({}, Object.values(bet).join(',')), 3),
  post('a sign of the body', changed({}, JSON.stringify(bet)), 3),
  post('a sign over freeSpin too', changed({ freeSpin: true }), 3),
  post('another amount than was signed', JSON.stringify({ ...bet, amount: '12.31', sign: goodSign }), 3),
  post('another user than was signed', JSON.stringify({ ...bet, userID: 'Player02', sign: goodSign }), 3),
  post(
    'another transactionID than was signed',
    JSON.stringify({ ...bet, transactionID: `${transactionID}0`, sign: goodSign }),
    3,
  ),
  post('another round than was signed', JSON.stringify({ ...bet, roundID: `${roundID}0`, sign: goodSign }), 3),
  post(
    'a decomposed letter for a composed one',
    JSON.stringify({
      ...bet,
      userID: 'Zoe\u0308',
      sign: signText(`${agentID}Zo\u00eb12.30${transactionID}${roundID}`),
    }),
    3,
  ),
  post('a wrong sign on every operation: GetBalance', unsigned(goodSign), 3, 'GetBalance'),
  post('a wrong sign on every operation: RollbackTransaction', unsigned(goodSign), 3, 'RollbackTransaction'),
  post(
    'a BetWin with its amounts exchanged',
    JSON.stringify({
      agentID,
      userID,
      betAmount: '5.00',
      winAmount: '10.00',
      transactionID,
      roundID,
      sign: signText(`${agentID}${userID}10.005.00${transactionID}${roundID}`),
    }),
    3,
    'BetWin',
  ),
  post('a wrong sign and a wrong format', JSON.stringify({ ...strict, userID: 'Player 01', sign: goodSign }), 3),
];
