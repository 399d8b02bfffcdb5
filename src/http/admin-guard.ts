// Who may use the admin port: whoever has a token, once there are tokens. On this machine's own address the name
// it is asked by counts, too: a page in somebody's browser can have its own name lead to 127.0.0.1, and would
// then be let in as that person.

import { timingSafeEqual } from 'node:crypto';
import type { RequestHandler, Response } from 'express';
import type { Monitor } from '../observe/monitor.js';
import { bearerIn, hashOf } from '../platform/site-keys.js';
import { isLoopback } from './addresses.js';

export interface AdminAccess {
  /** The token that opens everything, and the one that opens what can be looked at; without any, all is open. */
  readonly token?: string | undefined;
  readonly viewerToken?: string | undefined;
  /** The names it may be asked by, besides those of this machine; absent: by any. */
  readonly names?: readonly string[] | undefined;
}

/** Whether only this machine reaches the port, or only who has a token gets further. */
export const isGuarded = (host: string, { token, viewerToken }: AdminAccess): boolean =>
  isLoopback(host) || token !== undefined || viewerToken !== undefined;

/** Lets those through who may look, or may do anything. */
export function createGuard(
  { token, viewerToken, names }: AdminAccess,
  turnedAway: Monitor['turnedAway'],
): (needed: 'look' | 'anything') => RequestHandler {
  const isOpen = token === undefined && viewerToken === undefined;
  const [ofAll, ofViewer] = [token, viewerToken].map((text) => (text === undefined ? undefined : hashOf(text)));
  return (needed) => (request, response, next) => {
    const { authorization, host = 'localhost' } = request.headers;
    const refuse = (because: 'noToken' | 'wrongName', status: number, sentence: string): void => {
      turnedAway(because, request.ip);
      say(response, status, sentence);
    };
    if (names !== undefined && !isName(host, names)) {
      refuse(
        'wrongName',
        421,
        'the admin port has no such name; expected localhost, 127.0.0.1, [::1] or one of ADMIN_NAMES',
      );
      return;
    }
    // Both are compared whatever the first says, so that the time tells nothing.
    const presented = hashOf(bearerIn(authorization));
    const isAll = ofAll !== undefined && timingSafeEqual(presented, ofAll);
    const isViewer = ofViewer !== undefined && timingSafeEqual(presented, ofViewer);
    if (isOpen || isAll || (isViewer && needed === 'look')) next();
    else if (isViewer) refuse('noToken', 403, 'this token may only look; expected the one of ADMIN_TOKEN');
    else {
      response.setHeader('WWW-Authenticate', 'Bearer');
      refuse('noToken', 401, 'expected Authorization: Bearer, and the token of ADMIN_TOKEN or ADMIN_VIEWER_TOKEN');
    }
  };
}

function isName(host: string, names: readonly string[]): boolean {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  return isLoopback(name.replace(/^\[(.*)\]$/, '$1')) || names.includes(name);
}

function say(response: Response, status: number, sentence: string): void {
  response.status(status).type('text/plain').send(`${sentence}\n`);
}
