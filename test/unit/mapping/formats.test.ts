// Formats other than JSON, from the operator file to the bytes and back: what a mapping may say there, and
// what a reply becomes.

import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { Verdict, BalanceVerdict } from '../../../src/domain/outcome.js';
import { sampleCalls, type SampleRequest } from '../../../src/commands/samples/sample-callback.js';
import type { Rendered } from '../../../src/wallet/compiled-wallet.js';
import { fileWith, operatorOf, problemsOf } from '../../support/operator-text.js';

type Change = readonly [string, string];

const body = "body: { reference: '${reference}', cents: '${request.amount.minor()}' }";
const inFormat = (format: string, ...changes: readonly Change[]): string =>
  fileWith(
    ['repeatable: always', `repeatable: always\n  format: ${format}`],
    [body, "body: { bet: { ref: '${reference}' } }"],
    [body, "body: { win: { ref: '${reference}' } }"],
    ...changes,
  );

function callOf(file: string, sample: Partial<SampleRequest> = {}) {
  const sampled = sampleCalls(operatorOf(file), { operation: 'withdraw', fields: { userID: 'ann' }, ...sample });
  const [only] = 'because' in sampled ? [] : sampled.calls;
  if (only === undefined) throw new Error('no call');
  const made: Rendered = only.call.render(only.subject, 1_700_000_000_000);
  return {
    made,
    answer: (
      status: number,
      text: string | Uint8Array,
      headers: Readonly<Record<string, string>> = {},
    ): Verdict | BalanceVerdict => {
      if (made.kind === 'cannot') throw new Error(made.because);
      return only.call.read(only.subject, made.request, { status, headers, body: Buffer.from(text) }, 0).verdict;
    },
  };
}

function requestOf(file: string, sample?: Partial<SampleRequest>) {
  const { made } = callOf(file, sample);
  if (made.kind === 'cannot') throw new Error(made.because);
  return { ...made.request, text: Buffer.from(made.request.body ?? []).toString('latin1') };
}

describe('a request', () => {
  test('in XML', () => {
    const { text, headers } = requestOf(
      inFormat('xml', [
        "{ bet: { ref: '${reference}' } }",
        "{ bet: { '@id': '${reference}', who: '${request.userID}', game: '${request.?gameID}' } }",
      ]),
      { fields: { userID: 'a<b&ü', transactionID: 'tx-1' } },
    );

    expect(text).toBe('<?xml version="1.0" encoding="UTF-8"?><bet id="tx-1"><who>a&lt;b&amp;Ã¼</who></bet>');
    expect(headers).toEqual({ Accept: 'application/xml, text/xml', 'Content-Type': 'application/xml; charset=utf-8' });
  });

  test('in SOAP, with a SOAPAction the mapping may set or take out', () => {
    const own = (action: string) =>
      inFormat('soap', ['path: /debits,', `path: /debits, headers: { soapaction: ${action} },`]);

    expect(requestOf(inFormat('soap')).text).toContain('<soap:Body><bet><ref>');
    expect(requestOf(inFormat('soap')).headers).toEqual({
      Accept: 'text/xml',
      'Content-Type': 'text/xml; charset=utf-8',
      SOAPAction: '""',
    });
    expect(requestOf(own('\'"urn:bet"\'')).headers).toMatchObject({ soapaction: '"urn:bet"' });
    expect(requestOf(own('null')).headers).not.toHaveProperty('SOAPAction');
  });

  test('in a form of one charset and with one reply of another format', () => {
    const file = inFormat('{ request: form, response: xml }', ['format: {', 'charset: iso-8859-9\n  format: {']);
    const { text, headers } = requestOf(fileWithName(file), { fields: { userID: 'şğ ü', transactionID: 't' } });

    expect(text).toBe('bet%5Bref%5D=t&bet%5Bwho%5D=%FE%F0+%FC');
    expect(headers).toEqual({
      Accept: 'application/xml, text/xml',
      'Content-Type': 'application/x-www-form-urlencoded; charset=iso-8859-9',
    });
  });

  test('whose operation has a format of its own', () => {
    const file = inFormat('form', [
      '{ path: /debits, body: { bet: { ref:',
      '{ format: text, path: /debits, body: { bet: { ref:',
    ]).replace("body: { bet: { ref: '${reference}' } }", 'body: \'BET|${line(reference, "|")}\'');

    expect(requestOf(file, { fields: { transactionID: 't' } })).toMatchObject({
      text: 'BET|t',
      headers: { Accept: '*/*', 'Content-Type': 'text/plain; charset=utf-8' },
    });
    expect(requestOf(file, { operation: 'deposit', fields: { transactionID: 't' } }).text).toBe('win%5Bref%5D=t');
  });

  test('parameters and paths are in the charset too', () => {
    const file = inFormat(
      'form',
      ['format: form', 'format: form\n  charset: iso-8859-9'],
      ["'/players/${request.userID}' }", "'/${request.userID}', query: { p: '${request.userID}' } }"],
    );

    expect(requestOf(file, { operation: 'getBalance', fields: { userID: 'ş' } }).path).toBe('/%FE?p=%FE');
  });

  test('a sign is made over the bytes that are sent', () => {
    const file = fileWithName(
      inFormat(
        'xml',
        ['format: xml', 'format: xml\n  charset: windows-1251'],
        [
          'path: /debits,',
          'path: /debits, headers: { X-Sign: \'${hmac("sha256", "k", sent.raw).hex()}\', X-Name: \'${hex(bytes(request.userID, "windows-1251"))}\' },',
        ],
      ),
    );
    const { body: bytes = Buffer.from(''), headers } = requestOf(file, { fields: { userID: 'слово' } });

    expect(Buffer.from(bytes).includes(Buffer.from([0xf1, 0xeb, 0xee, 0xe2, 0xee]))).toBe(true);
    expect(headers).toMatchObject({
      'X-Sign': createHmac('sha256', 'k').update(bytes).digest('hex'),
      'X-Name': 'f1ebeee2ee',
    });
  });

  test.each([
    ['xml', 'utf-8', 'a\u0001b', 'a value has a character that XML does not'],
    ['form', 'iso-8859-9', 'слово', 'a value has a character that ISO-8859-9 does not'],
    ['form', 'iso-8859-9', '€', 'a value has a character that ISO-8859-9 does not'],
    ['soap', 'windows-1252', 'ğ', 'a value has a character that WINDOWS-1252 does not'],
    ['xml', 'utf-8', '\ud800', 'a value has a character that XML does not'],
    ['form', 'utf-8', '\ud800', 'a value is not Unicode'],
  ])('%s in %s cannot be made of %j', (format, charset, userID, because) => {
    const file = fileWithName(inFormat(format, [`format: ${format}`, `format: ${format}\n  charset: ${charset}`]));

    expect(callOf(file, { fields: { userID } }).made).toMatchObject({ kind: 'cannot', because, result: 'wrongInput' });
  });

  /** The bet says the player's name. */
  function fileWithName(file: string): string {
    return file.replace(
      "{ bet: { ref: '${reference}' } }",
      "{ bet: { ref: '${reference}', who: '${request.userID}' } }",
    );
  }
});

