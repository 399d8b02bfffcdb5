// One operator's way to the platform, as its sites use it: a body goes in, an answer comes out. A launch puts
// the player's session where the wallet's calls find it before the platform hears of it, because the game may
// call back at once; a launch that comes to nothing takes it out again, or the game that goes on would be
// played under it.

import { randomUUID } from 'node:crypto';
import type { Player } from '../domain/callback.js';
import { JournalUnavailable, type PlayerSession } from '../domain/ports.js';
import type { Asks, PlatformCall, Spoken } from '../protocol/platform-api/platform-api.js';
import { answerError, answerFailure, answerOk, type SiteAnswer } from './answer.js';
import { createAsking, type Asked, type PlatformLink, type TellPlatformCall } from './asking.js';
import type { CompiledPlatform, PlatformAgent, Site } from './compiled-platform.js';
import { createGameList, type GameList } from './game-list.js';
import { readAsk } from './read-ask.js';

/** `about`: as far as the body could be read. */
type Answered = SiteAnswer & { readonly about?: Partial<Player> };

export interface Platform {
  readonly sites: readonly Site[];
  /** Milliseconds an answer may take. */
  readonly timeout: number;
  /** Answers what a site asks. Rejects for bugs only. */
  answer(name: PlatformCall, body: Uint8Array): Promise<Answered>;
  /** Waits for calls under way. */
  close(): Promise<void>;
}

export interface PlatformPorts {
  readonly link: PlatformLink;
  /**
   * Keeps what is known of a player from this launch on. What it returns puts back what was known before,
   * unless something newer is there. Both reject with JournalUnavailable.
   */
  readonly replaceSession: (player: Player, session: PlayerSession) => Promise<() => Promise<void>>;
  readonly tell: TellPlatformCall;
}

/** What a site asked, read and found right. */
interface Wanted<Name extends PlatformCall> {
  readonly spoken: Spoken<Name>;
  readonly ask: Asks[Name];
  readonly agent: PlatformAgent;
  readonly session: string | undefined;
}

export function createPlatform(compiled: CompiledPlatform, { link, replaceSession, tell }: PlatformPorts): Platform {
  const { api, sites, timeout, gamesTtl, dialect } = compiled;
  const asking = createAsking(compiled, link, tell);
  const lists = new Map<string, () => Promise<GameList | Exclude<Asked<never>, { kind: 'told' }>>>();

  async function listGames({ spoken, ask, agent }: Wanted<'games'>): Promise<SiteAnswer> {
    const { agentID } = agent;
    const list =
      lists.get(agentID) ??
      createGameList(
        () => asking('games', spoken, ask, agent),
        gamesTtl,
        () => performance.now(),
      );
    lists.set(agentID, list);
    const listed = await list();
    if ('kind' in listed) return answerFailure(listed);
    const { games, stale, ageSeconds, because } = listed;
    const why = because === undefined ? '' : `,"because":${JSON.stringify(because)}`;
    const body = `{"stale":${stale},"ageSeconds":${ageSeconds}${why},"games":${games}}`;
    return { status: 200, body, error: 'ok', because };
  }

  async function launch({ spoken, ask, agent, session }: Wanted<'launch'>): Promise<SiteAnswer> {
    const { agentID, userID, gameID } = ask;
    let putBack: (() => Promise<void>) | undefined;
    try {
      if (session !== undefined)
        putBack = await replaceSession({ agentID, userID }, { session, gameID, currency: agent.currency });
    } catch (failure) {
      if (!(failure instanceof JournalUnavailable)) throw failure;
      return answerError(
        'journalAway',
        'the player’s session cannot be kept, so the platform was not asked; try again',
      );
    }
    let isLaunched = false;
    try {
      const asked = await asking('launch', spoken, ask, agent);
      isLaunched = asked.kind === 'told';
      return asked.kind === 'told' ? answerOk(asked.told) : answerFailure(asked);
    } finally {
      if (!isLaunched) await putBack?.().catch(() => undefined);
    }
  }

  async function grant({ spoken, ask, agent }: Wanted<'free-spins'>): Promise<SiteAnswer> {
    const asked = await asking('free-spins', spoken, ask, agent);
    return asked.kind === 'told' ? answerOk(asked.told) : answerFailure(asked, ask.freeSpinID);
  }

  /** A call whose answer is what the platform says, as it is. */
  function plain<Name extends PlatformCall>(name: Name) {
    return async ({ spoken, ask, agent }: Wanted<Name>): Promise<SiteAnswer> => {
      const asked = await asking(name, spoken, ask, agent);
      return asked.kind === 'told' ? answerOk(asked.told) : answerFailure(asked);
    };
  }

  function answering<Name extends PlatformCall>(name: Name, handle: (wanted: Wanted<Name>) => Promise<SiteAnswer>) {
    const spoken: Spoken<Name> | undefined = api.calls[name];
    return async (body: Uint8Array): Promise<Answered> => {
      if (spoken === undefined)
        return answerError('notInDialect', `the platform’s dialect ${dialect} has no such call`);
      const read = readAsk(name, spoken, body, compiled);
      if (read.kind === 'wrong') {
        const { field, message } = read;
        return answerError(
          'wrongField',
          field === '' ? message : `${field}: ${message}`,
          field === '' ? {} : { field },
        );
      }
      const { agent, forWallet } = read;
      const ask = spoken.complete?.(read.ask, { now: Date.now(), uuid: randomUUID() }) ?? read.ask;
      const about = { agentID: agent.agentID, ...('userID' in ask && { userID: ask.userID }) };
      return { ...(await handle({ spoken, ask, agent, session: forWallet.session })), about };
    };
  }

  const calls: Readonly<Record<PlatformCall, (body: Uint8Array) => Promise<Answered>>> = {
    games: answering('games', listGames),
    launch: answering('launch', launch),
    'free-spins': answering('free-spins', grant),
    'free-spin-status': answering('free-spin-status', plain('free-spin-status')),
    'free-spin-cancel': answering('free-spin-cancel', plain('free-spin-cancel')),
  };

  return { sites, timeout, answer: (name, body) => calls[name](body), close: () => link.close() };
}
