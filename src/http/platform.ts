// Where an operator's own sites have the platform asked. A stranger is turned away before its body is read;
// what a site says is handed on, and stands in no log and no metric, for it may hold a player's session.

import express, { Router, type Express, type NextFunction, type Request, type Response } from 'express';
import type { Monitor } from '../observe/monitor.js';
import { answerError, type SiteAnswer } from '../platform/answer.js';
import type { Platform } from '../platform/platform.js';
import { admit } from '../platform/site-keys.js';
import { platformCalls, type PlatformCall } from '../protocol/platform-api/platform-api.js';

export interface PlatformPorts {
  /** By operator, those that run now. */
  readonly platforms: () => ReadonlyMap<string, Platform>;
  readonly observe: Pick<Monitor, 'siteAnswered' | 'exception'>;
  /** False until everything is loaded, and once nothing new is begun any more. */
  readonly isReady: () => boolean;
}

const largestBody = 16 * 1024;
const pathOf: Readonly<Record<PlatformCall, string>> = {
  games: 'games',
  launch: 'launch',
  'free-spins': 'free-spins',
  'free-spin-status': 'free-spins/status',
  'free-spin-cancel': 'free-spins/cancel',
};

/** On a listener of its own. */
export function createPlatformApp(ports: PlatformPorts): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').disable('query parser');
  app.use('/platform', createPlatformRoutes(ports));
  app.use((_request, response) => send(response, answerError('unknownCall', 'there is nothing at this path')));
  return app;
}

/** POST /:operator/games and its like. */
export function createPlatformRoutes(ports: PlatformPorts): Router {
  const router = Router({ caseSensitive: true, strict: true });
  for (const call of platformCalls)
    router
      .route(`/:operator/${pathOf[call]}`)
      .post((request, response) => respond(call, request, response, ports))
      .all((_request, response) => {
        response.setHeader('Allow', 'POST');
        send(response, answerError('notPost', 'this is asked with POST'));
      });
  router.use((_error: unknown, _request: Request, response: Response, _next: NextFunction) =>
    // Its words may quote the path.
    send(response, answerError('unknownCall', 'the path cannot be read')),
  );
  return router;
}

async function respond(
  call: PlatformCall,
  request: Request<{ operator: string }>,
  response: Response,
  ports: PlatformPorts,
): Promise<void> {
  const arrived = performance.now();
  const { about, who, ...answer } = await decide(call, request, ports);
  if (answer.status === 413 || !ports.isReady()) response.shouldKeepAlive = false;
  send(response, answer);
  const { status, error, because, platformCode } = answer;
  const ms = performance.now() - arrived;
  ports.observe.siteAnswered({ call, status, error, because, platformCode, ms, ...about, ...who });
}

interface Decided extends SiteAnswer {
  readonly about?: { readonly agentID?: string | undefined; readonly userID?: string | undefined };
  readonly who?: { readonly operator: string; readonly site: string };
}

async function decide(
  call: PlatformCall,
  request: Request<{ operator: string }>,
  { platforms, observe, isReady }: PlatformPorts,
): Promise<Decided> {
  if (!isReady()) return answerError('notReady', 'the bridge is starting or ending; try again');
  const { operator: name } = request.params;
  const admitted = admit(platforms(), name, request.headers.authorization);
  if (admitted.kind === 'stranger')
    return answerError('noSiteKey', 'no key of a site of this operator; expected Authorization: Bearer wbs_…');
  if (admitted.kind === 'noOperator')
    return answerError('unknownOperator', 'no operator of this name has the platform asked');
  const who = { operator: name, site: admitted.site };
  try {
    const body = await bodyOf(request);
    if (body === undefined)
      return { ...answerError('bodyTooLarge', `the body has more than ${largestBody} bytes`), who };
    return { ...(await admitted.operator.answer(call, body)), who };
  } catch (error) {
    observe.exception('platform', error);
    return { ...answerError('exception', 'something went wrong in the bridge; its log says where'), who };
  }
}

/**
 * Undefined: it is too large, and the rest was not kept. What never arrives in full is never answered: it ends
 * with the listener's time limit, or its client's patience.
 */
function bodyOf(request: Request<{ operator: string }>): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve) => {
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= largestBody) chunks.push(chunk);
    });
    request.on('end', () => resolve(size > largestBody ? undefined : Buffer.concat(chunks)));
  });
}

function send(response: Response, { status, body }: SiteAnswer): void {
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    // A launch URL opens a game as the player.
    'Cache-Control': 'no-store',
    ...(status === 401 && { 'WWW-Authenticate': 'Bearer' }),
  });
  response.end(body);
}
