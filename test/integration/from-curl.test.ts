// From a vendor's request to a file that passes `check`, with the request as an example the file is held to.
// The signs come from `node:crypto`, made as vendors say they make them.

import { createHash, createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { runCheck } from '../../src/commands/check.js';
import { runFromCurl, type InitOptions } from '../../src/commands/init.js';
import { readSample } from '../../src/drafting/read-sample.js';

const directory = mkdtempSync(join(tmpdir(), 'from-curl-'));
afterAll(() => rmSync(directory, { recursive: true }));
let files = 0;

/** The file made of a sample, what was said of it, and what `check` says. */
function made(sample: string, options: Partial<InitOptions> = {}) {
  const name = `vendor-${String(files++)}`;
  const [from, file] = [join(directory, `${name}.curl`), join(directory, `${name}.yaml`)];
  writeFileSync(from, sample);
  const { lines, exitCode } = runFromCurl({ fromCurl: from, file, ...options });
  if (exitCode !== 0) throw new Error(lines.join('\n'));
  return { lines, text: readFileSync(file, 'utf8'), checked: runCheck([file], { format: 'text', env: {} }) };
}

const body = '{"user":"77120","cents":1230,"cur":"EUR","ref":"TX-000441","round":"R-88"}';
const key = 'vendor-sample-key';
const curl = (headers: string, data = body, url = 'https://wallet.tidewater.example/seamless/bet') =>
  `curl -X POST '${url}' \\\n  -H 'Content-Type: application/json' \\\n  ${headers} \\\n  -d '${data}'\n`;

describe('a file made of a sample', () => {
  test('maps what it recognised, says what it guessed, and holds the request', () => {
    const { text, checked } = made(
      `${curl("-H 'Authorization: Bearer real.token'")}\nHTTP/1.1 200 OK\n\n{"code":0,"balanceCents":8770,"id":"55123"}\n`,
    );

    expect(checked.exitCode).toBe(0);
    for (const line of [
      'user: ${request.userID} # guessed',
      'cents: ${request.amount.minor()} # guessed',
      'cur: ${currency}',
      'ref: ${reference} # guessed',
      'round: ${request.roundID} # guessed',
      'applied: ${response.status == 200 && response.body.code == 0} # guessed',
      'balance: ${money.fromMinor(response.body.balanceCents)}',
      'auth: { type: bearer, token: walletToken }',
    ])
      expect(text).toContain(line);
    expect(text).toContain(`body: '${body}'`);
    // A token in a pasted line may be a real one.
    expect(text).not.toContain('real.token');
  });

  test('a changed mapping no longer passes', () => {
    const { text } = made(curl(''));
    const file = join(directory, 'changed.yaml');
    writeFileSync(file, text.replace('amount.minor()', 'amount.number()'));

    expect(runCheck([file], { format: 'text', env: {} }).lines.join('\n')).toContain(
      'examples[0].request.body: differs from',
    );
  });

  test('what the engineer says of a value is not guessed', () => {
    const data = '{"a":"77120","b":12.3,"c":"TX-000441","d":9}';
    const { text, checked } = made(curl('', data), { player: '77120', amount: '12.30', transaction: 'TX-000441' });

    expect(checked.exitCode).toBe(0);
    expect(text).toContain('a: ${request.userID}\n');
    expect(text).toContain('b: ${request.amount.number()}\n');
    expect(text).toContain('c: ${reference}\n');
    expect(text).toContain('d: 9 # as in the sample');
  });

  test.each([
    ['"12.30"', '.major()'],
    ['12.3', '.number()'],
    ['1230', '.minor()'],
    ['12300', '.scaled(1000)'],
    ['1230000', '.scaled(100000)'],
    ['"12.300"', '.major(3)'],
    ['"1230"', 'text(request.amount.minor())'],
    ['-1230', '(-request.amount).minor()'],
  ])('the amount 12.30 as %s', (written, expression) => {
    const { text, checked } = made(curl('', `{"user":"u1","value":${written},"ref":"T1"}`), { amount: '12.30' });

    expect(checked.lines.filter((line) => line.includes('examples'))).toEqual([]);
    expect(text).toContain(expression);
  });

  test('ids in the path, forms, and a win that is not sent where the bet goes', () => {
    const { text, checked } = made(
      "curl 'https://w.example/players/p-77/debit' -d 'player=p-77&amount=5.00' --data-urlencode 'ref=T 1'",
    );

    expect(checked.exitCode).toBe(0);
    expect(text).toContain("path: '/players/${request.userID}/debit'");
    expect(text).toContain("path: '/players/${request.userID}/credit' # not in the sample");
    expect(made("curl 'https://w.example/api.php' -d 'player=p-77&amount=5.00&ref=T1'").text).toContain(
      '/say-where-a-win-goes',
    );
  });

  test('white space the bridge does not send is told', () => {
    const { lines, checked } = made(curl('', '{ "user": "77120", "cents": 1230, "ref": "T1" }'));

    expect(checked.exitCode).toBe(0);
    expect(lines).toContainEqual(expect.stringContaining('white space'));
  });
});

describe('a sign that can be reproduced is', () => {
  const hmac = (hash: string, text: string) => createHmac(hash, key).update(text);
  const digest = (hash: string, text: string) => createHash(hash).update(text);
  const time = '1700000000';

  test.each([
    ['HMAC of the body', hmac('sha256', body).digest('hex')],
    ['HMAC of the body, in Base64', hmac('sha512', body).digest('base64')],
    ['HMAC of a time stamp, a dot and the body', hmac('sha256', `${time}.${body}`).digest('hex')],
    ['the same with a word before it', `sha256=${hmac('sha256', `${time}.${body}`).digest('hex')}`],
    ['method, path, time and body', hmac('sha1', ['POST', '/seamless/bet', time, body].join('\n')).digest('hex')],
    [
      'MD5 with the key behind, in capitals',
      digest('md5', body + key)
        .digest('hex')
        .toUpperCase(),
    ],
    ['SHA-1 with the key before', digest('sha1', key + body).digest('hex')],
    [
      'sorted fields and the key',
      digest('md5', `cents=1230&cur=EUR&ref=TX-000441&round=R-88&user=77120${key}`).digest('hex'),
    ],
    [
      'sorted fields and &key=',
      digest('sha256', `cents=1230&cur=EUR&ref=TX-000441&round=R-88&user=77120&key=${key}`).digest('hex'),
    ],
    ['joined values', digest('sha256', `77120|1230|EUR|TX-000441|R-88|${key}`).digest('hex')],
  ])('%s', (_what, sign) => {
    const { lines, text, checked } = made(curl(`-H 'X-Time: ${time}' -H 'X-Signature: ${sign}'`), { key });

    expect(lines).toContainEqual(expect.stringMatching(/^X-Signature is reproduced/));
    expect([sign, `'${sign}'`].some((written) => text.includes(`        X-Signature: ${written}\n`))).toBe(true);
    expect([checked.exitCode, checked.lines.filter((line) => line.includes('examples'))]).toEqual([0, []]);
  });

  test('in the body itself, and in the query', () => {
    const inBody = digest('md5', `77120TX-1${key}`).digest('hex');
    const data = `{"user":"77120","ref":"TX-1","sign":"${inBody}"}`;
    const hash = digest('md5', `${body}${key}`).digest('hex');

    expect(made(curl('', data), { key }).text).toContain('vars.fields + {"sign": hex(md5(');
    expect(made(curl('', data), { key }).checked.exitCode).toBe(0);
    expect(made(curl('', body, `https://w.example/bet?hash=${hash}`), { key }).checked.exitCode).toBe(0);
  });

  test('and one that cannot is left as it is, and told', () => {
    const { lines, text, checked } = made(curl("-H 'X-Signature: 00ff'"), { key });

    expect(lines).toContainEqual(
      expect.stringContaining('X-Signature looks like a sign and was not reproduced with this key'),
    );
    expect(text).toContain('# as in the sample: not reproduced');
    expect(checked.exitCode).toBe(0);
  });
});

describe('a sample is read', () => {
  test.each([
    [
      "curl -XPOST -H'X-A: b' https://w.example/x -d 'a=1' --data b=2",
      { method: 'POST', body: 'a=1&b=2', headers: [['X-A', 'b']] },
    ],
    ["curl -G https://w.example/x -d a=1 --data-urlencode 'b=c d'", { method: 'GET', body: '' }],
    ["curl https://w.example/x --json '{\"a\":\"it'\\''s\"}'", { method: 'POST', body: '{"a":"it\'s"}' }],
    ['curl "https://w.example/x" -d "{\\"a\\":\\"$NAME\\"}"', { body: '{"a":"$NAME"}' }],
    ["curl https://w.example/x -d $'a\\tb\\u00e9\\n'", { body: 'a\tbé\n' }],
    ['curl --request PUT --url=https://w.example/x -sSL --max-time 5 -d x', { method: 'PUT', body: 'x' }],
    [
      'POST /x HTTP/1.1\r\nHost: w.example\r\nX-A: b\r\n\r\na=1',
      {
        method: 'POST',
        body: 'a=1',
        headers: [
          ['Host', 'w.example'],
          ['X-A', 'b'],
        ],
      },
    ],
    ['GET /x?a=1\nHost: w.example', { method: 'GET', body: '' }],
  ])('%s', (text, expected) => {
    expect(readSample(text)).toMatchObject(expected);
  });

  test.each([
    ["curl 'https://w.example", 'a quote of the curl line is not closed'],
    ['curl -X POST', 'the curl line has no URL'],
    ['curl https://w.example -d @body.json', 'the body stands in another file'],
    ['curl https://w.example -F a=b', 'a multipart form'],
    ['hello', 'neither a curl line nor a request'],
  ])('%s is refused', (text, because) => {
    expect(readSample(text)).toEqual({ because: expect.stringContaining(because) });
  });

  test('a file that is there stays, and one that is not is told', () => {
    const from = join(directory, 'a.curl');
    writeFileSync(from, curl(''));

    expect(runFromCurl({ fromCurl: from, file: from, operator: 'a' })).toMatchObject({ exitCode: 1 });
    expect(runFromCurl({ fromCurl: join(directory, 'none'), operator: 'a' })).toMatchObject({ exitCode: 2 });
    expect(runFromCurl({ fromCurl: from, operator: 'a', currency: 'EURO' })).toMatchObject({ exitCode: 2 });
  });
});