describe('a reply', () => {
  const applied = 'applied: ${response.status == 200}';
  const bet = (rule: string): Change => [applied, `applied: ${rule}`];
  const funds = (rule: string): Change => ['response.body.error == "FUNDS"', rule];
  const balances = (expression: string): Change[] => [
    ['money.fromMinor(response.body.balance)', expression],
    ['money.fromMinor(response.body.balance)', expression],
    ['${response.body.id}', '${only(response.body).txId}'],
  ];

  test('in XML: the root is whatever the operation calls it', () => {
    const { answer } = callOf(
      inFormat(
        'xml',
        bet('${only(response.body).statusCode == "0"}'),
        funds('only(response.body).statusCode == "7"'),
        ...balances('money.fromMajor(only(response.body).real)'),
      ),
    );

    expect(answer(200, '<bet><real>9.00</real><statusCode>0</statusCode><txId>77</txId></bet>')).toMatchObject({
      kind: 'applied',
      receipt: '77',
    });
    expect(answer(200, '<bet><statusCode>7</statusCode></bet>')).toEqual({
      kind: 'refused',
      result: 'insufficientFunds',
      because: 'errors[0] holds (HTTP 200)',
    });
    expect(answer(200, '<bet><statusCode>0</statusCode><statusCode>7</statusCode></bet>').kind).toBe('unknown');
    expect(answer(200, '<!DOCTYPE bet><bet><statusCode>0</statusCode></bet>')).toEqual({
      kind: 'unknown',
      because: 'the body is not XML: a DOCTYPE (HTTP 200)',
    });
    expect(answer(200, '')).toMatchObject({ kind: 'unknown' });
  });

  test('in SOAP: a fault is no success, whatever its status and whatever the rule says', () => {
    const { answer } = callOf(
      inFormat(
        'soap',
        bet('${response.status in [200, 500]}'),
        funds('only(response.fault.detail).errorCode == "1"'),
        ...balances('money.fromMajor(only(response.body).balance)'),
      ),
    );
    const envelope = (inside: string) => `<S:Envelope xmlns:S="x"><S:Body>${inside}</S:Body></S:Envelope>`;
    const fault = (code: string) =>
      envelope(
        `<S:Fault><faultcode>S:Server</faultcode><detail><n:betFault xmlns:n="y"><errorCode>${code}</errorCode></n:betFault></detail></S:Fault>`,
      );

    expect(answer(200, envelope('<betResponse><balance>8.50</balance></betResponse>'))).toMatchObject({
      kind: 'applied',
    });
    for (const status of [200, 500]) {
      expect(answer(status, fault('1'))).toEqual({
        ...{ kind: 'refused', result: 'insufficientFunds' },
        because: `errors[0] holds (HTTP ${status})`,
      });
      expect(answer(status, fault('5'))).toEqual({
        kind: 'unknown',
        because: `a fault, and no rule holds (HTTP ${status})`,
      });
      expect(answer(status, envelope('<Fault/>')).kind).toBe('unknown');
    }
    expect(answer(200, '<html/>')).toEqual({
      kind: 'unknown',
      because: 'the body is not SOAP: no envelope with one Body (HTTP 200)',
    });
  });

  test('as text: taken apart by the rules', () => {
    const { answer } = callOf(
      fileWith(
        ['repeatable: always', 'repeatable: always\n  format: { request: form, response: text }'],
        bet('${response.body.split("|")[0] == "OK"}'),
        funds('split(response.text, "|")[0] == "ERR" && split(response.text, "|")[1] == "FUNDS"'),
        ['money.fromMinor(response.body.balance)', 'money.fromMajor(split(response.text, "|")[1])'],
        ['money.fromMinor(response.body.balance)', 'money.fromMajor(split(response.text, "|")[1])'],
        ['${response.body.id}', '${split(response.text, "|")[2]}'],
      ),
    );

    const because = 'errors[0] holds (HTTP 200)';
    expect(answer(200, 'OK|1250.00|TX99')).toMatchObject({ kind: 'applied', receipt: 'TX99' });
    expect(answer(200, 'OK')).toEqual({ kind: 'applied' });
    expect(answer(200, 'ERR|FUNDS')).toEqual({ kind: 'refused', result: 'insufficientFunds', because });
    expect(answer(200, 'ERR').kind).toBe('unknown');
    expect(answer(200, '').kind).toBe('unknown');
  });

  test('as a form, and in a charset in which it cannot be', () => {
    const { answer } = callOf(
      inFormat(
        'form',
        ['format: form', 'format: form\n  charset: iso-8859-7'],
        bet('${response.body.result == "OK"}'),
        funds('response.body.result in ["LOW", "-3"]'),
        ...balances('money.fromMajor(response.body.balance)'),
      ),
    );

    expect(answer(200, 'result=OK&balance=12.30')).toMatchObject({ kind: 'applied' });
    expect(answer(200, 'result=-3&balance=0')).toMatchObject({ kind: 'refused' });
    expect(answer(200, 'result=OK&result=LOW').kind).toBe('unknown');
    expect(answer(200, Buffer.from('result=OK&note=\xd2', 'latin1'))).toEqual({
      kind: 'unknown',
      because: 'the body is not a form: not ISO-8859-7 (HTTP 200)',
    });
  });

  test('one or many are one list', () => {
    const { answer } = callOf(
      inFormat(
        'xml',
        bet('${list(response.body.r.tx).exists(t, t.id == "1")}'),
        ...balances('money.fromMajor(response.body.r.b)'),
      ),
    );

    expect(answer(200, '<r><tx><id>1</id></tx></r>').kind).toBe('applied');
    expect(answer(200, '<r><tx><id>2</id></tx><tx><id>1</id></tx></r>').kind).toBe('applied');
    expect(answer(200, '<r><tx><id>2</id></tx></r>').kind).toBe('unknown');
    expect(answer(200, '<r><tx/></r>').kind).toBe('unknown');
    expect(answer(200, '<r/>').kind).toBe('unknown');
  });
});

