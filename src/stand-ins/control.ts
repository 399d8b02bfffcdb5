// What a test or the demo may ask of the stand-in wallet behind the back of its caller: queue faults, see the
// calls, open accounts. Must never move money.
import { isLosslessNumber, LosslessNumber } from 'lossless-json';
import { readCents } from './cents.js';
import { isJsonObject, type JsonObject } from './json-object.js';
import { walletError, type StandInAccounts, type WalletReply } from './accounts.js';
import { isFaultName, type FaultMatch, type QueuedFault, type WalletCall } from './faults.js';

export interface Watched {
  readonly accounts: StandInAccounts;
  readonly faults: QueuedFault[];
  readonly calls: WalletCall[];
}

const BAD_REQUEST = walletError(400, 'BAD_REQUEST');
const MATCH_KEYS = ['method', 'pathIncludes', 'reference', 'player'];

/** Answers one call under /control; `segments` are the unescaped parts of the path after it. */
export function control(
  watched: Watched,
  method: string,
  [what = '', id = '']: readonly string[],
  body: JsonObject | null,
): WalletReply {
  const routes: Record<string, () => WalletReply> = {
    'GET calls': () => ({ status: 200, body: { calls: watched.calls } }),
    'GET balance': () => {
      const balanceMinor = watched.accounts.balance(id);
      return balanceMinor === undefined ? walletError(404, 'NO_PLAYER') : { status: 200, body: { balanceMinor } };
    },
    'POST players': () => openAccounts(watched.accounts, body),
    'POST faults': () => queueFault(watched.faults, body),
    'DELETE faults': () => {
      watched.faults.length = 0;
      return { status: 200, body: {} };
    },
  };
  const name = `${method} ${what}`;
  const route = Object.hasOwn(routes, name) ? routes[name] : undefined;
  return route === undefined ? walletError(404, 'NO_SUCH_API') : route();
}

/** Opens every account named in the body, or none when one of the balances cannot be read. */
function openAccounts(accounts: StandInAccounts, body: JsonObject | null): WalletReply {
  const opened: string[] = [];
  const wanted = Object.entries(body ?? {}).map(([player, balance]) => ({ player, cents: readCents(balance) }));
  if (wanted.some(({ cents }) => cents === null || cents < 0n)) return BAD_REQUEST;
  for (const { player, cents } of wanted) if (cents !== null && accounts.open(player, cents)) opened.push(player);
  return { status: 200, body: { opened } };
}

function queueFault(faults: QueuedFault[], body: JsonObject | null): WalletReply {
  const match = body?.['match'] ?? {};
  const fault = body?.['fault'];
  const times = count(body?.['times'] ?? new LosslessNumber('1'));
  const ms = count(body?.['ms'] ?? new LosslessNumber('0'));
  const lasts = body?.['lasts'] === undefined ? undefined : count(body['lasts']);
  // A misspelt fault or match must not turn into a healthy wallet, nor into a fault for every call.
  if (!isFaultMatch(match) || !isFaultName(fault) || times === null || times === 0 || ms === null || lasts === null)
    return BAD_REQUEST;
  faults.push({ match, fault, times, ms, ...(lasts !== undefined && { lasts }) });
  return { status: 201, body: {} };
}

function isFaultMatch(value: unknown): value is FaultMatch {
  return (
    isJsonObject(value) &&
    Object.entries(value).every(([key, wanted]) => MATCH_KEYS.includes(key) && typeof wanted === 'string')
  );
}

function count(value: unknown): number | null {
  return isLosslessNumber(value) && /^\d{1,9}$/.test(value.value) ? Number(value.value) : null;
}
