// One operator file whose shape is right, compiled: its agents, its promises, its wallet. Everything is
// compiled even after a mistake, so that one run shows them all.

import type { CallSource, MappingContext, Written } from '../mapping/source.js';
import { carried, type Credential } from '../wallet/auth/credentials.js';
import { agentsOf, secretFinder } from './agents-of.js';
import { baseUrlOf } from './base-url.js';
import { minorUnits } from './currencies.js';
import { dialectOf } from './dialect-of.js';
import type { Report } from '../yaml/diagnostics.js';
import { reportLints } from './lints/lints.js';
import { harmlessNames } from './harmless-names.js';
import { homesOf } from './homes.js';
import type { LoadedOperator } from './operator.js';
import { platformOf } from './platform-of.js';
import { referenceOf } from './reference-of.js';
import type { OperatorFile } from './schema/operator-file.js';
import { fetchSecrets, isStandIn, type Surroundings } from './secrets.js';
import { withSigningKeys } from './signing-keys.js';
import { termsOf } from './terms-of.js';
import type { Turns } from './turns.js';
import { undoPlans } from './undo-plans.js';
import { walletAccess } from './wallet-access.js';
import { callsOf, type MappedWallet } from './wallet-of.js';
import type { Tree } from '../yaml/tree.js';

/** A loaded operator whose wallet can also explain itself. */
export interface CompiledOperator extends LoadedOperator {
  readonly wallet: MappedWallet;
  /** As they are sent; they may be shown to nobody. */
  readonly credentials: readonly Credential[];
  readonly file: OperatorFile;
  /** Names of secrets that are not set, for which something else stands in. */
  readonly unset: readonly string[];
}

/** Undefined, or incomplete, where errors were reported. */
export function* compileOperator(
  file: OperatorFile,
  tree: Tree,
  surroundings: Surroundings,
  report: Report,
): Turns<CompiledOperator | undefined> {
  const fetched = fetchSecrets(file.secrets, surroundings, report);
  const secrets = yield* withSigningKeys(tree, fetched, report);
  const secretAt = secretFinder(file, secrets, report);
  const dialect = dialectOf(file.platform, report);
  const agents = agentsOf(file, dialect, surroundings, secretAt, report);
  yield;
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
    signsGameID: dialect.signsGameID,
    brings: dialect.brings,
  };
  const vars = new Map(
    Object.entries(file.vars).map(([name, text]): [string, Written] => [name, { text, path: ['vars', name] }]),
  );
  const { credentials, ...access } = walletAccess(file, baseUrl, surroundings, secretAt, report);
  yield;
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
  yield;
  const sources: CallSource[] = [];
  const calls = yield* callsOf(file, tree, plans, context, (source) => sources.push(source));
  const platform = platformOf(file, agents, calls, surroundings, secretAt, report);
  yield* reportLints({ file, dialect, tree, terms, plans, calls: sources }, report);
  if (calls === undefined || baseUrl === undefined) return undefined;
  const { concurrency, maxReply, traceparent, breaker, sessionLifetime } = file.wallet;
  return {
    name: file.operator,
    agents,
    terms,
    homes: homesOf(file, baseUrl, report),
    wallet: { baseUrl, ...access, concurrency, maxReply, traceparent, breaker, sessionLifetime, reference, ...calls },
    ...(platform && { platform }),
    credentials,
    file,
    unset: [...fetched].filter(([name, value]) => isStandIn(name, value)).map(([name]) => name),
  };
}