describe('what a file may not say', () => {
  test.each<[string, string, Change[]]>([
    [
      'a number where all values are text',
      'the values of XML are text: write "0", or integer(…) around the value',
      [['response.status == 200', 'only(response.body).code == 0']],
    ],
    [
      'a number among texts',
      'the values of XML are text: write "-3", or integer(…) around the value',
      [['response.body.error == "FUNDS"', 'response.body.error in ["FUNDS", -3]']],
    ],
    [
      'true where all values are text',
      'the values of XML are text: write "true"',
      [['response.status == 200', 'response.body.bet.ok == true']],
    ],
    [
      'a fault outside of SOAP',
      'response.fault exists only where the format is soap',
      [['response.status == 200', 'response.fault.code == "1"']],
    ],
  ])('%s', (_name, message, changes) => {
    const problems = problemsOf(inFormat('xml', ...changes));

    expect(problems.length).toBeGreaterThan(0);
    expect(problems.every((problem) => problem.endsWith(message))).toBe(true);
  });

  test('a text is no number in text either, and JSON only warns', () => {
    const comparing = ['response.status == 200', 'response.body == 0'] as const;

    expect(problemsOf(inFormat('{ request: xml, response: text }', comparing)).join()).toContain(
      'the values of text are text: write "0"',
    );
    expect(problemsOf(fileWith(['response.status == 200', 'response.body.code == "0"'])).join()).toContain('warning:');
  });
});
