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

export type Right = 'look' | 'anything';

/** Nobody needs a token. */
export const isOpen = ({ token, viewerToken }: AdminAccess): boolean =>
  token === undefined && viewerToken === undefined;

/** What a token opens; undefined: nothing. */
export function rightsIn({ token, viewerToken }: AdminAccess): (presented: string) => Right | undefined {
  const [ofAll, ofViewer] = [token, viewerToken].map((text) => (text === undefined ? undefined : hashOf(text)));
  return (text) => {
    // Both are compared whatever the first says, so that the time tells nothing.
    const presented = hashOf(text);
    const isAll = ofAll !== undefined && timingSafeEqual(presented, ofAll);
    const isViewer = ofViewer !== undefined && timingSafeEqual(presented, ofViewer);
    if (isAll) return 'anything';
    return isViewer ? 'look' : undefined;
  };
}

/** Lets those through who ask it by one of its names. */
export function createNameGuard({ names }: AdminAccess, turnedAway: Monitor['turnedAway']): RequestHandler {
  return (request, response, next) => {
    if (names === undefined || isName(request.headers.host ?? 'localhost', names)) {
      next();
      return;
    }
    turnedAway('wrongName', request.ip);
    say(response, 421, 'the admin port has no such name; expected localhost, 127.0.0.1, [::1] or one of ADMIN_NAMES');
  };
}

/** Lets those through, of whom ask it by one of its names, who may look, or may do anything. */
export function createGuard(access: AdminAccess, turnedAway: Monitor['turnedAway']): (needed: Right) => RequestHandler {
  const rightOf = rightsIn(access);
  const byName = createNameGuard(access, turnedAway);
  return (needed) => (request, response, next) =>
    byName(request, response, () => {
      const refuse = (status: number, sentence: string): void => {
        turnedAway('noToken', request.ip);
        say(response, status, sentence);
      };
      const right = isOpen(access) ? 'anything' : rightOf(bearerIn(request.headers.authorization));
      if (right === 'anything' || right === needed) next();
      else if (right === 'look') refuse(403, 'this token may only look; expected the one of ADMIN_TOKEN');
      else {
        response.setHeader('WWW-Authenticate', 'Bearer');
        refuse(401, 'expected Authorization: Bearer, and the token of ADMIN_TOKEN or ADMIN_VIEWER_TOKEN');
      }
    });
}

function isName(host: string, names: readonly string[]): boolean {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  return isLoopback(name.replace(/^\[(.*)\]$/, '$1')) || names.includes(name);
}

function say(response: Response, status: number, sentence: string): void {
  response.status(status).type('text/plain').send(`${sentence}\n`);
}
