// One operator file whose shape is right, compiled: its agents, its promises, its wallet. Everything is compiled even after a
// mistake, so that one run shows them all.

import { mentions } from '../wallet/mapping-template.js';
import { credentialsOf } from '../wallet/auth/credentials.js';
import type { MappingContext, Written } from '../wallet/mapping-source.js';
import { agentsOf, secretFinder } from './agents-of.js';
import { baseUrlOf } from './base-url.js';
import type { Report } from './diagnostics.js';
import type { LoadedOperator } from './operator.js';
import { referenceOf } from './reference-of.js';
import type { OperatorFile } from './schema.js';
import { fetchSecrets, type Surroundings } from './secrets.js';
import { termsOf } from './terms-of.js';
import { undoPlans, type UndoPlans } from './undo-plans.js';
import { callsOf, type MappedWallet } from './wallet-of.js';
import { find, textsOf, type Tree } from './yaml-tree.js';

/** A loaded operator whose wallet can also explain itself. */
export interface CompiledOperator extends LoadedOperator {
  readonly wallet: MappedWallet;
  readonly file: OperatorFile;
}

/** Undefined, or incomplete, where errors were reported. */
export function compileOperator(
  file: OperatorFile,
  tree: Tree,
  surroundings: Surroundings,
  report: Report,
): CompiledOperator | undefined {
  const secrets = fetchSecrets(file.secrets, surroundings, report);
  const secretAt = secretFinder(file, secrets, report);
  const agents = agentsOf(file, secretAt, report);
  const plans = undoPlans(file, report);
  const terms = termsOf(file, plans, report);
  const baseUrl = baseUrlOf(file.wallet.baseUrl, surroundings, report);

  const names = Object.entries(file.secrets);
  const currencies = new Map(agents.map(({ agentID, currency }) => [agentID, currency]));
  const [currency, ...others] = new Set(currencies.values());
  const declared = {
    settings: file.settings,
    secrets: names.filter(([, { optional }]) => !optional).map(([name]) => name),
    optionalSecrets: names.filter(([, { optional }]) => optional).map(([name]) => name),
    vars: Object.keys(file.vars),
    ...(currency !== undefined && others.length === 0 ? { currency } : {}),
  };
  const vars = new Map(
    Object.entries(file.vars).map(([name, text]): [string, Written] => [name, { text, path: ['vars', name] }]),
  );
  const credentials = credentialsOf(file.wallet.auth, (key, name) => secretAt(['wallet', 'auth', key], name) ?? '');
  if (Object.values(credentials.headers).some((value) => /[^\t\x20-\x7e\x80-\xff]/.test(value)))
    report(
      ['wallet', 'auth'],
      'the secret holds a line break or another character a header cannot carry; expected plain text',
    );
  const reference = referenceOf(file.wallet.reference, { declared, vars, report });
  const context: MappingContext = {
    declared,
    settings: file.settings,
    secrets,
    vars,
    currencies,
    credentials,
    timeout: file.wallet.timeout,
    reference,
    report,
  };
  const calls = callsOf(file, tree, plans, context);
  reportCancelFirst(tree, plans, report);
  reportUnused(file, tree, report);
  if (calls === undefined || baseUrl === undefined) return undefined;
  const { concurrency, breaker } = file.wallet;
  return { name: file.operator, agents, terms, wallet: { baseUrl, concurrency, breaker, reference, ...calls }, file };
}

/** An undo that is sent before anybody knows whether the movement landed cannot name the wallet's own id for it. */
function reportCancelFirst(tree: Tree, plans: UndoPlans, report: Report): void {
  for (const plan of Object.values(plans)) {
    if (plan.kind !== 'mapping' || plan.mapping.cancelFirst !== 'safe') continue;
    const request = find(tree, [...plan.path, 'request']);
    if (request !== undefined && textsOf(request).some((text) => mentions(text, 'original', 'receipt')))
      report(
        [...plan.path, 'cancelFirst'],
        'safe, while the request reads original.receipt, which a movement without an answer does not have; expected original.reference there',
      );
  }
}

function reportUnused(file: OperatorFile, tree: Tree, report: Report): void {
  const texts = textsOf(tree).join('\n');
  const { auth } = file.wallet;
  const named = new Set([...file.platform.agents.flatMap(({ keys }) => keys), ...Object.values(auth)]);
  for (const name of Object.keys(file.secrets))
    if (!named.has(name) && !mentions(texts, 'secrets', name))
      report(
        ['secrets', name],
        'nothing reads this secret; expected its name in keys, in wallet.auth or as ${secrets.…}',
        { severity: 'warning', key: true },
      );
  for (const name of Object.keys(file.vars))
    if (!mentions(texts, 'vars', name))
      report(['vars', name], 'nothing reads this var; expected ${vars.…} somewhere', {
        severity: 'warning',
        key: true,
      });
}
