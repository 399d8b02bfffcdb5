// Who looks at the console: a cookie with a random id, never a token, and what is known of it in this process's
// memory. A form belongs to the id it was made for, so no page of somebody else can have a browser send one.

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

export type Right = 'look' | 'anything';

/** What came of the last thing that was done, shown once. */
export interface Notice {
  readonly isGood: boolean;
  readonly text: string;
}

interface Visit {
  /** Undefined: no token was shown. */
  readonly right: Right | undefined;
  readonly until: number;
  /** As they called themselves, so that they do it once. */
  actor?: string;
  notice?: Notice;
}

const lifetime = 8 * 3600_000;
const mostVisits = 200;
const shape = /^[\w-]{43}$/;

export class Visitors {
  private readonly visits = new Map<string, Visit>();
  private readonly key = randomBytes(32);

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** The id itself, if it can be one, else a new one. */
  idOf(presented: string | undefined): string {
    return presented !== undefined && shape.test(presented) ? presented : randomBytes(32).toString('base64url');
  }

  /** A new id, for whoever showed a token: one from before may be known to others. */
  enter(right: Right): string {
    const id = this.idOf(undefined);
    this.keep(id, { right, until: this.now() + lifetime });
    return id;
  }

  leave(id: string): void {
    this.visits.delete(id);
  }

  rightOf = (id: string): Right | undefined => this.visit(id)?.right;
  actorOf = (id: string): string => this.visit(id)?.actor ?? '';

  /** Only of who has sent a form that is its own: so strangers do not fill the memory. */
  did(id: string, actor: string | undefined, notice: Notice): void {
    const visit = this.visit(id) ?? { right: undefined, until: this.now() + lifetime };
    this.keep(id, { ...visit, ...(actor !== undefined && { actor }), notice });
  }

  takeNotice(id: string): Notice | undefined {
    const visit = this.visit(id);
    const notice = visit?.notice;
    if (visit !== undefined) delete visit.notice;
    return notice;
  }

  formToken(id: string): string {
    return createHmac('sha256', this.key).update(id).digest('base64url');
  }

  isOwnForm(id: string, presented: string | null): boolean {
    const [expected, given] = [this.formToken(id), presented ?? ''].map((text) => Buffer.from(text));
    return expected !== undefined && given?.length === expected.length && timingSafeEqual(expected, given);
  }

  private visit(id: string): Visit | undefined {
    const visit = this.visits.get(id);
    if (visit === undefined || visit.until > this.now()) return visit;
    this.visits.delete(id);
    return undefined;
  }

  /** The last in the order is who came last; the first one goes where there are too many. */
  private keep(id: string, visit: Visit): void {
    this.visits.delete(id);
    this.visits.set(id, visit);
    const [oldest] = this.visits.keys();
    if (this.visits.size > mostVisits && oldest !== undefined) this.visits.delete(oldest);
  }
}

/**
 * Whether a form comes from a page of this very origin. A browser says so, in one header or the other; what says
 * nothing is no browser.
 */
export function isSameOrigin(host: string, origin: string | undefined, fetchSite: string | undefined): boolean {
  if (origin === undefined && fetchSite === undefined) return false;
  if (fetchSite !== undefined && fetchSite !== 'same-origin') return false;
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host.toLowerCase());
}
