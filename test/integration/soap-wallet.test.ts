// A wallet that speaks SOAP, over a real socket: the exact bytes it gets, and what its answers and faults
// become, with HTTP 200 and 500. The wallet here takes requests apart by hand, so that no mistake of our own
// reader can vouch for our writer.

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Money } from '../../src/domain/money.js';
import type { CallSettings } from '../../src/domain/ports.js';
import { MemoryFacts } from '../../src/journal/memory-facts.js';
import { createHttpWallet, type HttpWallet } from '../../src/wallet/http-wallet.js';
import { fileWith, operatorOf } from '../support/operator-text.js';
import { someLeg, someTransaction } from '../support/transactions.js';

const settings: CallSettings = { within: 5_000, mayStillSend: () => true };

const file = fileWith(
  ['repeatable: always', 'repeatable: always\n  format: soap\n  charset: iso-8859-9'],
  ['${response.status == 200}', '${only(response.body).transactionId != ""}'],
  [
    "request: { method: GET, path: '/players/${request.userID}' }",
    "request: { path: /soap, body: { 'n:getBalance': { '@xmlns:n': 'urn:wallet', playerName: '${request.userID}' } }, headers: { SOAPAction: '\"urn:getBalance\"' } }",
  ],
  [
    "response: { balance: '${money.fromMinor(response.body.balance)}' }",
    "response: { applied: '${has(response.body.getBalanceResponse)}', balance: '${money.fromMajor(response.body.getBalanceResponse.balance)}' }",
  ],
  [
    "{ path: /debits, body: { reference: '${reference}', cents: '${request.amount.minor()}' } }",
    "{ path: /soap, body: { 'n:withdraw': { '@xmlns:n': 'urn:wallet', playerName: '${request.userID}', amount: '${request.amount.major()}', transactionRef: '${reference}' } }, headers: { X-Digest: '${md5(sent.raw).hex()}' } }",
  ],
  ['money.fromMinor(response.body.balance)', 'money.fromMajor(response.body.withdrawResponse.balance)'],
  ['${response.body.id}', '${response.body.withdrawResponse.transactionId}'],
  [
    "{ path: /credits, body: { reference: '${reference}', cents: '${request.amount.minor()}' } }",
    "{ path: /soap, body: { 'n:deposit': { '@xmlns:n': 'urn:wallet', amount: '${request.amount.major()}' } } }",
  ],
  ['response.body.error == "FUNDS"', 'only(response.fault.detail).errorCode == "1"'],
);

interface Heard {
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

let server: Server;
let wallet: HttpWallet;
let heard: Heard[] = [];
let answer: { status: number; inside: string } | { status: number; bytes: Buffer };

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      heard.push({ headers: request.headers, body: Buffer.concat(chunks) });
      const bytes =
        'bytes' in answer
          ? answer.bytes
          : Buffer.from(
              `<?xml version="1.0" encoding="ISO-8859-9"?><S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body>${answer.inside}</S:Body></S:Envelope>`,
              'latin1',
            );
      response.writeHead(answer.status, { 'content-type': 'text/xml' }).end(bytes);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const compiled = { ...operatorOf(file).wallet, baseUrl: new URL(`http://127.0.0.1:${port}`) };
  wallet = createHttpWallet(compiled, { name: 'soap', now: () => 1_000, facts: new MemoryFacts(() => 1_000) });
});

beforeEach(() => {
  heard = [];
});

afterAll(async () => {
  await wallet.close();
  server.closeAllConnections();
  server.close();
});

const bet = () =>
  wallet.send(someTransaction({ agentID: 'SOUND01', userID: 'Işık & Co' }), someLeg({ kind: 'withdraw' }), settings);
const fault = (code: string) =>
  `<S:Fault><faultcode>S:Server</faultcode><faultstring>bakiye yetersiz: \xfe</faultstring><detail><n:withdrawFault xmlns:n="urn:wallet"><errorCode>${code}</errorCode></n:withdrawFault></detail></S:Fault>`;

describe('a wallet that speaks SOAP', () => {
  test('gets one envelope in its charset, and a digest of exactly these bytes', async () => {
    answer = {
      status: 200,
      inside: '<withdrawResponse><balance>8.50</balance><transactionId>77</transactionId></withdrawResponse>',
    };

    const verdict = await bet();

    const [{ headers, body } = { headers: {}, body: Buffer.from('') }] = heard;
    expect(verdict).toEqual({ kind: 'applied', balance: Money.parse('8.50'), receipt: '77' });
    expect(body.toString('latin1')).toMatch(
      /^<\?xml version="1\.0" encoding="ISO-8859-9"\?><soap:Envelope xmlns:soap="http:\/\/schemas\.xmlsoap\.org\/soap\/envelope\/"><soap:Body><n:withdraw xmlns:n="urn:wallet"><playerName>I\xfe\xfdk &amp; Co<\/playerName><amount>\d+\.\d\d<\/amount><transactionRef>[^<]+<\/transactionRef><\/n:withdraw><\/soap:Body><\/soap:Envelope>$/,
    );
    expect(headers).toMatchObject({
      'content-type': 'text/xml; charset=iso-8859-9',
      soapaction: '""',
      'x-digest': createHash('md5').update(body).digest('hex'),
    });
  });

  test.each([200, 500])('a fault with HTTP %i is read like any reply', async (status) => {
    answer = { status, inside: fault('1') };
    expect(await bet()).toEqual({
      kind: 'refused',
      result: 'insufficientFunds',
      because: `errors[0] holds (HTTP ${status})`,
    });

    answer = { status, inside: fault('1000') };
    expect(await bet()).toMatchObject({ kind: 'unknown' });

    answer = {
      status,
      inside: `<withdrawResponse><transactionId>77</transactionId></withdrawResponse>${fault('1000')}`,
    };
    expect(await bet()).toMatchObject({ kind: 'unknown' });
  });

  test.each([
    ['nothing', Buffer.from('')],
    ['a page', Buffer.from('<html><body>Overloaded</body></html>')],
    ['half an envelope', Buffer.from('<S:Envelope><S:Body><withdrawResponse>')],
    ['a DOCTYPE', Buffer.from('<!DOCTYPE x><Envelope><Body><r><transactionId>1</transactionId></r></Body></Envelope>')],
  ])('%s is unknown', async (_name, bytes) => {
    answer = { status: 200, bytes };

    expect(await bet()).toMatchObject({ kind: 'unknown' });
  });

  test('a balance is asked with an action of its own', async () => {
    answer = {
      status: 200,
      inside: '<n:getBalanceResponse xmlns:n="urn:wallet"><balance>1250.00</balance></n:getBalanceResponse>',
    };

    const verdict = await wallet.balance({ agentID: 'SOUND01', userID: 'ann' }, settings);

    expect(verdict).toEqual({ kind: 'balance', balance: Money.parse('1250.00') });
    expect(heard[0]?.headers['soapaction']).toBe('"urn:getBalance"');
  });
});
