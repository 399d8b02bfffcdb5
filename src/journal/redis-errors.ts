// What an error of Redis, or of the way to it, is called. Only codes leave here: the texts may repeat what was
// sent, and nobody who runs the bridge knows the client's own wording.

/**
 * What Redis may refuse a command with. Inside a script Redis before 7 words it `ERR Error running script …
 * -READONLY …`, so each is looked for anywhere.
 */
const codes = [
  'READONLY',
  'LOADING',
  'MASTERDOWN',
  'CLUSTERDOWN',
  'NOREPLICAS',
  'MISCONF',
  'OOM',
  'NOAUTH',
  'NOPERM',
  'WRONGPASS',
  'WRONGTYPE',
  'NOSCRIPT',
  'BUSY',
  'MOVED',
  'ASK',
  'TRYAGAIN',
  'CROSSSLOT',
  'UNBLOCKED',
] as const;
type RefusalCode = (typeof codes)[number];

const known = new RegExp(`(?:^|[\\s-])(${codes.join('|')})\\b`);
/** Redis before 7 says of a script's command that its user may not run it without any code. */
const notPermitted = /can't (?:run this command|access at least one of the keys)|has no permissions|ACL failure/;

/** Redis answered, and what it said is that it did not run the command. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError';
}

/** Why Redis refused; undefined where it says so with no code of these, or where it did not answer. */
export function refusalCode(error: unknown): RefusalCode | undefined {
  if (!(error instanceof Error) || !isRefusal(error)) return undefined;
  const found = known.exec(error.message)?.[1];
  return codes.find((code) => code === found) ?? (notPermitted.test(error.message) ? 'NOPERM' : undefined);
}

/** What is told of a connection nobody knows more about. */
export const lost = 'connection lost';

const ways: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ETIMEDOUT: 'connect timeout',
  ENOTFOUND: 'name not resolved',
  EAI_AGAIN: 'name not resolved',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'host unreachable',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection reset',
};
/** The client's errors have no codes, and neither has some of what a server says. */
const wordings: readonly (readonly [RegExp, string])[] = [
  [/cluster support disabled/, 'no Cluster'],
  [/No such master with that name/, 'no such master'],
  [/unknown command '?`?sentinel/i, 'no Sentinel'],
  [/Unknown RESP type/, 'no Redis'],
  [/max number of clients/, 'too many clients'],
  [/timed out|timeout/i, 'no answer in time'],
  [/isn't writeable|is closed|connection close|max retries/i, lost],
];

/** One word or a short phrase; never what was sent. */
export function reasonOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown';
  // Of a Cluster none of whose nodes would do.
  if ('lastNodeError' in error) return reasonOf(error.lastNodeError);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const message = 'message' in error && typeof error.message === 'string' ? error.message : '';
  const worded = wordings.find(([wording]) => wording.test(message))?.[1];
  if (isRefusal(error)) return refusalCode(error) ?? worded ?? 'ERR';
  return (ways[code] ?? worded ?? code) || 'unknown';
}

const cures: readonly (readonly [RegExp, string])[] = [
  [/^(?:WRONGPASS|NOAUTH)$/, 'check the user and password in REDIS_URL'],
  [/^no database/, 'name one it has at the end of REDIS_URL'],
  [/^NOPERM$/, 'allow its user what "The smallest user" in config/deploy/README.md has'],
  [/^OOM$/, 'it is full: raise its maxmemory'],
  [/^MISCONF$/, 'its log says why it cannot save what it holds: make room on its disk'],
  [/^NOREPLICAS$/, 'connect the replicas its min-replicas-to-write asks for'],
  [/^LOADING$/, 'wait until it has read its data'],
  [/^BUSY$/, 'end the script that keeps it busy: SCRIPT KILL'],
  [/^(?:CLUSTERDOWN|no whole Cluster)$/, 'check that each of its slots has a master'],
  [/^no Cluster$/, 'it is one server: name it as redis://… in REDIS_URL'],
  [/^no such master$/, 'name the master in REDIS_URL as its Sentinels do'],
  [/^no Sentinel$/, 'name Sentinels in REDIS_URL, or this server as redis://…'],
  [/^too many clients$/, 'raise its maxclients, or end clients nobody needs'],
  [/^name not resolved$/, 'check the host in REDIS_URL, and that this machine’s DNS knows it'],
  [
    /^connection (?:lost|reset)$|timeout|in time$/,
    'check that it runs, that no firewall is between, that it has room for one more client, and that rediss is written ' +
      'where it speaks TLS and nowhere else',
  ],
  [/^(?:READONLY|MASTERDOWN)$/, 'name the one that takes writes in REDIS_URL'],
  [/^(?:unknown|ERR|no Redis)$/, 'check that what answers there is Redis'],
];

/** What a person does about a reason, for the end of a sentence. */
export function cureOf(reason: string): string {
  return cures.find(([reasons]) => reasons.test(reason))?.[1] ?? 'check that it runs, and that REDIS_URL names it';
}

/** Why Redis did not do it, and what a person does about what it refused. */
export function whyNot(error: unknown): string {
  const reason = reasonOf(error);
  return isRefusal(error) ? `${reason}; ${cureOf(reason)}` : reason;
}
