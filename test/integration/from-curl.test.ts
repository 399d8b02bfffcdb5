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
import { saysSecret } from '../../src/drafting/secret-values.js';

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
    expect(text).toContain('# a sign that was not reproduced: it never changes');
    expect(checked.exitCode).toBe(0);
  });
});

describe('what is secret in a sample stands in no file', () => {
  const live = (name: string) => `LIVE-${name}`;
  const sent = [
    'password',
    'apiToken',
    'secret',
    'partnerKey',
    'access_token',
    'userPass',
    'pin',
    'authCode',
    'apikey',
    'JWT',
  ];
  const withSecrets = `curl 'https://shop:LIVE-url@w.example/bet?api_key=LIVE-query&token=LIVE-session' \\
  -H 'X-Api-Key: LIVE-header' -H 'Cookie: sid=LIVE-cookie' -H 'X-Access-Token: LIVE-other' \\
  -d '${JSON.stringify({ user: 'u1', amount: '12.30', ref: 't1', ...Object.fromEntries(sent.map((name) => [name, live(name)])), inner: '{"password":"LIVE-inner"}' })}'

HTTP/1.1 200 OK

{"ok":true,"balance":"87.70","accessToken":"LIVE-reply","session":{"token":"LIVE-there"}}
`;

  test('but comes to it by its name, and the example holds the request with stand-ins', () => {
    const { text, lines, checked } = made(withSecrets);

    expect(text).not.toContain('LIVE');
    expect(lines.join('\n')).not.toContain('LIVE');
    for (const line of [
      '        api_key: ${secrets.apiKey}\n',
      '        X-Api-Key: ${secrets.xApiKey}\n',
      '        password: ${secrets.password}\n',
      '        password: sample-of-password\n',
      '"password":"sample-of-password"',
      "path: '/bet?api_key=sample-of-apiKey&token=sample-session'",
      `Authorization: 'Basic ${Buffer.from('sample-user:sample-password').toString('base64')}'`,
      '"accessToken":"sample-of-accessToken2"',
    ])
      expect(text).toContain(line);
    expect([checked.exitCode, checked.lines.filter((line) => line.includes('examples'))]).toEqual([0, []]);
  });

  test.each([
    ['a form', 'curl https://w.example/bet -d \'user=u1&amount=5.00&ref=t1&password=LIVE%201&data={"pin":"LIVE"}\''],
    [
      'XML',
      `curl https://w.example/bet -d '<a token2="1" apiKey="LIVE"><user>u1</user><x:password>LIVE</x:password><pin><![CDATA[LIVE]]></pin></a>'`,
    ],
    ['a number', `curl https://w.example/bet -d '{"user":"u1","amount":"5.00","ref":"t1","pin":77001234}'`],
  ])('in %s', (_what, sample) => {
    const { text, checked } = made(sample);

    expect(text).not.toMatch(/LIVE|77001234/);
    expect(text).toMatch(/\$\{(?:xml\()?secrets\./);
    expect(checked.exitCode).toBe(0);
  });

  test('a sign over secrets is found, and shown as it is over their stand-ins', () => {
    const data = '{"user":"u1","amount":"12.30","ref":"t1","password":"LIVE"}';
    const sign = (over: string) => createHmac('sha256', key).update(over).digest('hex');
    const { text, lines, checked } = made(curl(`-H 'X-Sign: ${sign(data)}'`, data), { key });

    expect(lines).toContainEqual(expect.stringMatching(/^X-Sign is reproduced/));
    expect(text).toMatch(new RegExp(`X-Sign: '?${sign(data.replace('LIVE', 'sample-of-password'))}`));
    expect(text).not.toContain('LIVE');
    expect(checked.exitCode).toBe(0);
  });

  test.each(sent)('%s is the name of a secret', (name) => {
    expect(saysSecret(name)).toBe(true);
  });

  test.each(
    'transactionKey transactionkey roundKey idempotencyKey playerKey requestKey gameKey keyId tokenType authMethod passwordExpiry author passenger spin pinned user signature hash currencyKey'.split(
      ' ',
    ),
  )('%s is not', (name) => {
    expect(saysSecret(name)).toBe(false);
  });
});

describe('what a bet cannot show is marked', () => {
  const fields = { merchant: 'M1042', action: 'debit', user: 'u1', ref: 'TX-1', nonce: 'x7Gh2k' };
  const sign = createHash('md5')
    .update(Object.values(fields).join('') + key)
    .digest('hex');

  test('with the sign in the body, too: a win has constants of its own', () => {
    const { text, checked } = made(curl('', JSON.stringify({ ...fields, sign })), { key });

    expect(checked.exitCode).toBe(0);
    expect(text).toContain('    action: debit # as in the sample\n');
    expect(text).toContain('    action: debit # as in the bet: say what a win has\n');
    expect(text).toContain('"action": settings.deposit.action');
    expect(text).toContain('fields: >- # guessed: user, ref\n');
    expect(text.match(/M1042/g)).toHaveLength(3);
  });

  test('so are the clock, the currency and what only a win would have in headers and query', () => {
    const data =
      '{"user":"u1","cents":1230,"cur":"EUR","ref":"T1","time":"2024-03-11T09:15:30.000Z","none":null,"list":[]}';
    const { text, checked } = made(curl("-H 'X-Shop: s7'", data, 'https://w.example/bet?site=7'));

    expect(checked.exitCode).toBe(0);
    for (const line of [
      /cur: \$\{currency\} # guessed/,
      /time: .*now.format.* # guessed/,
      /none: null # as in the sample/,
      /list: \[\] # as in/,
    ])
      expect(text).toMatch(line);
    for (const constant of ['X-Shop: s7', "site: '7'"])
      expect(text).toContain(`${constant} # as in the bet: say what a win has`);
    // The sample's own headers are held, too.
    expect(text).toContain('        X-Shop: s7\n');
  });
});

describe('what init writes, check takes', () => {
  test.each([
    [
      'SOAP',
      '<?xml version="1.0"?>\n<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><v:debit xmlns:v="http://v" op="a&amp;b"><v:user>u1</v:user><v:amount>12.30</v:amount><v:ref>T&amp;1</v:ref></v:debit></s:Body></s:Envelope>',
      '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><r><code>0</code><balance>87.70</balance></r></s:Body></s:Envelope>',
      'response.body.r.code == "0"',
    ],
    [
      'XML',
      '<debit user="u1" amount="12.30" ref="T1"/>',
      '<r><status>OK</status></r>',
      'response.body.r.status == "OK"',
    ],
    ['a reply of text', '{"user":"u1","amount":"12.30","ref":"T1"}', 'OK|87.70', 'split(response.text, "|")[1]'],
    ['what is not recognised', '{"a":"x","b":[1,{"c":"${NAME}"}]}', '{"x":1}', 'response.status == 200'],
  ])('%s', (_what, data, reply, rule) => {
    const { text, lines, checked } = made(`${curl('', data)}\nHTTP/1.1 200 OK\n\n${reply}\n`);

    expect([checked.exitCode, checked.lines.filter((line) => line.includes('examples'))]).toEqual([0, []]);
    expect(text).toContain(rule);
    expect(lines.join()).not.toContain('left out');
    expect(text).toContain('      body: ');
  });

  test('a query that is written otherwise is held as the bridge writes it', () => {
    const { text, lines, checked } = made(
      "curl -G https://w.example/bet --data-urlencode 'player=p 1' -d amount=12.30 -d ref=t1\n\nOK|87.70",
    );

    expect(checked.exitCode).toBe(0);
    expect(text).toContain("path: '/bet?player=p%201&amount=12.30&ref=t1'");
    expect(lines).toContainEqual(expect.stringContaining('the bridge writes the path otherwise'));
  });

  test('a sign over bytes that are not sent is not called reproduced', () => {
    const data = '{"user":"u1","amount":12.30,"ref":"t1"}';
    const sign = createHmac('sha256', key).update(data).digest('hex');
    const { text, lines, checked } = made(curl(`-H 'X-Sign: ${sign}'`, data), { key });

    expect(checked.exitCode).toBe(0);
    expect(lines.join('\n')).not.toContain('reproduced');
    expect(lines).toContainEqual(
      expect.stringMatching(/^X-Sign is made of the sample's own bytes by .* no example proves it$/),
    );
    expect(text).toContain('"amount":12.3,');
    expect(text).not.toContain(sign);
  });

  test('a reply that comes out otherwise is left out, and told', () => {
    const { text, lines, checked } = made(
      `${curl('')}\nHTTP/1.1 200 OK\n\n{"ok":true,"balance":"many"}\n`.replace('"many"', '"8.7.7"'),
    );

    expect(checked.exitCode).toBe(0);
    expect(text).toContain('the request of the sample');
    expect(lines.length).toBeGreaterThan(1);
  });
});

test('what stands twice is told', () => {
  const { lines, checked } = made("curl 'https://w.example/bet?a=1&a=2' -H 'X-A: 1' -H 'x-a: 2' -d user=u1");

  expect(checked.exitCode).toBe(0);
  expect(lines.filter((line) => line.includes('stands more than once'))).toHaveLength(2);
});

describe('what the engineer says and the sample does not have', () => {
  const of = (options: Partial<InitOptions>) => {
    const from = join(directory, 'said.curl');
    writeFileSync(from, curl("-H 'X-Check: abc'"));
    return runFromCurl({ fromCurl: from, file: join(directory, `said-${String(files++)}.yaml`), ...options });
  };

  test.each([
    [{ player: 'zzz' }, '--player zzz does not stand in the sample'],
    [{ round: 'r9' }, '--round r9 does not stand in the sample'],
    [{ amount: '99.99' }, '--amount 99.99 does not stand in the sample'],
    [{ amount: 'abc' }, '--amount abc: no amount'],
  ])('%j', (options, because) => {
    const { lines, exitCode } = of(options);

    expect([exitCode, lines.join()]).toEqual([2, expect.stringContaining(because)]);
  });

  test('a key that no sign was made with is told', () => {
    expect(of({ key: 'abc' }).lines).toContainEqual(expect.stringMatching(/^--key: nothing in the sample was found/));
  });

  test('a value of the shape of a sign is one, where the key makes it', () => {
    const proof = createHash('sha256')
      .update(body + key)
      .digest('hex');

    expect(made(curl(`-H 'X-Proof: ${proof}'`), { key }).lines).toContainEqual(
      expect.stringMatching(/^X-Proof is reproduced/),
    );
  });
});

test('a sign that never changes is held by no example, and check warns of it', () => {
  const sign = createHash('sha256')
    .update(body + key)
    .digest('hex');
  const { text, checked } = made(`${curl(`-H 'X-Signature: ${sign}'`)}\n{"code":0}\n`, { key: 'another-key' });

  expect(text).toContain(sign);
  expect(text).toContain('the reply of the sample');
  expect(text).not.toContain("      body: '{");
  expect(checked.lines).toContainEqual(expect.stringContaining('a sign that never changes, as of one sample'));
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
    [
      'curl https://w.example/x -d \'a=1\'\n\n{"ok":true}',
      { body: 'a=1', reply: { status: 200, body: '{"ok":true}' } },
    ],
    ["curl https://w.example/x -d 'a=1'\nOK|1", { body: 'a=1', reply: { status: 200, body: 'OK|1' } }],
    ['curl "https://w.example/x" ^\r\n  -d "{\\"a\\":1}"', { body: '{"a":1}' }],
    ['curl ^"https://w.example/x^" ^\r\n  --data-raw ^"{^\\^"a^\\^":1}^"', { body: '{"a":1}' }],
    ['curl https://w.example/x `\n  -d a=1', { body: 'a=1' }],
    ['curl https://w.example/x\n  -d a=1\n-H "X-A: b"', { body: 'a=1', headers: [['X-A', 'b']] }],
    ['curl -sXPUT https://w.example/x -d a=1 | jq .', { method: 'PUT', body: 'a=1' }],
    ['curl --data-raw @a https://w.example/x', { body: '@a' }],
    ['POST /x\nHost: w.example\n\n{"a":1}\n\n{"ok":true}', { body: '{"a":1}', reply: { body: '{"ok":true}' } }],
    ['GET /x\nHost: w.example\n\nOK', { body: '', reply: { body: 'OK' } }],
    ['POST /x\n\na=1', { told: [expect.stringContaining('names no host')] }],
    ['curl https://w.example/x -d "a=$NAME"', { told: [expect.stringContaining('$NAME is taken as it stands')] }],
  ])('%s', (text, expected) => {
    expect(readSample(text)).toMatchObject(expected);
  });

  test.each([
    ["curl 'https://w.example", 'a quote of the curl line is not closed'],
    ['curl -X POST', 'the curl line has no URL'],
    ['curl https://w.example -d @body.json', 'the body stands in another file'],
    ['curl https://w.example -F a=b', 'a multipart form'],
    ['hello', 'neither a curl line nor a request'],
    ['curl https://w.example -H @headers.txt', 'headers stand in another file'],
    ['curl https://w.example --data-urlencode a@b.txt', 'the body stands in another file'],
    ['curl https://w.example/a -d a=1\ncurl https://w.example/b -d b=2', 'more than one request'],
    ['POST /x\nHost: w.example\n\na=1\n\nGET /y\nHost: w.example', 'more than one request'],
    ['curl https://w.example/a --next https://w.example/b', 'more than one request'],
    ['curl https://w.example/a https://w.example/b', 'more than one address'],
    ['curl \'https://w.example/a -d \'{"a":1}', 'is a quote not closed?'],
    ['curl $BASE/api -d a=1', '$BASE stands for something'],
    ['curl https://{{host}}/api -d a=1', '{{host}} stands for something'],
    ['curl https://w.example --unknown 5', 'the option --unknown of curl is not known here'],
  ])('%s is refused', (text, because) => {
    expect(readSample(text)).toEqual({ because: expect.stringContaining(because) });
  });

  test('a file that is there stays, and one that is not is told', () => {
    const from = join(directory, 'a.curl');
    writeFileSync(from, curl(''));

    expect(runFromCurl({ fromCurl: from, file: from, operator: 'a' })).toMatchObject({ exitCode: 1 });
    expect(runFromCurl({ fromCurl: join(directory, 'none'), operator: 'a' })).toMatchObject({ exitCode: 2 });
    expect(runFromCurl({ fromCurl: from, operator: 'a', currency: 'EURO' })).toMatchObject({ exitCode: 2 });
    expect(runFromCurl({ fromCurl: directory, operator: 'a' })).toEqual({
      lines: [`${directory}: cannot be read: it is a directory; expected a text file`],
      exitCode: 2,
    });
  });
});
