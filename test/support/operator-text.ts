// Operator files for tests: a small sound one to start from, and the loader without a disk.

import { loadOperators, type Loaded, type LoadOptions } from '../../src/operators/load.js';
import type { CompiledOperator } from '../../src/operators/compile.js';
import { formatProblem } from '../../src/yaml/diagnostics.js';

export const soundFile = `version: 1
operator: sound
platform:
  agents: [{ agentID: SOUND01, currency: EUR, keys: [gsp] }]
secrets:
  gsp: { env: GSP_KEY }
wallet:
  baseUrl: https://wallet.example/api/
  applied: \${response.status == 200}
  repeatable: always
operations:
  getBalance:
    request: { method: GET, path: '/players/\${request.userID}' }
    response: { balance: '\${money.fromMinor(response.body.balance)}' }
  withdraw:
    request: { path: /debits, body: { reference: '\${reference}', cents: '\${request.amount.minor()}' } }
    response: { balance: '\${money.fromMinor(response.body.balance)}', receipt: '\${response.body.id}' }
  deposit:
    request: { path: /credits, body: { reference: '\${reference}', cents: '\${request.amount.minor()}' } }
  rollback: inverse
errors:
  - { when: '\${response.body.error == "FUNDS"}', result: insufficientFunds }
`;

export const environment = {
  GSP_KEY: 'platform-test-key',
  OTHER_GSP_KEY: 'other-platform-test-key',
  THIRD_GSP_KEY: 'third-platform-test-key',
  SHORT_GSP_KEY: 'fifteen-bytes-1',
  WALLET_TOKEN: 'wallet-token',
  BROKEN_TOKEN: 'wallet\ntoken',
};

/** The sound file with each first text replaced by the second. */
export function fileWith(...changes: readonly (readonly [string, string])[]): string {
  return changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the sound file has no ${from}`);
    return text.replace(from, () => to);
  }, soundFile);
}

/** Loads files given as text, by name. */
export function loadTexts(files: Readonly<Record<string, string>>, options: LoadOptions = {}): Loaded {
  const readFile = (path: string): string => {
    const text = files[path];
    if (text === undefined) throw new Error('no such file');
    return text;
  };
  return loadOperators(Object.keys(files), { env: environment, readFile, ...options });
}

/** The operator of a file that has no errors. */
export function operatorOf(text: string, options: LoadOptions = {}): CompiledOperator {
  const { operators, problems } = loadTexts({ 'file.yaml': text }, options);
  const [operator] = operators;
  if (operator === undefined) throw new Error(problems.map(formatProblem).join('\n'));
  return operator;
}

/** What a file's problems print as, without the file's name. */
export function problemsOf(text: string, options: LoadOptions = {}): string[] {
  const { problems } = loadTexts({ file: text }, options);
  return problems.map((problem) => formatProblem(problem).replace(/^file:/, ''));
}
