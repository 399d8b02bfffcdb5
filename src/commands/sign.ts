// `sign`: what is signed of a callback, its sign, and what is wrong with a given one. It prints no key. A sign it
// does print: whoever may read the keys here could make it anyway, and it is what a callback by hand needs.

import { createSecretKey, type KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { Option, type Command } from 'commander';
import { fileText } from '../codecs/file-text.js';
import type { Operation } from '../domain/callback.js';
import type { CompiledOperator } from '../operators/compile.js';
import { loadOperators } from '../operators/load.js';
import { fetchSecrets } from '../operators/secrets.js';
import type { Agent } from '../protocol/agent.js';
import { operationOfPath } from '../protocol/dialects.js';
import { agentName } from '../protocol/dialects/dialect.js';
import { diagnose } from '../protocol/sign-clinic.js';
import { signedFields } from '../protocol/sign-clinic/suspicion.js';
import { signOf } from '../protocol/sign.js';
import { didYouMean } from '../yaml/did-you-mean.js';
import { formatOption, notPairs, pairs, type Format } from './options.js';
import { print, type Printed } from './print.js';
import { printSigned, type Signed } from './sign/print-signed.js';

const operations = [...new Set(operationOfPath.values())];

export function declareSign(program: Command): void {
  program
    .command('sign')
    .description('show what is signed of a callback and its sign, or what is wrong with a given sign')
    .requiredOption('--agent <id>', 'the agentID of the callback')
    .addOption(new Option('--operation <operation>', 'what it asks for').choices(operations).makeOptionMandatory())
    .option('--field <name=value...>', 'its fields, as they are sent', [])
    .option('--sign <sign>', 'the sign it came with: what that was made of is looked into')
    .option(
      '--operators <path>',
      'operator file, or a directory of them',
      process.env['OPERATORS_DIR'] ?? 'config/operators',
    )
    .addOption(formatOption())
    .addHelpText(
      'after',
      `
Exit code 0: printed, and a given sign matches; 1: it does not; 2: asked it wrong, or a key is not set here.
Whoever has a sign can send the callback that it is for: show it to nobody who may not.`,
    )
    .action(({ operation, field, format, ...asked }: Asked) => {
      const [wrong] = notPairs(field);
      const kind = operations.find((one) => one === operation);
      if (wrong !== undefined || kind === undefined)
        return print({ lines: [`${wrong ?? operation}: no value; expected name=value`], exitCode: 2 });
      print(runSign({ ...asked, operation: kind, fields: pairs(field), env: process.env }, format));
    });
}

interface Asked extends Omit<SignQuestion, 'operation' | 'fields' | 'env'> {
  readonly operation: string;
  readonly field: string[];
  readonly format: Format;
}

interface SignQuestion {
  readonly agent: string;
  readonly operation: Operation;
  readonly fields: Readonly<Record<string, string>>;
  /** As it came; absent: there is none to compare with. */
  readonly sign?: string;
  readonly operators: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export function runSign(question: SignQuestion, format: Format): Printed {
  const signed = signedBy(question);
  if ('because' in signed) return { lines: [signed.because], exitCode: 2 };
  return printSigned(signed, format);
}

function signedBy({ agent: agentID, operation, fields: given, sign, operators: path, env }: SignQuestion) {
  if (!existsSync(path)) return { because: `${path}: no such file; --operators takes a file or a directory` };
  const { operators, files } = loadOperators([path], { env, standIns: true });
  const keyed = operators.flatMap((operator) => operator.agents.map((agent) => withRealKeys(operator, agent, env)));
  const own = keyed.find(({ agent }) => agent.agentID === agentID);
  if (own === undefined) {
    const broken = files.length - operators.length;
    const unread = broken === 0 ? '' : `; ${broken} of its files have mistakes, see "wallet-bridge check"`;
    const known = keyed.map(({ agent }) => agent.agentID);
    return { because: `${path}: no agent ${agentID}${didYouMean(agentID, known)}${unread}` };
  }
  const { agent, keys } = own;
  if (keys.length === 0) return { because: `no key of ${agentID} is set here; expected ${own.names.join(' or ')}` };
  const members = { ...given, [agentName]: agentID };
  const shape = agent.dialect.operations[operation];
  const fields = signedFields(shape, members);
  if (typeof fields === 'string') {
    const expected = shape.signed.map(({ name }) => name).filter((name) => name !== agentName);
    return { because: `${fields} is missing or unreadable; expected --field for each of ${expected.join(', ')}` };
  }
  const values = fields.map(({ value }) => value);
  const signs = keys.map(({ name, key }) => ({ key: name, sign: signOf(values, key) }));
  const signed: Signed = {
    ...{ operator: agent.operator, agentID, operation, path: shape.path, fields },
    signs,
    ...(sign !== undefined && {
      given: {
        matches: signs.some((right) => right.sign === sign),
        suspicions: diagnose(sign, { operation, members, agent, agents: keyed.map((one) => one.agent) }) ?? [],
      },
    }),
  };
  return signed;
}

interface Keyed {
  readonly agent: Agent;
  readonly keys: readonly { readonly name: string; readonly key: KeyObject }[];
  /** Of the secrets that may be its keys. */
  readonly names: readonly string[];
}

/** With those of its keys that are set here, and nothing that stands in for others. */
function withRealKeys({ file }: CompiledOperator, agent: Agent, env: SignQuestion['env']): Keyed {
  const values = fetchSecrets(file.secrets, { env, readFile: fileText }, () => undefined);
  const names = file.platform.agents.find(({ agentID }) => agentID === agent.agentID)?.keys ?? [];
  const keys = names.flatMap((name) => {
    const value = values.get(name);
    return value === undefined ? [] : [{ name, key: createSecretKey(value, 'utf8') }];
  });
  return { agent: { ...agent, keys: keys.map(({ key }) => key) }, keys, names };
}
