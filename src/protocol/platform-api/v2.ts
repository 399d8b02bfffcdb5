// The platform's API in dialect v2: a bearer token says who is asking, and nothing is signed. Free spins have
// an id that we choose, so a grant may be asked for again under the same one. Game ids are whole numbers.

import { writeJson } from '../../codecs/json.js';
import { mapsIn, textIn, webUrlIn, without } from './members.js';
import type { Asks, Game, Members, PlatformApi, PlatformCall, PlatformRequest, Spoken } from './platform-api.js';

/** Without fields: a GET. */
function withBearer<Name extends PlatformCall>(
  path: string,
  fieldsOf: ((ask: Asks[Name]) => Readonly<Record<string, unknown>>) | undefined,
  rest: Omit<Spoken<Name>, 'write'>,
): Spoken<Name> {
  return {
    ...rest,
    write(ask, { token }): PlatformRequest {
      const headers = { Accept: 'application/json', Authorization: `Bearer ${token}` };
      if (fieldsOf === undefined) return { method: 'GET', path, headers };
      // A field that is left out is not sent as null.
      const fields = Object.entries(fieldsOf(ask)).filter(([, value]) => value !== undefined);
      const body = Buffer.from(writeJson(Object.fromEntries(fields)));
      return { method: 'POST', path, headers: { ...headers, 'Content-Type': 'application/json' }, body };
    },
  };
}

const icons = ['iconurl1', 'iconurl2', 'iconurl3'];

function gameIn(of: Members): Game | undefined {
  const gameID = textIn(of, 'gameid');
  if (gameID === undefined) return undefined;
  const provider = textIn(of, 'vendorid');
  return {
    gameID,
    name: textIn(of, 'name') ?? gameID,
    ...(provider !== undefined && { provider }),
    images: icons.flatMap((icon) => textIn(of, icon) ?? []),
    other: without(of, ['gameid', 'vendorid', 'name', ...icons]),
  };
}

/** The least bet there is, and a week: what a grant is given that does not say. */
const usualBetLevel = 1;
const usualLife = 7 * 86_400_000;

export const v2Api: PlatformApi = {
  code: 'code',
  signs: false,
  fits: {
    userID: { pattern: /^[A-Za-z0-9]{4,48}$/, expected: '4 to 48 letters and digits' },
    gameID: { pattern: /^(0|[1-9]\d{0,17})$/, expected: 'a whole number' },
    freeSpinID: { pattern: /^.{1,36}$/u, expected: '36 characters at most' },
  },
  calls: {
    games: withBearer<'games'>('/gamelist', undefined, {
      carries: [],
      read: (reply) => mapsIn(reply, 'data')?.flatMap((one) => gameIn(one) ?? []),
    }),
    launch: withBearer<'launch'>(
      '/userAuth',
      ({ agentID, userID, gameID, language, lobbyUrl, affiliate = false }) => ({
        ...{ agentID, userID, gameid: BigInt(gameID), lang: language, lobbyUrl, isaffiliate: affiliate },
      }),
      {
        carries: ['lobbyUrl', 'affiliate'],
        read: (reply) => {
          const url = webUrlIn(reply, 'url');
          return url === undefined ? undefined : { url };
        },
      },
    ),
    'free-spins': withBearer<'free-spins'>(
      '/createfreegame',
      ({ agentID, userID, gameID, count, betLevel, expires, freeSpinID }) => ({
        ...{ agentID, userID, gameID: BigInt(gameID), betlevel: betLevel, freespincount: count },
        ...{ expiretime: expires, freespinID: freeSpinID },
      }),
      {
        carries: ['betLevel', 'expires', 'freeSpinID'],
        complete: ({ betLevel, expires, freeSpinID, ...ask }, { now, uuid }) => ({
          ...ask,
          betLevel: betLevel ?? usualBetLevel,
          expires: expires ?? new Date(now + usualLife).toISOString(),
          freeSpinID: freeSpinID ?? uuid,
        }),
        read: (_reply, { freeSpinID, betLevel, expires }) =>
          freeSpinID === undefined ? undefined : { freeSpinID, betLevel, expires },
      },
    ),
    'free-spin-status': undefined,
    'free-spin-cancel': withBearer<'free-spin-cancel'>(
      '/cancelfreegame',
      ({ agentID, userID, gameID, freeSpinID }) => ({
        ...{ agentID, userID, gameID: BigInt(gameID), freespinID: freeSpinID },
      }),
      { carries: [], read: (_reply, { freeSpinID }) => ({ freeSpinID, cancelled: true }) },
    ),
  },
};
