// The operator file a newcomer begins with: a JSON wallet, or one that a preset knows. The first
// is the same text as config/examples/minimal.yaml, so that there is one such file to learn from; a test
// holds the two together.

import { questionOf } from '../operators/extends.js';
import { readPreset } from '../operators/presets.js';
import { atOnce } from '../operators/turns.js';
import { find, parseYaml, type Tree } from '../yaml/tree.js';

export interface Starter {
  /** The operator's slug; names of variables and agents are made of it. */
  readonly operator: string;
  /** One of `presetNames`. */
  readonly preset?: string;
  /** Where the JSON Schema lies, as seen from the file. */
  readonly schema: string;
}

/** The text of the file. It passes `check` as soon as its environment variables are set. */
export function starterFile({ operator, preset, schema }: Starter): string {
  const variable = operator.toUpperCase().replaceAll('-', '_');
  const agentID = `${operator.toUpperCase().replaceAll('-', '')}01`;
  const names = { operator, variable, agentID };
  return `# yaml-language-server: $schema=${schema}\n${preset === undefined ? plainStarter(names) : presetStarter(preset, names)}`;
}

/** What a preset is for: the beginning of its first comment. */
export function presetTitle(preset: string): string {
  const [comment = ''] = /^(# .*\n)+/.exec(readPreset(preset).text) ?? [];
  const [title = ''] = comment.replaceAll(/^# /gm, '').replaceAll('\n', ' ').split(/[:.] /);
  return title.trim();
}

interface Names {
  readonly operator: string;
  readonly variable: string;
  readonly agentID: string;
}

function presetStarter(preset: string, { operator, variable, agentID }: Names): string {
  const { tree } = atOnce(parseYaml(readPreset(preset).text));
  const asked = (section: string, line: (name: string) => string) =>
    questionsIn(find(tree, [section])).flatMap(([name, question]) => [`  # ${question}`, `  ${name}: ${line(name)}`]);
  const settings = asked('settings', () => 'change-me');
  return [
    `# ${presetTitle(preset)}. The preset \`${preset}\` knows how it is spoken to; keys written here come before its own. Check this file`,
    '# with `wallet-bridge check FILE`, see the requests it makes with `wallet-bridge explain FILE withdraw`.',
    'version: 1',
    `operator: ${operator} # your name in logs and metrics`,
    `extends: ${preset}`,
    "platform: # GitSlotPark's side",
    '  agents:',
    `    - { agentID: ${agentID}, currency: EUR, keys: [gspKey] }`,
    'secrets: # never written here: from the environment or from a file',
    '  # the key the platform signs its callbacks with',
    `  gspKey: { env: ${variable}_GSP_KEY }`,
    ...asked('secrets', (name) => `{ env: ${variable}_${name.replaceAll(/(?=[A-Z])/g, '_').toUpperCase()} }`),
    ...(settings.length > 0 ? ['settings: # constants of your wallet', ...settings] : []),
    'wallet: # your side',
    `  baseUrl: https://wallet.${operator}.example`,
    '',
  ].join('\n');
}

/** What a preset leaves to the operator, by name. */
function questionsIn(map: Tree | undefined): [string, string][] {
  if (map?.kind !== 'map') return [];
  return [...map.entries].flatMap(([name, node]): [string, string][] => {
    const question = questionOf(node);
    return question === undefined ? [] : [[name, question]];
  });
}

function plainStarter({ operator, variable, agentID }: Names): string {
  return `# The smallest operator file: one agent, one JSON wallet, a bearer token. Check it with \`wallet-bridge check FILE\`, see the
# requests it makes with \`wallet-bridge explain FILE withdraw\`. \${…} holds an expression (CEL).
version: 1
operator: ${operator} # your name in logs and metrics
platform: # GitSlotPark's side
  agents:
    - { agentID: ${agentID}, currency: EUR, keys: [gspKey] }
secrets: # never written here: from the environment or from a file
  gspKey: { env: ${variable}_GSP_KEY }
  walletToken: { env: ${variable}_WALLET_TOKEN }
wallet: # your side
  baseUrl: https://wallet.${operator}.example
  auth: { type: bearer, token: walletToken }
  # The yes: only when this holds is money taken to have moved. Anything not understood is "unknown" and looked into.
  applied: \${response.status == 200 && response.body.ok == true}
  # May the bridge send a call again under the same reference? always: the wallet remembers refusals too;
  # successes: it remembers successes only; no: it remembers nothing, and a call without an answer needs a person.
  repeatable: successes
operations:
  getBalance:
    request: { path: /balance, body: { player: '\${request.userID}' } }
    response: { balance: '\${money.fromMajor(response.body.balance)}' }
  withdraw: # the player bets
    request:
      path: /debit
      body:
        player: \${request.userID}
        amount: \${request.amount.major()} # "12.30"; .minor() is 1230, .number() is 12.3
        reference: \${reference} # our id for this movement: the same when it is sent again
    response: { balance: '\${money.fromMajor(response.body.balance)}' }
  deposit: # the player wins
    request:
      path: /credit
      body: { player: '\${request.userID}', amount: '\${request.amount.major()}', reference: '\${reference}' }
    response: { balance: '\${money.fromMajor(response.body.balance)}' }
  rollback: inverse # a bet is undone by a credit, a win by a debit
errors: # the no: the first that holds
  - { when: '\${response.body.error == "NO_FUNDS"}', result: insufficientFunds }
  - { when: '\${response.body.error == "NO_PLAYER"}', result: userNotFound }
`;
}
