// The operators in use, as one value that is replaced at once: whoever begins finds all of the old or all of
// the new. What runs goes on with what it began with, so the wallet of a replaced operator is closed only
// when nobody can be using it any more.

import type { Homes } from '../domain/home.js';
import type { Observer, Operator, PlayerFacts, SharedTexts } from '../domain/ports.js';
import type { Agent } from '../protocol/agent.js';
import type { TellPlatformCall } from '../platform/asking.js';
import type { Platform } from '../platform/platform.js';
import type { BreakerState } from '../wallet/breaker.js';
import { connectPlatform, type ConnectedPlatform } from './connect-platform.js';
import type { LoadedOperator } from './operator.js';
import { createHttpWallet, type HttpWallet } from '../wallet/http-wallet.js';

interface Connected {
  readonly loaded: LoadedOperator;
  readonly operator: Operator & { readonly wallet: HttpWallet };
  readonly platform?: ConnectedPlatform;
}

function breakersOf({ operator, platform }: Connected): readonly (readonly [string, BreakerState])[] {
  return [...Object.entries(operator.wallet.breakers()), ...(platform?.breakers() ?? [])];
}

interface Version {
  readonly connected: readonly Connected[];
  readonly platforms: ReadonlyMap<string, Platform>;
  readonly byAgent: ReadonlyMap<string, { readonly agent: Agent; readonly operator: Connected['operator'] }>;
}

/** Told of breakers and calls. Never throws, never waits. */
interface Watcher extends Pick<Observer, 'walletCalled'> {
  readonly platformCalled: TellPlatformCall;
  breakerChanged(operator: string, callClass: string, state: BreakerState): void;
  /** The operator is no longer there. */
  breakerGone(operator: string, callClass: string): void;
}

const lasting = ['retention', 'giveUpAfter', 'deadline'] as const;
type Lasting = (typeof lasting)[number];

export interface OperatorSet {
  /** An agent and its operator, both of one version. */
  find(agentID: string): { readonly agent: Agent; readonly operator: Connected['operator'] } | undefined;
  names(): string[];
  agents(): Agent[];
  /** By operator, where its sites may have the platform asked. */
  platforms(): ReadonlyMap<string, Platform>;
  /** By agent: the wallet it has. */
  homes(): ReadonlyMap<string, Homes>;
  /**
   * Milliseconds: the longest of any operator since the start, because what began under it may still be
   * there.
   */
  longest(term: Lasting): number;
  /**
   * From now on these. One that is the same object as before keeps its connections, its breakers and what it
   * counts. Returns the agents nobody answers any more.
   */
  replace(loaded: readonly LoadedOperator[]): string[];
  /** Waits for calls under way, then closes all wallets, replaced ones too. */
  close(): Promise<void>;
}

/** Opens a wallet for each operator; none is called before a callback is. */
export function createOperatorSet(
  first: readonly LoadedOperator[],
  observe: Watcher,
  facts: PlayerFacts,
  texts?: SharedTexts,
): OperatorSet {
  const longest = { retention: 0, giveUpAfter: 0, deadline: 0 };
  const leaving = new Map<Connected, NodeJS.Timeout>();
  let version: Version = { connected: [], platforms: new Map(), byAgent: new Map() };

  function connect(loaded: LoadedOperator): Connected {
    const { name, terms, homes, wallet: compiled } = loaded;
    const changed = (which: string, state: BreakerState): void => {
      // The name may belong to another version by now, whose breakers are its own.
      if (version.connected.some(({ operator }) => operator.wallet === wallet))
        observe.breakerChanged(name, which, state);
    };
    const wallet = createHttpWallet(compiled, {
      name,
      now: () => Date.now(),
      facts,
      ...(texts && { texts }),
      onBreaker: (event) => changed(event.class, event.state),
      onCall: (event) => observe.walletCalled(event),
    });
    const platform =
      loaded.platform && connectPlatform(loaded.platform, wallet, changed, (event) => observe.platformCalled(event));
    const connected = { loaded, operator: { name, terms, homes, wallet }, ...(platform && { platform }) };
    for (const [which, state] of breakersOf(connected)) observe.breakerChanged(name, which, state);
    return connected;
  }

  async function close({ operator, platform }: Connected): Promise<void> {
    await Promise.all([operator.wallet.close(), platform?.close()]);
  }

  /** Whoever works with an operator does so under a lease or a deadline, which is shorter. */
  function leave(connected: Connected, isGone: boolean): void {
    const { name, terms } = connected.operator;
    const end = (): void => {
      leaving.delete(connected);
      void close(connected);
    };
    const longestWork = Math.max(terms.lease, connected.platform?.timeout ?? 0);
    leaving.set(connected, setTimeout(end, longestWork).unref());
    if (isGone) for (const [which] of breakersOf(connected)) observe.breakerGone(name, which);
  }

  function replace(loaded: readonly LoadedOperator[]): string[] {
    const before = version;
    const kept = new Map(before.connected.map((one) => [one.loaded, one]));
    const connected = loaded.map((one) => kept.get(one) ?? connect(one));
    const byAgent: Version['byAgent'] = new Map(
      connected.flatMap(({ loaded: { agents }, operator }) =>
        agents.map((agent) => [agent.agentID, { agent, operator }] as const),
      ),
    );
    for (const term of lasting) longest[term] = Math.max(longest[term], ...loaded.map(({ terms }) => terms[term]));
    const platforms = new Map(
      connected.flatMap(({ operator, platform }) => (platform ? [[operator.name, platform] as const] : [])),
    );
    version = { connected, platforms, byAgent };
    const names = new Set(loaded.map(({ name }) => name));
    for (const one of before.connected) if (!connected.includes(one)) leave(one, !names.has(one.operator.name));
    return [...before.byAgent.keys()].filter((agentID) => !byAgent.has(agentID));
  }

  replace(first);
  return {
    find: (agentID) => version.byAgent.get(agentID),
    platforms: () => version.platforms,
    names: () => version.connected.map(({ operator }) => operator.name),
    agents: () => [...version.byAgent.values()].map(({ agent }) => agent),
    homes: () => new Map([...version.byAgent].map(([agentID, { operator }]) => [agentID, operator.homes])),
    longest: (term) => longest[term],
    replace,
    async close() {
      for (const timer of leaving.values()) clearTimeout(timer);
      await Promise.all([...leaving.keys(), ...version.connected].map(close));
    },
  };
}
