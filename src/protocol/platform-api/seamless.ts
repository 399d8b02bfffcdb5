// The platform's API in the dialect that is published: every call is a POST with the token in its body, and
// signed with the key that signs callbacks. A sign covers the values of the signed fields in their order.

import { writeJson } from '../../codecs/json.js';
import { signOf } from '../sign.js';
import { countIn, mapsIn, textIn, webUrlIn, without } from './members.js';
import type { Asks, Game, Members, PlatformApi, PlatformCall, PlatformRequest, Spoken } from './platform-api.js';

type Value = string | number;

/** `signed` in the order of the sign; `more` is not signed. */
function signed<Name extends PlatformCall>(
  path: string,
  fieldsOf: (ask: Asks[Name]) => {
    readonly signed: Readonly<Record<string, Value>>;
    readonly more?: Readonly<Record<string, Value>>;
  },
  read: Spoken<Name>['read'],
): Spoken<Name> {
  return {
    carries: [],
    write(ask, { token, key }): PlatformRequest {
      const { signed, more } = fieldsOf(ask);
      const sign = signOf(Object.values(signed).map(String), key);
      const body = writeJson({ apiToken: token, ...signed, ...more, sign });
      const headers = { Accept: 'application/json', 'Content-Type': 'application/json' };
      return { method: 'POST', path, headers, body: Buffer.from(body) };
    },
    read,
  };
}

const known = ['gameID', 'gameName', 'gameType', 'provider', 'thumbnail'];

function gameIn(of: Members): Game | undefined {
  const gameID = textIn(of, 'gameID');
  if (gameID === undefined) return undefined;
  const type = textIn(of, 'gameType');
  const provider = textIn(of, 'provider');
  const image = textIn(of, 'thumbnail');
  return {
    gameID,
    name: textIn(of, 'gameName') ?? gameID,
    ...(type !== undefined && { type }),
    ...(provider !== undefined && { provider }),
    images: image === undefined ? [] : [image],
    other: without(of, known),
  };
}

const statuses = ['active', 'completed', 'expired'] as const;

export const seamlessApi: PlatformApi = {
  code: 'result',
  signs: true,
  fits: {},
  calls: {
    games: signed<'games'>(
      '/gameList',
      ({ agentID }) => ({ signed: { agentID } }),
      (reply) => mapsIn(reply, 'games')?.flatMap((one) => gameIn(one) ?? []),
    ),
    launch: signed<'launch'>(
      '/userAuth',
      ({ agentID, userID, gameID, language }) => ({ signed: { agentID, userID, gameID }, more: { language } }),
      (reply) => {
        const url = webUrlIn(reply, 'gameURL');
        return url === undefined ? undefined : { url };
      },
    ),
    'free-spins': signed<'free-spins'>(
      '/assignFreeSpin',
      ({ agentID, userID, gameID, count }) => ({ signed: { agentID, userID, gameID, spinCount: count } }),
      (reply) => {
        const freeSpinID = textIn(reply, 'freeSpinID');
        return freeSpinID === undefined ? undefined : { freeSpinID };
      },
    ),
    'free-spin-status': signed<'free-spin-status'>(
      '/freeSpinStatus',
      ({ agentID, freeSpinID }) => ({ signed: { agentID, freeSpinID } }),
      (reply, { freeSpinID }) => {
        const status = statuses.find((word) => word === reply['status']);
        const total = countIn(reply, 'totalSpins');
        const used = countIn(reply, 'usedSpins');
        const remaining = countIn(reply, 'remainingSpins');
        if (status === undefined || total === undefined || used === undefined || remaining === undefined)
          return undefined;
        return { freeSpinID, status, total, used, remaining };
      },
    ),
    'free-spin-cancel': undefined,
  },
};
