// What whoever watches is told of the operators in use: names, and nothing secret.

import { walletCallKinds, type WalletCallName } from '../domain/ports.js';
import { platformCalls, type PlatformCall } from '../protocol/platform-api/platform-api.js';
import type { CompiledWallet } from '../wallet/compiled-wallet.js';
import type { Loaded } from './load.js';

interface Facts {
  readonly name: string;
  readonly fileHash: string;
  readonly preset: string | undefined;
  /** The ids of its agents. */
  readonly agents: readonly string[];
  /** The names of the keys that verify signs, of all its agents. */
  readonly keys: readonly string[];
  /** Milliseconds in which a callback is to be answered. */
  readonly deadline: number;
  /** What its wallet may be called with. */
  readonly calls: readonly WalletCallName[];
  /** What its sites may have the platform asked. */
  readonly platformCalls: readonly PlatformCall[];
}

export function factsOf({ operators, files }: Loaded): Facts[] {
  const readAs = new Map(files.map((file) => [file.operator, file]));
  return operators.map((operator) => {
    const { name, agents, terms, wallet, platform } = operator;
    const { hash = '', preset } = readAs.get(operator) ?? {};
    return {
      ...{ name, fileHash: hash, preset, deadline: terms.deadline, calls: callsOf(wallet) },
      agents: agents.map(({ agentID }) => agentID),
      keys: [...new Set(agents.flatMap(({ keyNames }) => keyNames))],
      platformCalls: platform === undefined ? [] : platformCalls,
    };
  });
}

function callsOf(wallet: CompiledWallet): WalletCallName[] {
  const kinds = walletCallKinds.filter((kind) => Object.values(wallet[kind]).length > 0);
  return [...kinds, 'balance', ...(wallet.closeRound === undefined ? [] : (['closeRound'] as const))];
}
