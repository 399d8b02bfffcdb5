// What the console is handed of a running bridge.

import type { ConsolePorts, OperatorShown } from './console/ports.js';
import { createPlayground } from './playground.js';
import { isOpen, rightsIn } from './http/admin-guard.js';
import type { OperatorSet } from './operators/operator-set.js';
import { phases, type Process } from './own-process.js';
import { adminAccessOf } from './settings.js';
import { ownVersion } from './version.js';

export function consolePortsIn(own: Process, operators: () => OperatorSet): ConsolePorts {
  const { log, monitor, shown, env, settings } = own;
  const access = adminAccessOf(settings);
  return {
    version: ownVersion(),
    whyNotReady: () => phases[own.phase],
    isOpen: isOpen(access),
    rightOf: rightsIn(access),
    turnedAway: (address) => monitor.turnedAway('noToken', address),
    operators: () => (shown.journal === undefined ? [] : operatorsShown(operators())),
    journal: () => shown.journal,
    counted: () => shown.counted && { sample: shown.counted.sample, ago: performance.now() - shown.counted.at },
    figures: () => monitor.figures(),
    playground: createPlayground(() => shown.loaded, env),
    acted: (event) => log.warn(event, 'console'),
    failed: (error) => monitor.exception('console', error),
  };
}

function operatorsShown(operators: OperatorSet): OperatorShown[] {
  const shown = new Map(operators.names().map((name) => [name, { agents: [] as string[], findsByPlayer: false }]));
  for (const agentID of operators.homes().keys()) {
    const { operator } = operators.find(agentID) ?? {};
    const one = shown.get(operator?.name ?? '');
    if (operator === undefined || one === undefined) continue;
    one.agents.push(agentID);
    one.findsByPlayer = operator.terms.findByPlayer;
  }
  return [...shown].map(([name, of]) => ({ name, ...of }));
}
