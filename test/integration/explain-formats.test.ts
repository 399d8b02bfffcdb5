// `explain` and `examples:` for wallets that do not speak JSON: what is printed is text people can read,
// without the secrets in it.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { runExplain, type ExplainOptions } from '../../src/commands/explain.js';
import { runExamples } from '../../src/commands/check/run-examples.js';
import { fileWith, problemsOf } from '../support/operator-text.js';

const directory = mkdtempSync(join(tmpdir(), 'explain-formats-'));
afterAll(() => rmSync(directory, { recursive: true }));

const env = { GSP_KEY: 'platform-test-key', WALLET_TOKEN: 'p<&>w ü' };
const body = "body: { reference: '${reference}', cents: '${request.amount.minor()}' }";
const speaking = (format: string, charset: string): string =>
  fileWith(
    ['  gsp: { env: GSP_KEY }', '  gsp: { env: GSP_KEY }\n  pin: { env: WALLET_TOKEN }'],
    ['repeatable: always', `repeatable: always\n  format: ${format}\n  charset: ${charset}`],
    ['${response.status == 200}', '${response.body.r.code == "0"}'],
    [body, "body: { bet: { pin: '${secrets.pin}', name: '${request.userID}' } }"],
    [body, "body: { win: { id: '${reference}' } }"],
    ['response.body.error == "FUNDS"', 'response.body.r.code == "7"'],
  );

function written(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

const explained = (text: string, options: Partial<ExplainOptions> = {}) =>
  runExplain(written('operator.yaml', text), 'withdraw', { env, fields: { userID: 'Işık' }, ...options });

describe('explain', () => {
  test.each([
    ['xml', '<?xml version="1.0" encoding="ISO-8859-9"?><bet><pin>‹secret:pin›</pin><name>Işık</name></bet>'],
    ['form', 'bet%5Bpin%5D=‹secret:pin›&bet%5Bname%5D=I%FE%FDk'],
    ['json', '{"bet":{"pin":"‹secret:pin›","name":"Işık"}}'],
  ])('shows a body in %s as its characters', (format, line) => {
    const { lines, exitCode } = explained(speaking(format, 'iso-8859-9'));

    expect(exitCode).toBe(0);
    expect(lines).toContain(`  ${line}`);
  });

  test('reads a reply that is given as it comes, or as a value', () => {
    const file = speaking('xml', 'iso-8859-9');
    const become = (reply: string) =>
      explained(file, { replyFile: written('reply.json', reply) }).lines.find((line) => line.startsWith('  becomes'));

    expect(become('{"status": 200, "text": "<r><code>0</code><ad>Işık</ad></r>"}')).toContain(
      'becomes outcome applied',
    );
    expect(become('{"status": 200, "body": {"r": {"code": 7}}}')).toContain('becomes outcome refused');
  });

  test('says why no wallet could send a reply', () => {
    const replyFile = written('reply.json', '{"status": 200, "text": "<r>слово</r>"}');
    const { lines, exitCode } = explained(speaking('xml', 'iso-8859-9'), { replyFile });

    expect(exitCode).toBe(1);
    expect(lines).toContain('  the wallet could not send this reply: a value has a character that ISO-8859-9 does not');
  });
});

test('examples are written in the wallet’s format, or stand as they come', () => {
  const file = `${speaking('xml', 'utf-8')}examples:
  - { operation: withdraw, reply: { status: 200, body: { r: { code: 0 } } }, expect: { outcome: applied } }
  - { operation: withdraw, reply: { status: 200, text: '<r><code>7</code></r>' }, expect: { result: insufficientFunds } }
  - { operation: withdraw, reply: { status: 200, text: '<r><code>7</code>' }, expect: { outcome: unknown } }
  - { operation: withdraw, reply: { status: 200, body: { r: { code: 7 } } }, expect: { outcome: applied } }
`;

  const problems = problemsOf(file, { env, inspect: runExamples });

  expect(problems.filter((problem) => problem.includes('examples'))).toEqual([
    expect.stringContaining('examples[3]: comes out as outcome refused; expected outcome applied'),
  ]);
});
