// What whoever watches is told of the operators in use: names, and nothing secret.

import type { OperatorFacts } from '../domain/operator-facts.js';
import { walletCallKinds, type WalletCallName } from '../domain/ports.js';
import { platformCalls } from '../protocol/platform-api/platform-api.js';
import type { CompiledWallet } from '../wallet/compiled-wallet.js';
import type { Loaded } from './load.js';

export function factsOf({ operators, files }: Loaded): OperatorFacts[] {
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
