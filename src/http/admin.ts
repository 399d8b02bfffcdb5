// The other listener's app, for whoever runs the bridge. A sick wallet or journal shows in the metrics and
// never here: an orchestrator that restarts a healthy process because its wallet is down only adds to the
// trouble.

import express, { type Express, type Response } from 'express';
import type { Monitor } from '../observe/monitor.js';
import type { AnswerConsole } from '../console/asked.js';
import { createGuard, createNameGuard, type AdminAccess } from './admin-guard.js';
import { createConsoleRoutes } from './console.js';
import { createSessionRoutes, type SessionPorts } from './sessions.js';

export interface AdminPorts extends SessionPorts {
  readonly access: AdminAccess;
  readonly turnedAway: Monitor['turnedAway'];
  readonly scrape: Monitor['scrape'];
  /** Why whoever spreads callbacks is to send none here; undefined: it may. */
  readonly whyNotReady: () => string | undefined;
  /** Who may see and do what there, it decides itself: a browser brings no token. */
  readonly console: AnswerConsole;
}

export function createAdminApp(ports: AdminPorts): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').disable('query parser');
  const guard = createGuard(ports.access, ports.turnedAway);
  // Probes bring no token.
  app.get('/healthz', (_request, response) => say(response, 200, 'ok'));
  app.get('/readyz', (_request, response) => {
    const why = ports.whyNotReady();
    if (why === undefined) say(response, 200, 'ready');
    else say(response, 503, `not ready: ${why}`);
  });
  app.get('/metrics', guard('look'), async ({ headers }, response) => {
    try {
      const { contentType, text } = await ports.scrape(headers.accept?.includes('application/openmetrics-text'));
      response.status(200).type(contentType).send(text);
    } catch {
      say(response, 500, 'the metrics cannot be read');
    }
  });
  app.use('/sessions', guard('anything'), createSessionRoutes(ports));
  app.use('/console', createNameGuard(ports.access, ports.turnedAway), createConsoleRoutes(ports.console));
  app.get('/', (_request, response) => response.redirect(302, '/console/'));
  app.use((_request, response) => say(response, 404, 'not found'));
  return app;
}

function say(response: Response, status: number, text: string): void {
  response.status(status).type('text/plain').send(`${text}\n`);
}
