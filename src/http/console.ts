// The console on the admin port: reads what a browser asks, and writes what the console answers, with the headers
// that keep everything but our own style and scripts out of its pages.

import { Router, text, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import type { AnswerConsole, Answered, Asked } from '../console/asked.js';

const cookieName = 'wallet_bridge_console';
const policy =
  "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
const types = { html: 'text/html', css: 'text/css', js: 'text/javascript' } as const;

/** Of `/console`. */
export function createConsoleRoutes(answer: AnswerConsole): RequestHandler {
  const router = Router({ caseSensitive: true, strict: true });
  router.use((_request, response, next) => {
    response.set({
      'Content-Security-Policy': policy,
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      // With none, a browser says of no form where it comes from.
      'Referrer-Policy': 'same-origin',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
    });
    next();
  });
  router.use(text({ type: 'application/x-www-form-urlencoded', limit: '256kb', inflate: false }));
  router.use(async (request, response) => {
    const { method } = request;
    if (method !== 'GET' && method !== 'HEAD' && method !== 'POST') {
      response.status(405).set('Allow', 'GET, HEAD, POST').type('text/plain').send('expected GET or POST\n');
      return;
    }
    write(request, response, await answer(askedIn(request)));
  });
  router.use((_error: unknown, _request: Request, response: Response, _next: NextFunction) =>
    // Its words may quote the body.
    response.status(400).type('text/plain').send('this cannot be read; expected a form of 256 kB at most\n'),
  );
  return router;
}

function askedIn(request: Request): Asked {
  const { headers, method, ip } = request;
  const { host = '', origin, cookie = '' } = headers;
  const { pathname, searchParams } = new URL(`http://console${request.url}`);
  const body: unknown = request.body;
  const fetchSite = request.get('sec-fetch-site');
  return {
    method: method === 'POST' ? 'POST' : 'GET',
    path: pathname,
    query: searchParams,
    form: new URLSearchParams(method === 'POST' && typeof body === 'string' ? body : ''),
    id: new RegExp(`(?:^|;\\s*)${cookieName}=([^;]*)`).exec(cookie)?.[1],
    ...{ host, origin, fetchSite, address: ip },
  };
}

function write(request: Request, response: Response, { status, type, body, location, id }: Answered): void {
  const isSecure = request.secure || request.get('x-forwarded-proto')?.split(',').at(-1)?.trim() === 'https';
  if (id !== undefined)
    response.cookie(cookieName, id, { httpOnly: true, sameSite: 'strict', secure: isSecure, path: '/console' });
  if (location !== undefined) response.set('Location', location);
  response.status(status).type(types[type]).send(body);
}
