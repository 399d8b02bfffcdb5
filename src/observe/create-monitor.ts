// Tells of each thing: it counts it and logs it.

import {
  fullness,
  blindness,
  certificateWhat,
  losses,
  turnedAwayBecause,
  unmadeWhat,
  whyNotAccepted,
} from './alarm-sentences.js';
import { figuresOf } from './figures.js';
import { traceOf, type Log } from './log.js';
import { createMetrics } from './metrics.js';
import type { Monitor } from './monitor.js';

/** Milliseconds in which one alarm about a bound, or a request nobody can make, is enough: it concerns many callbacks. */
const saidAgainAfter = 60_000;
const breakerLevel = { closed: 0, halfOpen: 1, open: 2 } as const;

/** `monotonic`: milliseconds that never go back. */
export function createMonitor(log: Log, monotonic?: () => number): Monitor {
  let inFlight = 0;
  /** What the wallet did for callbacks that are not answered yet, so that it stands in their line. */
  const walletWork = new Map<string, { walletMs: number; outcome?: string }>();
  const lastSaid = new Map<string, number>();
  const metrics = createMetrics(() => inFlight, monotonic);
  // From the start, because an alert on an increase misses the first one of a series that was not there.
  for (const outcome of ['done', 'refused', 'unchanged']) metrics.reloads.inc({ outcome }, 0);
  metrics.alarms.inc({ operator: 'none' }, 0);
  for (const because of Object.keys(turnedAwayBecause)) metrics.turnedAway.inc({ because }, 0);
  /** True once a minute for each thing that may be said. */
  const isNews = (name: string): boolean => {
    const now = Date.now();
    if (now - (lastSaid.get(name) ?? -Infinity) < saidAgainAfter) return false;
    lastSaid.set(name, now);
    return true;
  };
  const workKey = (operator: string, transactionID: string): string => `${operator} ${transactionID}`;

  return {
    builtAs: (build) => metrics.build.set(build, 1),

    callbackStarted: harmless((operator, callback) => {
      inFlight += 1;
      if (callback.kind === 'getBalance') return;
      const key = workKey(operator, callback.transactionID);
      if (!walletWork.has(key)) walletWork.set(key, { walletMs: 0 });
    }),

    callbackAnswered: harmless((event) => {
      const { operation, operator = 'none', callback, status, result, ms, because, balanceMissing } = event;
      const transactionID =
        callback === undefined || callback.kind === 'getBalance' ? undefined : callback.transactionID;
      let work;
      if (callback !== undefined) inFlight -= 1;
      if (transactionID !== undefined) {
        const key = workKey(operator, transactionID);
        work = walletWork.get(key);
        walletWork.delete(key);
      }
      metrics.callbacks.inc({ operator, operation, result });
      metrics.callbackSeconds.observe({ operator, operation }, ms / 1000);
      if (balanceMissing === true) metrics.balancesMissing.inc({ operator });
      const line = {
        operator,
        operation,
        transactionID,
        userID: callback?.userID,
        result,
        httpStatus: status,
        ms: rounded(ms),
        walletMs: work?.outcome && rounded(work.walletMs),
        outcome: work?.outcome,
        because,
        balanceMissing,
      };
      if (result === 'askAgain') log.warn(line, 'callback');
      else log.info(line, 'callback');
    }),

    walletCalled: harmless((event) => {
      const { operator, call, kind, ms, because, unmade, transactionID } = event;
      metrics.walletOutcomes.inc({ operator, call, outcome: kind });
      metrics.walletSeconds.observe({ operator, call }, ms / 1000);
      const work = transactionID === undefined ? undefined : walletWork.get(workKey(operator, transactionID));
      if (work !== undefined && call !== 'balance' && call !== 'closeRound') {
        work.walletMs += ms;
        work.outcome = kind;
      }
      if (kind === 'unknown' || kind === 'notApplied')
        log.warn({ operator, call, transactionID, outcome: kind, because, ms: rounded(ms) }, 'wallet call');
      // It is most likely the same for every callback of its kind.
      if (unmade !== undefined && isNews(`${operator} ${call} ${unmade}`)) {
        metrics.alarms.inc({ operator });
        log.error({ operator, call, transactionID, because: unmade, what: unmadeWhat }, 'alarm');
      }
    }),

    turnedAway: harmless((because, address) => {
      metrics.turnedAway.inc({ because });
      // A flood fills no log. What a proxy passes on of an address may be any text.
      if (!isNews(`turned away ${because}`)) return;
      log.warn({ because, what: turnedAwayBecause[because], address: address?.slice(0, 45) }, 'turned away');
    }),

    certificateRefused: harmless((problem) => {
      metrics.alarms.inc({ operator: 'none' });
      log.error({ what: certificateWhat, because: problem }, 'alarm');
    }),

    siteAnswered: harmless(({ ms, ...event }) => {
      const { operator = 'none', site = 'none', call, status } = event;
      metrics.siteRequests.inc({ operator, site, call, status: String(status) });
      const { error, ...rest } = event;
      const line = { ...rest, operator, site, httpStatus: status, outcome: error, status: undefined, ms: rounded(ms) };
      if (status >= 500) log.warn(line, 'site request');
      else log.info(line, 'site request');
    }),

    platformCalled: harmless(({ operator, call, outcome, ms }) => {
      metrics.platformCalls.inc({ operator, call, outcome });
      if (outcome !== 'kept') metrics.platformSeconds.observe({ operator, call }, ms / 1000);
      if (outcome !== 'told') log.warn({ operator, call, outcome, ms: rounded(ms) }, 'platform call');
    }),

    unknownRolledBack: harmless(({ operator, agentID }) => metrics.unknownRollbacks.inc({ operator, agent: agentID })),

    redelivered: harmless(({ operator, operation }) => metrics.duplicates.inc({ operator, operation })),

    alarm: harmless((event) => {
      metrics.alarms.inc({ operator: event.operator });
      log.error(event, 'alarm');
    }),

    notAccepted: harmless(({ operator, because }) => {
      metrics.notAccepted.inc({ operator, because });
      if (!isNews(`${operator} ${because}`)) return;
      metrics.alarms.inc({ operator });
      log.error({ operator, because, what: whyNotAccepted[because] }, 'alarm');
    }),

    recordChanged: harmless(({ operator, transaction: t }) => {
      const { agentID, transactionID, state, goal, heldBecause } = t;
      log.info({ operator, agentID, transactionID, state, goal, heldBecause }, 'record moved');
    }),

    journalCommand: harmless((command, ms, ok) =>
      metrics.journalSeconds.observe({ command, ok: String(ok) }, ms / 1000),
    ),

    journalLost: harmless((loss) => {
      metrics.journalLost.set(loss === undefined ? 0 : 1);
      if (loss === undefined) return log.warn('Redis holds the journal again');
      metrics.alarms.inc({ operator: 'none' });
      log.error({ what: losses[loss] }, 'alarm');
    }),

    journalFull: harmless((isFull) => {
      metrics.journalFull.set(isFull ? 1 : 0);
      if (!isFull) return log.warn(fullness.again);
      metrics.alarms.inc({ operator: 'none' });
      log.error({ what: fullness.full }, 'alarm');
    }),

    breakerChanged: harmless((operator, callClass, state) => {
      metrics.breaker.set({ operator, class: callClass }, breakerLevel[state]);
      log[state === 'closed' ? 'info' : 'warn']({ operator, class: callClass, state }, 'breaker');
    }),

    breakerGone: harmless((operator, callClass) => metrics.breaker.remove({ operator, class: callClass })),

    operatorFilesRead: harmless((outcome, problems) => {
      if (outcome !== 'started') metrics.reloads.inc({ outcome });
      if (outcome === 'refused') {
        log.error({ problems }, 'operator files refused: those read before stay in use');
        return;
      }
      metrics.loaded.setToCurrentTime();
      for (const problem of problems) log.warn({ problem }, 'operator file');
      if (outcome === 'done') log.info('operator files read again and in use');
      if (outcome === 'unchanged') log.info('operator files read again: nothing changed');
    }),

    operatorFilesBroken: harmless((files, agentIDs, problems) => {
      metrics.broken.set(files);
      if (files === 0) return;
      metrics.alarms.inc({ operator: 'none' });
      log.error(
        { what: 'operator files are broken, and their agents are answered 4', files, agentIDs, problems },
        'alarm',
      );
    }),

    agentsGone: harmless((agentIDs) =>
      log.warn({ agentIDs }, 'no operator file names these agents any more: what is unfinished of theirs waits'),
    ),

    walletReplaced: harmless((agentID, records) =>
      log.warn(
        { agentID, records: records ?? 'not counted' },
        'this agent has another wallet now: what was begun with the one before is held, until wallet.formerly names its origin or a person decides',
      ),
    ),

    nobodysRecord: harmless(({ agentID, transactionID }) =>
      log.warn({ agentID, transactionID }, 'record waits: no operator file names its agent'),
    ),

    resolverLooked: harmless(() => metrics.lastLook.setToCurrentTime()),

    blind: harmless((who, since) => {
      const { blind: what, again } = blindness[who];
      if (since === undefined) return log.warn(again);
      metrics.alarms.inc({ operator: 'none' });
      log.error({ what, forSeconds: Math.floor(since.ms / 1000), because: since.because }, 'alarm');
    }),

    unfinished: harmless(({ unfinished, onTrust }) => {
      const { acceptedRecords, acceptedAmount, oldestAccepted } = metrics;
      for (const gauge of [metrics.unfinished, acceptedRecords, acceptedAmount]) gauge.reset();
      for (const { operator, state, goal, count } of unfinished)
        metrics.unfinished.set({ operator, state, goal }, count);
      for (const { operator, duty, currency, count, amount } of onTrust) {
        const labels = { operator, duty, currency };
        acceptedRecords.set(labels, count);
        // A gauge holds a float: near enough to look at, and nothing is ever reckoned with it.
        acceptedAmount.set(labels, Number(amount.toString()));
      }
      metrics.oldestUnfinished.counted(
        unfinished.flatMap(({ operator, state, goal, oldest }) =>
          oldest === undefined ? [] : [{ labels: { operator, state, goal }, ms: oldest }],
        ),
      );
      oldestAccepted.counted(
        onTrust.map(({ operator, duty, currency, oldest }) => ({
          labels: { operator, duty, currency },
          ms: oldest,
        })),
      );
      metrics.unfinishedCounted.setToCurrentTime();
    }),

    exception: harmless((where, error) => {
      metrics.exceptions.inc({ where });
      log.error({ where, ...traceOf(error) }, 'exception');
    }),

    figures: () => figuresOf(metrics),

    scrape: async () => ({ contentType: metrics.registry.contentType, text: await metrics.registry.metrics() }),
  };
}

/** To the microsecond. */
const rounded = (ms: number): number => Math.round(ms * 1000) / 1000;

function harmless<A extends unknown[]>(tell: (...args: A) => void): (...args: A) => void {
  return (...args) => {
    try {
      tell(...args);
    } catch {
      // Because a callback is on its way: a metric or a line that cannot be written is lost, and nothing
      // else.
    }
  };
}
