// Where a launch tells of a player's session, for whoever opens the game. A session is as good as a password:
// it is taken in and handed on, and stands in no answer, no log and no metric.

import { Router, json, type NextFunction, type Request, type Response } from 'express';
import { z } from 'zod';
import type { Player } from '../domain/callback.js';
import { JournalUnavailable, type PlayerSession } from '../domain/ports.js';

export interface SessionPorts {
  /** False: no operator has this agent. Both reject with JournalUnavailable. */
  readonly keepSession: (player: Player, session: PlayerSession) => Promise<boolean>;
  readonly forgetSession: (player: Player) => Promise<boolean>;
  /** False: nobody can say yet, or any more, whose agent it is. */
  readonly isReady: () => boolean;
}

const longestName = 200;
const text = (longest: number) => z.string().min(1).max(longest);
const Launch = z.strictObject({
  session: text(4096),
  gameID: text(200).optional(),
  currency: text(20).optional(),
});
const expected =
  'expected JSON { "session": "…", "gameID": "…", "currency": "…" }, all text, only session required, nothing else';

/** PUT and DELETE /:agentID/:userID. */
export function createSessionRoutes(ports: SessionPorts): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.put('/:agentID/:userID', json({ limit: '8kb', type: () => true, inflate: false }), (request, response) => {
    const launch = Launch.safeParse(request.body);
    if (!launch.success) {
      say(response, 400, `not a session (wrong: ${whatIsWrong(launch.error)}); ${expected}`);
      return;
    }
    const { session, gameID, currency } = launch.data;
    const known = { session, ...(gameID !== undefined && { gameID }), ...(currency !== undefined && { currency }) };
    return done(request, response, ports, (player) => ports.keepSession(player, known));
  });
  router.delete('/:agentID/:userID', (request, response) => done(request, response, ports, ports.forgetSession));
  router.use((_error: unknown, _request: Request, response: Response, _next: NextFunction) =>
    // Its words may quote the body.
    say(response, 400, `this cannot be read; ${expected}`),
  );
  return router;
}

async function done(
  { params: { agentID, userID } }: Request<{ agentID: string; userID: string }>,
  response: Response,
  { isReady }: SessionPorts,
  work: (player: Player) => Promise<boolean>,
): Promise<void> {
  try {
    if (!isReady()) say(response, 503, 'not ready');
    else if (Math.max(agentID.length, userID.length) > longestName)
      say(response, 400, `an agentID or a userID is too long; expected ${longestName} characters at most`);
    else if (await work({ agentID, userID })) response.status(204).end();
    else say(response, 404, 'no operator file names this agent');
  } catch (error) {
    if (!(error instanceof JournalUnavailable)) throw error;
    say(response, 503, 'the journal cannot be reached; try again');
  }
}

function whatIsWrong(error: z.ZodError): string {
  const paths = error.issues.flatMap(({ path, code, ...issue }) =>
    code === 'unrecognized_keys' && 'keys' in issue ? issue.keys : [path.join('.') || 'all of it'],
  );
  return [...new Set(paths)].join(', ');
}

function say(response: Response, status: number, sentence: string): void {
  response.status(status).type('text/plain').send(`${sentence}\n`);
}
