// `platform.api` of an operator file, compiled: where the platform is asked, as whom, and by which sites.

import { createSecretKey } from 'node:crypto';
import { platformApis } from '../protocol/platform-apis.js';
import type { Agent } from '../protocol/agent.js';
import type { CompiledPlatform, PlatformAgent, Site } from '../platform/compiled-platform.js';
import { hashPrefix } from '../platform/site-keys.js';
import type { CompiledWallet } from '../wallet/compiled-wallet.js';
import type { Report } from '../yaml/diagnostics.js';
import type { SecretAt } from './agents-of.js';
import { urlOf } from './base-url.js';
import type { OperatorFile } from './schema/operator-file.js';
import type { Surroundings } from './secrets.js';

type PlatformFile = NonNullable<OperatorFile['platform']['api']>;

const path = ['platform', 'api'];

/** Undefined where the file has no such part, or where something in it is wrong, which was then reported. */
export function platformOf(
  file: OperatorFile,
  agents: readonly Agent[],
  calls: Pick<CompiledWallet, 'balance' | 'send' | 'freeSpin'> | undefined,
  surroundings: Surroundings,
  secretAt: SecretAt,
  report: Report,
): CompiledPlatform | undefined {
  const { api: written, dialect } = file.platform;
  if (written === undefined) {
    for (const [index, { apiToken }] of file.platform.agents.entries())
      if (apiToken !== undefined)
        report(['platform', 'agents', index, 'apiToken'], 'nothing asks the platform; expected platform.api beside it');
    return undefined;
  }
  const api = platformApis[dialect];
  const baseUrl = urlOf([...path, 'baseUrl'], written.baseUrl, 'platform', surroundings, report);
  if (baseUrl !== undefined && baseUrl.search !== '')
    report([...path, 'baseUrl'], 'a query in the URL; expected it without');
  if (written.key !== undefined && !api.signs)
    report([...path, 'key'], `nothing is signed in dialect ${dialect}; expected it left out`, { severity: 'warning' });
  const sites = sitesOf(written, report);
  const asking = agents.flatMap((agent, index) => agentOf(file, written, agent, index, secretAt, report) ?? []);
  if (baseUrl === undefined || asking.length < agents.length) return undefined;
  const { timeout, gamesTtl, concurrency, breaker } = written;
  const reads = calls && [calls.balance, calls.freeSpin, ...Object.values(calls.send)];
  const needsSession = reads?.some((call) => call?.needs?.player === true) ?? false;
  return {
    ...{ operator: file.operator, dialect, api, baseUrl, agents: asking, sites },
    ...{ timeout, gamesTtl, concurrency, breaker, needsSession },
  };
}

function agentOf(
  file: OperatorFile,
  written: PlatformFile,
  agent: Agent,
  index: number,
  secretAt: SecretAt,
  report: Report,
): PlatformAgent | undefined {
  const { apiToken, keys = [] } = file.platform.agents[index] ?? {};
  const agentPath = ['platform', 'agents', index];
  const [tokenPath, tokenName] =
    apiToken === undefined ? [[...path, 'token'], written.token] : [[...agentPath, 'apiToken'], apiToken];
  if (tokenName === undefined) {
    report(
      path,
      `missing: token, and agent ${agent.agentID} has no apiToken; expected the name of a secret in one of the two`,
    );
    return undefined;
  }
  const token = secretAt(tokenPath, tokenName);
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token))
    report(
      tokenPath,
      'the secret holds a space, a line break or another character a token cannot have; expected plain text',
    );
  const key =
    written.key === undefined
      ? keys.map((name, at) => secretAt([...agentPath, 'keys', at], name)).find((value) => value !== undefined)
      : secretAt([...path, 'key'], written.key);
  if (token === undefined || key === undefined) return undefined;
  return {
    agentID: agent.agentID,
    currency: agent.currency,
    fitsUserID: (userID) => agent.formats['userID']?.(userID) ?? true,
    asker: { token, key: createSecretKey(key, 'utf8') },
    hidden: [token, key],
  };
}

function sitesOf({ sites }: PlatformFile, report: Report): Site[] {
  const names = new Set<string>();
  const hashes = new Set<string>();
  return sites.map(({ name, keyHashes }, index) => {
    if (names.has(name)) report([...path, 'sites', index, 'name'], 'names another site, too; expected each only once');
    names.add(name);
    for (const [at, keyHash] of keyHashes.entries()) {
      if (hashes.has(keyHash))
        report(
          [...path, 'sites', index, 'keyHashes', at],
          'the hash of another key here, too; expected a key for each',
        );
      hashes.add(keyHash);
    }
    return { name, keyHashes: keyHashes.map((hash) => Buffer.from(hash.slice(hashPrefix.length), 'hex')) };
  });
}
