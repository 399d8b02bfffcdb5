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
    return done(response, ports, () => ports.keepSession(playerIn(request), known));
  });
  router.delete('/:agentID/:userID', (request, response) =>
    done(response, ports, () => ports.forgetSession(playerIn(request))),
  );
  router.use((_error: unknown, _request: Request, response: Response, _next: NextFunction) =>
    // Its words may quote the body.
    say(response, 400, `this cannot be read; ${expected}`),
  );
  return router;
}

function playerIn({ params }: Request<{ agentID: string; userID: string }>): Player {
  return { agentID: params.agentID, userID: params.userID };
}

async function done(response: Response, { isReady }: SessionPorts, work: () => Promise<boolean>): Promise<void> {
  try {
    if (!isReady()) say(response, 503, 'not ready');
    else if (await work()) response.status(204).end();
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
