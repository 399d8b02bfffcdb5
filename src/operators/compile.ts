// One operator file whose shape is right, compiled: its agents, its promises, its wallet. Everything is compiled even after a
// mistake, so that one run shows them all.

import { mentions } from '../mapping/template.js';
import type { CallSource, MappingContext, Written } from '../mapping/source.js';
import { carried, type Credential } from '../wallet/auth/credentials.js';
import { agentsOf, secretFinder } from './agents-of.js';
import { baseUrlOf } from './base-url.js';
import { minorUnits } from './currencies.js';
import type { Report } from '../yaml/diagnostics.js';
import { reportFlows } from './lints/flow-problems.js';
import { harmlessNames } from './harmless-names.js';
import { homesOf } from './homes.js';
import type { LoadedOperator } from './operator.js';
import { referenceOf } from './reference-of.js';
import type { OperatorFile } from './schema/operator-file.js';
import { fetchSecrets, type Surroundings } from './secrets.js';
import { withSigningKeys } from './signing-keys.js';
import { termsOf } from './terms-of.js';
import { undoPlans, type UndoPlans } from './undo-plans.js';
import { reportUnsafe } from './lints/unsafe-combinations.js';
import { walletAccess } from './wallet-access.js';
import { callsOf, type MappedWallet } from './wallet-of.js';
import { find, textsOf, type Tree } from '../yaml/tree.js';

/** A loaded operator whose wallet can also explain itself. */
export interface CompiledOperator extends LoadedOperator {
  readonly wallet: MappedWallet;
  /** As they are sent; they may be shown to nobody. */
  readonly credentials: readonly Credential[];
  readonly file: OperatorFile;
}

/** Undefined, or incomplete, where errors were reported. */
export function compileOperator(
  file: OperatorFile,
  tree: Tree,
  surroundings: Surroundings,
  report: Report,
): CompiledOperator | undefined {
  const secrets = withSigningKeys(tree, fetchSecrets(file.secrets, surroundings, report), report);
  const secretAt = secretFinder(file, secrets, report);
  const agents = agentsOf(file, secretAt, report);
  const plans = undoPlans(file, report);
  const terms = termsOf(file, plans, report);
  const baseUrl = baseUrlOf(file.wallet.baseUrl, surroundings, report);

  const names = Object.entries(file.secrets);
  const unitOf = minorUnits(file, report);
  const currencies = new Map(
    agents.map(({ agentID, currency }) => [agentID, { code: currency, minorDecimals: unitOf(currency) }]),
  );
  const declared = {
    settings: file.settings,
    secrets: names.filter(([, { optional }]) => !optional).map(([name]) => name),
    optionalSecrets: names.filter(([, { optional }]) => optional).map(([name]) => name),
    vars: Object.keys(file.vars),
  };
  const vars = new Map(
    Object.entries(file.vars).map(([name, text]): [string, Written] => [name, { text, path: ['vars', name] }]),
  );
  const { credentials, ...access } = walletAccess(file, baseUrl, surroundings, secretAt, report);
  const reference = referenceOf(file.wallet.reference, { declared, vars, report, harmless: new Set() });
  const context: MappingContext = {
    declared,
    settings: file.settings,
    secrets,
    vars,
    currencies,
    credentials: carried(credentials),
    charset: file.wallet.charset,
    timeout: file.wallet.timeout,
    reference,
    harmless: harmlessNames(file, declared),
    report,
  };
  const sources: CallSource[] = [];
  const calls = callsOf(file, tree, plans, context, (source) => sources.push(source));
  reportUnsafe({ file, tree, terms, calls: sources }, report);
  reportCancelFirst(tree, plans, report);
  reportFlows(file, plans, report);
  reportUnused(file, tree, report);
  if (calls === undefined || baseUrl === undefined) return undefined;
  const { concurrency, breaker, sessionLifetime } = file.wallet;
  return {
    name: file.operator,
    agents,
    terms,
    homes: homesOf(file, baseUrl, report),
    wallet: { baseUrl, ...access, concurrency, breaker, sessionLifetime, reference, ...calls },
    credentials,
    file,
  };
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
  const { auth, tls = {} } = file.wallet;
  const named = new Set<unknown>([
    ...file.platform.agents.flatMap(({ keys }) => keys),
    ...Object.values(auth),
    ...Object.values(tls),
  ]);
  for (const name of Object.keys(file.secrets))
    if (!named.has(name) && !mentions(texts, 'secrets', name))
      report(
        ['secrets', name],
        'nothing reads this secret; expected its name in keys, in wallet.auth, in wallet.tls or as ${secrets.…}',
        { severity: 'warning', key: true },
      );
  for (const name of Object.keys(file.vars))
    if (!mentions(texts, 'vars', name))
      report(['vars', name], 'nothing reads this var; expected ${vars.…} somewhere', {
        severity: 'warning',
        key: true,
      });
}
