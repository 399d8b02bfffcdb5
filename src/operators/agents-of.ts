// The platform's identities in one file, with the keys that verify their signs and the formats of what they
// send.

import { createSecretKey, type KeyObject } from 'node:crypto';
import { didYouMean } from '../yaml/did-you-mean.js';
import type { Report } from '../yaml/diagnostics.js';
import { compileFormat } from '../protocol/formats.js';
import type { Agent } from '../protocol/agent.js';
import type { Dialect } from '../protocol/dialects/dialect.js';
import { signsAreApart } from '../protocol/sign-borders.js';
import type { OperatorFile } from './schema/operator-file.js';
import { isStandIn, sourceOf, type Surroundings } from './secrets.js';
import type { Path } from '../yaml/tree.js';

/**
 * Finds a secret by the name written at a path; reports names that are not declared. A secret that is
 * declared and not set is undefined.
 */
export type SecretAt = (path: Path, name: string) => string | undefined;

const leastKeyBytes = 16;

export function secretFinder(file: OperatorFile, values: ReadonlyMap<string, string>, report: Report): SecretAt {
  const declared = Object.keys(file.secrets);
  return (path, name) => {
    // What is written here may be the secret itself, so it is not repeated.
    if (!declared.includes(name))
      report(
        path,
        `not the name of a declared secret${didYouMean(name, declared)}; expected one of ${declared.join(', ') || '(none is declared)'}`,
      );
    return values.get(name);
  };
}

export function agentsOf(
  file: OperatorFile,
  dialect: Dialect,
  { standIns = false }: Surroundings,
  secretAt: SecretAt,
  report: Report,
): Agent[] {
  const { agents, formats } = file.platform;
  const matchers: Record<string, (text: string) => boolean> = {};
  for (const [field, pattern] of Object.entries(formats)) {
    if (pattern === undefined) continue;
    const matches = compileFormat(pattern);
    if (matches === undefined)
      report(
        ['platform', 'formats', field],
        'not a pattern that runs in linear time; expected a regular expression without look-around and back-references',
      );
    else matchers[field] = matches;
  }
  const remembersSigns = !signsAreApart(dialect, formats);
  return agents.map(({ agentID, currency, keys: names }, index) => {
    const path: Path = ['platform', 'agents', index];
    const keys: { readonly name: string; readonly key: KeyObject }[] = names.flatMap((name, at) => {
      const key = secretAt([...path, 'keys', at], name);
      if (key === undefined) return [];
      // Nobody knows the key behind a stand-in, only that one source holds one key.
      if (isStandIn(name, key)) return [{ name, key: createSecretKey(sourceOf(file.secrets[name]), 'utf8') }];
      if (Buffer.byteLength(key) < leastKeyBytes && !file.policy.risks.includes('weakKeys'))
        report(
          [...path, 'keys', at],
          `a key of fewer than ${leastKeyBytes} bytes, which can be guessed from one sign; ` +
            `expected at least ${leastKeyBytes}, or policy.risks: [weakKeys] if that is meant`,
        );
      return [{ name, key: createSecretKey(key, 'utf8') }];
    });
    if (standIns === false && keys.length === 0 && names.every((name) => file.secrets[name]?.optional === true))
      report([...path, 'keys'], 'none of these secrets is set; expected at least one that is');
    return {
      agentID,
      operator: file.operator,
      currency,
      keys: keys.map(({ key }) => key),
      keyNames: keys.map(({ name }) => name),
      dialect,
      formats: matchers,
      remembersSigns,
    };
  });
}
