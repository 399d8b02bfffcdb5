// Tells of each thing: it counts it and logs it. Longer than other files, because what is counted and what is
// logged of one thing stand beside one another.

import type { OperatorAlarm, ProcessAlarm } from '../domain/alarms.js';
import {
  agentsGoneWhat,
  fullness,
  blindness,
  certificateWhat,
  losses,
  nobodysRecordWhat,
  turnedAwayBecause,
  unmadeWhat,
  walletReplacedWhat,
  whyNotAccepted,
} from './alarm-sentences.js';
import { figuresOf } from './figures.js';
import { traceOf, type Log } from './log.js';
import { countFromZero, countProcessFromZero } from './from-zero.js';
import { callbackSeconds, createMetrics } from './metrics.js';
import type { Monitor } from './monitor.js';
import { asOpenMetrics, keepExemplars, openMetricsType } from './open-metrics.js';
import { showSample } from './show-sample.js';

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
  countProcessFromZero(metrics);
  const slowest = {
    callbacks: keepExemplars('wallet_bridge_callback_duration_seconds', ['operator', 'operation'], callbackSeconds),
    calls: keepExemplars('wallet_bridge_wallet_call_duration_seconds', ['operator', 'call'], callbackSeconds),
  };
  /** By operator: the milliseconds a callback of it may take. */
  let deadlines: ReadonlyMap<string, number> = new Map();
  /** True once a minute for each thing that may be said. */
  const isNews = (name: string): boolean => {
    const now = Date.now();
    if (now - (lastSaid.get(name) ?? -Infinity) < saidAgainAfter) return false;
    lastSaid.set(name, now);
    return true;
  };
  /** The one way to an alarm: what is counted and what is logged have the same kind. */
  const alarm = (kind: OperatorAlarm | ProcessAlarm, operator: string, line: object): void => {
    metrics.alarms.inc({ operator, kind });
    log.error({ kind, ...(operator !== 'none' && { operator }), ...line }, 'alarm');
  };
  const workKey = (operator: string, transactionID: string): string => `${operator} ${transactionID}`;

  return {
    builtAs: (build) => metrics.build.set(build, 1),

    operatorsInUse: harmless((operators) => {
      metrics.operatorInfo.reset();
      for (const one of operators) {
        const { name: operator, fileHash, preset = 'none' } = one;
        metrics.operatorInfo.set({ operator, file_hash: fileHash, preset }, 1);
        countFromZero(metrics, one);
      }
      deadlines = new Map(operators.map(({ name, deadline }) => [name, deadline]));
    }),

    callbackStarted: harmless((operator, callback, signedWith) => {
      inFlight += 1;
      metrics.verifiedSigns.inc({ operator, key: signedWith });
      if (callback.kind === 'getBalance') return;
      const key = workKey(operator, callback.transactionID);
      if (!walletWork.has(key)) walletWork.set(key, { walletMs: 0 });
    }),

    callbackAnswered: harmless((event) => {
      const { operation, operator = 'none', callback, claims, status, result, ms, because, balanceMissing } = event;
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
      if (transactionID !== undefined) slowest.callbacks.note(operator, operation, ms / 1000, transactionID);
      if (callback !== undefined && ms > (deadlines.get(operator) ?? Infinity))
        metrics.lateAnswers.inc({ operator, operation });
      if (balanceMissing === true) metrics.balancesMissing.inc({ operator });
      const line = {
        operator,
        operation,
        agentID: (callback ?? claims)?.agentID,
        transactionID: transactionID ?? claims?.transactionID,
        userID: (callback ?? claims)?.userID,
        address: claims?.address,
        result,
        code: event.code,
        httpStatus: status,
        ms: rounded(ms),
        walletMs: work?.outcome && rounded(work.walletMs),
        outcome: work?.outcome,
        because,
        balanceMissing,
        suspicions: event.clinic?.suspicions,
        what: event.clinic?.what,
        traceID: event.traceID,
      };
      if (result === 'askAgain') log.warn(line, 'callback');
      else log.info(line, 'callback');
    }),

    walletCalled: harmless((event) => {
      const { operator, call, kind, ms, because, cause, unmade, agentID, transactionID, traceID } = event;
      metrics.walletOutcomes.inc({ operator, call, outcome: kind });
      metrics.walletSeconds.observe({ operator, call }, ms / 1000);
      if (transactionID !== undefined) slowest.calls.note(operator, call, ms / 1000, transactionID);
      if (cause !== undefined) metrics.unclearCalls.inc({ operator, outcome: kind, cause });
      const work = transactionID === undefined ? undefined : walletWork.get(workKey(operator, transactionID));
      if (work !== undefined && call !== 'balance' && call !== 'closeRound') {
        work.walletMs += ms;
        work.outcome = kind;
      }
      const line = { operator, call, agentID, transactionID, outcome: kind, cause, because, ms: rounded(ms), traceID };
      if (kind === 'unknown' || kind === 'notApplied') log.warn(line, 'wallet call');
      else log.debug(line, 'wallet call');
      // It is most likely the same for every callback of its kind.
      if (unmade !== undefined && isNews(`${operator} ${call} ${unmade}`))
        alarm('noRequest', operator, { call, agentID, transactionID, because: unmade, what: unmadeWhat });
    }),

    turnedAway: harmless((because, address) => {
      metrics.turnedAway.inc({ because });
      // A flood fills no log. What a proxy passes on of an address may be any text.
      if (!isNews(`turned away ${because}`)) return;
      log.warn({ because, what: turnedAwayBecause[because], address: address?.slice(0, 45) }, 'turned away');
    }),

    certificateRefused: harmless((problem) =>
      alarm('certificate', 'none', { what: certificateWhat, because: problem }),
    ),

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

    alarm: harmless(({ kind, operator, ...about }) => alarm(kind, operator, about)),

    notAccepted: harmless(({ operator, because }) => {
      metrics.notAccepted.inc({ operator, because });
      const { kind, what } = whyNotAccepted[because];
      if (isNews(`${operator} ${because}`)) alarm(kind, operator, { because, what });
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
      if (loss === undefined) return log.warn({ what: 'Redis holds the journal again' }, 'redis');
      alarm('journalLost', 'none', { what: losses[loss] });
    }),

    journalFull: harmless((isFull) => {
      metrics.journalFull.set(isFull ? 1 : 0);
      if (!isFull) return log.warn({ what: fullness.again }, 'redis');
      alarm('journalFull', 'none', { what: fullness.full });
    }),

    claimUnlisted: harmless(() => metrics.unlisted.inc()),

    breakerChanged: harmless((operator, callClass, state) => {
      metrics.breaker.set({ operator, class: callClass }, breakerLevel[state]);
      log[state === 'closed' ? 'info' : 'warn']({ operator, class: callClass, state }, 'breaker');
    }),

    breakerGone: harmless((operator, callClass) => metrics.breaker.remove({ operator, class: callClass })),

    operatorFilesRead: harmless((outcome, problems) => {
      if (outcome !== 'started') metrics.reloads.inc({ outcome });
      if (outcome === 'refused') {
        log.error({ what: 'refused: those read before stay in use', problems }, 'operator files');
        return;
      }
      metrics.loaded.setToCurrentTime();
      for (const problem of problems) log.warn({ problem }, 'operator file');
      if (outcome === 'done') log.info({ what: 'read again and in use' }, 'operator files');
      if (outcome === 'unchanged') log.info({ what: 'read again: nothing changed' }, 'operator files');
    }),

    operatorFilesBroken: harmless((files, agentIDs, problems) => {
      metrics.broken.set(files);
      if (files === 0) return;
      const what = 'operator files are broken, and their agents are answered 4';
      alarm('filesBroken', 'none', { what, files, agentIDs, problems });
    }),

    agentsGone: harmless((agentIDs) => log.warn({ agentIDs, what: agentsGoneWhat }, 'agents gone')),

    walletReplaced: harmless((agentID, records) =>
      log.warn({ agentID, records: records ?? 'not counted', what: walletReplacedWhat }, 'wallet replaced'),
    ),

    nobodysRecord: harmless(({ agentID, transactionID }) =>
      log.warn({ agentID, transactionID, what: nobodysRecordWhat }, 'record waits'),
    ),

    resolverLooked: harmless(() => metrics.lastLook.setToCurrentTime()),

    blind: harmless((who, since) => {
      const { blind: what, again } = blindness[who];
      if (since === undefined) return log.warn({ what: again }, 'sight');
      alarm('blind', 'none', { what, forSeconds: Math.floor(since.ms / 1000), because: since.because });
    }),

    unfinished: harmless((now) => showSample(metrics, now)),

    exception: harmless((where, error) => {
      metrics.exceptions.inc({ where });
      log.error({ where, ...traceOf(error) }, 'exception');
    }),

    figures: () => figuresOf(metrics),

    scrape: async (openMetrics = false) => {
      const text = await metrics.registry.metrics();
      return openMetrics
        ? { contentType: openMetricsType, text: asOpenMetrics(text, Object.values(slowest)) }
        : { contentType: metrics.registry.contentType, text };
    },
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
