// The platform's games, asked for once in a while, however many sites want them. While the platform cannot
// say, the last list goes on being shown, marked as old; and the platform is left in peace for a moment, so
// that nobody waits for it in vain again and again.

import { writeJson } from '../codecs/json.js';
import type { Game } from '../protocol/platform-api/platform-api.js';
import type { Asked } from './asking.js';

export interface GameList {
  /** JSON of the list, written once. */
  readonly games: string;
  readonly stale: boolean;
  readonly ageSeconds: number;
  /** Why it is stale. */
  readonly because?: string;
}

type Refused = Exclude<Asked<never>, { kind: 'told' }>;

const pauseAfterFailure = 5_000;

interface Held {
  readonly games: string;
  readonly at: number;
}

/** `now`: monotonic milliseconds. */
export function createGameList(
  ask: () => Promise<Asked<readonly Game[]>>,
  ttl: number,
  now: () => number,
): () => Promise<GameList | Refused> {
  let held: Held | undefined;
  let failed: { readonly why: Refused; readonly at: number } | undefined;
  let refreshing: Promise<Refused | undefined> | undefined;

  async function refresh(): Promise<Refused | undefined> {
    const asked = await ask();
    if (asked.kind === 'told') {
      held = { games: writeJson(asked.told), at: now() };
      failed = undefined;
      return undefined;
    }
    failed = { why: asked, at: now() };
    return asked;
  }

  const listed = ({ games, at }: Held, because?: string): GameList => ({
    ...{ games, stale: because !== undefined, ageSeconds: Math.floor((now() - at) / 1000) },
    ...(because !== undefined && { because }),
  });

  return async () => {
    if (held !== undefined && now() - held.at < ttl) return listed(held);
    const isPausing = failed !== undefined && now() - failed.at < pauseAfterFailure;
    const why = isPausing ? failed?.why : await (refreshing ??= refresh().finally(() => (refreshing = undefined)));
    if (held !== undefined && why === undefined) return listed(held);
    if (why === undefined) throw new Error('a refreshed list that is not there');
    // Its own no is an answer: who is refused is not shown what was there before.
    return held === undefined || why.kind === 'refused' ? why : listed(held, why.because);
  };
}
