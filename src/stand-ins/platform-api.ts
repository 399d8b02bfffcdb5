// The platform's own API, written a second time from the platform's rules: who may ask, what is signed, what
// is granted. It verifies what the bridge sends, so it must share no code with it.
import { createHmac, randomUUID } from 'node:crypto';
import { isLosslessNumber, LosslessNumber } from 'lossless-json';
import type { JsonObject } from './json-object.js';

export interface PlatformAgent {
  readonly dialect: 'seamless' | 'v2';
  readonly agentID: string;
  readonly key: string;
  readonly token: string;
}

export interface Launch {
  readonly userID: string;
  readonly gameID: string;
}

interface Grant {
  readonly total: number;
  readonly used: number;
}

export interface ApiReply {
  readonly body: JsonObject;
  /** Where a game was launched. */
  readonly launch?: Launch;
}

/** Code 5: a player nobody knows. */
const STRANGER = 'nobody1';
const GAMES = [
  { id: '2001', name: 'Book of Ra', type: 'slots', provider: 'Novo' },
  { id: '2002', name: 'Blackjack “Classic”', type: 'table', provider: 'Evo' },
];
/** What each seamless call signs, in this order. */
const SIGNED: Readonly<Record<string, readonly string[]>> = {
  '/gameList': ['agentID'],
  '/userAuth': ['agentID', 'userID', 'gameID'],
  '/assignFreeSpin': ['agentID', 'userID', 'gameID', 'spinCount'],
  '/freeSpinStatus': ['agentID', 'freeSpinID'],
};
const LANGUAGES = ['en', 'fr', 'de', 'it', 'kr', 'tr', 'pt', 'id', 'es', 'zh', 'uk', 'ru'];

export class StandInPlatformApi {
  readonly #grants = new Map<string, Grant>();

  constructor(
    private readonly agent: PlatformAgent,
    private readonly urlOf: (launch: Launch) => string,
  ) {}

  /** Undefined: there is no such call. */
  answer(method: string, path: string, authorization: string | undefined, sent: JsonObject): ApiReply | undefined {
    return this.agent.dialect === 'seamless'
      ? this.#seamless(`${method} ${path}`, sent)
      : this.#v2(`${method} ${path}`, authorization, sent);
  }

  /** Ids of all grants there are. */
  grants(): string[] {
    return [...this.#grants.keys()];
  }

  #seamless(call: string, sent: JsonObject): ApiReply | undefined {
    const signed = SIGNED[call.replace(/^POST /, '')];
    if (!call.startsWith('POST ') || signed === undefined) return undefined;
    const no = (result: number, message: string): ApiReply => ({ body: { result, message } });
    if (sent['agentID'] !== this.agent.agentID) return no(4, 'Invalid agent');
    if (sent['apiToken'] !== this.agent.token) return no(7, 'Invalid API token');
    const values = signed.map((name) => valueOf(sent[name]));
    if (values.includes('')) return no(2, `Missing ${signed[values.indexOf('')] ?? ''}`);
    const sign = createHmac('sha256', this.agent.key).update(values.join('')).digest('hex').toUpperCase();
    if (sent['sign'] !== sign) return no(3, 'Invalid Sign');
    const [, userID = '', gameID = ''] = values;
    switch (call) {
      case 'POST /gameList':
        return {
          body: {
            result: 0,
            games: GAMES.map(({ id, name, type, provider }) => ({
              ...{ gameID: id, gameName: name, gameType: type, provider },
              ...{ thumbnail: `https://cdn.platform.example/${id}.png`, rtp: 96.5 },
            })),
          },
        };
      case 'POST /userAuth':
        if (!LANGUAGES.includes(valueOf(sent['language']))) return no(2, 'Invalid language');
        if (userID === STRANGER) return no(5, 'User not found');
        if (!isGame(gameID)) return no(2, 'Invalid gameID');
        return { body: { result: 0, gameURL: this.urlOf({ userID, gameID }) }, launch: { userID, gameID } };
      case 'POST /assignFreeSpin': {
        if (!isLosslessNumber(sent['spinCount']) || !isGame(gameID)) return no(2, 'Invalid gameID or spinCount');
        const freeSpinID = `fs_${randomUUID()}`;
        const total = Number(sent['spinCount'].value);
        this.#grants.set(freeSpinID, { total, used: Math.min(7, total) });
        return { body: { result: 0, freeSpinID } };
      }
      default: {
        const grant = this.#grants.get(userID);
        if (grant === undefined) return no(8, 'Free spin grant not found');
        const { total, used } = grant;
        return {
          body: { result: 0, status: 'active', totalSpins: total, usedSpins: used, remainingSpins: total - used },
        };
      }
    }
  }

  #v2(call: string, authorization: string | undefined, sent: JsonObject): ApiReply | undefined {
    if (!['GET /gamelist', 'POST /userAuth', 'POST /createfreegame', 'POST /cancelfreegame'].includes(call))
      return undefined;
    const no = (code: number, message: string): ApiReply => ({ body: { code, message } });
    if (authorization !== `Bearer ${this.agent.token}`) return no(7, 'Invalid API token');
    if (call === 'GET /gamelist')
      return {
        body: {
          ...{ code: 0, message: 'OK', updatetime: '2026-02-26T06:46:04.000Z' },
          data: GAMES.map(({ id, name }) => ({
            ...{ vendorid: 'pp', gameid: new LosslessNumber(id), name, symbol: `vs${id}` },
            ...{ iconurl1: `https://cdn.platform.example/${id}-1.png`, iconurl2: '' },
          })),
        },
      };
    if (sent['agentID'] !== this.agent.agentID) return no(4, 'Invalid agent');
    const userID = valueOf(sent['userID']);
    if (!/^[A-Za-z0-9]{4,48}$/.test(userID)) return no(2, 'Invalid userID');
    if (userID === STRANGER) return no(5, 'User not found');
    const game = sent['gameid'] ?? sent['gameID'];
    if (!isLosslessNumber(game) || !isGame(game.value)) return no(2, 'Unknown Game Id');
    const id = valueOf(sent['freespinID']);
    switch (call) {
      case 'POST /userAuth': {
        if (!LANGUAGES.includes(valueOf(sent['lang'])) || typeof sent['isaffiliate'] !== 'boolean')
          return no(2, 'Invalid lang or isaffiliate');
        const launch = { userID, gameID: game.value };
        return { body: { code: 0, message: 'OK', url: this.urlOf(launch) }, launch };
      }
      case 'POST /createfreegame':
        if (!isLosslessNumber(sent['freespincount']) || !isLosslessNumber(sent['betlevel']) || id === '')
          return no(2, 'Invalid freespincount, betlevel or freespinID');
        if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(valueOf(sent['expiretime'])))
          return no(2, 'Invalid expiretime');
        if (this.#grants.has(id)) return no(11, 'Duplicate freespinID');
        this.#grants.set(id, { total: Number(sent['freespincount'].value), used: 0 });
        return { body: { code: 0, message: 'OK' } };
      default:
        return this.#grants.delete(id) ? { body: { code: 0, message: '' } } : no(8, 'Free spin grant not found');
    }
  }
}

const isGame = (gameID: string): boolean => GAMES.some(({ id }) => id === gameID);

/** As it is signed; empty where it is neither a text nor a number. */
function valueOf(value: unknown): string {
  if (isLosslessNumber(value)) return value.value;
  return typeof value === 'string' ? value : '';
}
