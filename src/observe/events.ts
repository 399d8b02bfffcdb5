// Every kind of line the log may have, and what may stand in it: a closed list, so that whoever reads lines by a
// machine can rely on it. The compiler holds each call of the log to it, and a test the page that shows it.

/** `line` is the text for people (`msg`); what stands beside `event`, time and level are the `fields`. */
export const events = {
  starting: { line: 'starting', fields: ['version', 'node'] },
  ready: { line: 'ready', fields: ['port', 'adminPort', 'platformPort', 'basePath', 'operators'] },
  stopping: { line: 'stopping', fields: ['drainDelay'] },
  stopped: { line: 'stopped', fields: ['callbacks', 'records', 'ms'] },
  callback: {
    line: 'callback',
    fields: [
      'operator',
      'operation',
      'agentID',
      'transactionID',
      'userID',
      'result',
      'code',
      'httpStatus',
      'ms',
      'walletMs',
      'outcome',
      'because',
      'balanceMissing',
      'address',
      'suspicions',
      'what',
      'traceID',
    ],
  },
  walletCall: {
    line: 'wallet call',
    fields: ['operator', 'call', 'agentID', 'transactionID', 'outcome', 'cause', 'because', 'ms', 'traceID'],
  },
  recordMoved: {
    line: 'record moved',
    fields: ['operator', 'agentID', 'transactionID', 'state', 'goal', 'heldBecause'],
  },
  recordWaits: { line: 'record waits', fields: ['agentID', 'transactionID', 'what'] },
  alarm: {
    line: 'alarm',
    fields: [
      'kind',
      'operator',
      'agentID',
      'transactionID',
      'what',
      'because',
      'call',
      'forSeconds',
      'files',
      'agentIDs',
      'problems',
    ],
  },
  breaker: { line: 'breaker', fields: ['operator', 'class', 'state'] },
  siteRequest: {
    line: 'site request',
    fields: ['operator', 'site', 'call', 'agentID', 'userID', 'httpStatus', 'outcome', 'platformCode', 'because', 'ms'],
  },
  platformCall: { line: 'platform call', fields: ['operator', 'call', 'outcome', 'ms'] },
  turnedAway: { line: 'turned away', fields: ['because', 'what', 'address'] },
  redis: { line: 'redis', fields: ['what', 'trouble', 'problem'] },
  sight: { line: 'sight', fields: ['what'] },
  operatorFiles: { line: 'operator files', fields: ['what', 'problems'] },
  operatorFile: { line: 'operator file', fields: ['problem'] },
  agentsGone: { line: 'agents gone', fields: ['agentIDs', 'what'] },
  walletReplaced: { line: 'wallet replaced', fields: ['agentID', 'records', 'what'] },
  settings: { line: 'settings', fields: ['what', 'operators'] },
  console: {
    line: 'console',
    fields: ['who', 'what', 'operator', 'agentID', 'transactionID', 'reason', 'outcome'],
  },
  exception: { line: 'exception', fields: ['where', 'error', 'at'] },
} as const satisfies Readonly<Record<string, { readonly line: string; readonly fields: readonly string[] }>>;

type Event = keyof typeof events;
export type Line = (typeof events)[Event]['line'];
type EventOf<L extends Line> = { [E in Event]: (typeof events)[E]['line'] extends L ? E : never }[Event];
/** What a line may say; whoever is not there is left out of it. */
export type Fields<L extends Line> = {
  readonly [Name in (typeof events)[EventOf<L>]['fields'][number]]?: unknown;
};

/** The name of each line's event. */
export const eventOf: ReadonlyMap<string, string> = new Map(
  Object.entries(events).map(([event, { line }]) => [line, event]),
);
