// The operations page: what is asked of it, by whom, and which page answers. It does bounded work only, and none
// of it is on the way of a callback.

import { JournalUnavailable, type Journal } from '../domain/ports.js';
import { actOnOne, tryAll, type Done } from './acts.js';
import type { AnswerConsole, Answered, Asked } from './asked.js';
import { enterPage, refusedPage } from './enter-page.js';
import { findPage } from './find-page.js';
import { framed, type Page } from './frame.js';
import { to } from './html.js';
import { overviewPage } from './overview-page.js';
import { playgroundPage } from './playground-page.js';
import type { ConsolePorts } from './ports.js';
import { queuePage } from './queue-page.js';
import { storyPage } from './story-page.js';
import { dropScript, refreshScript } from './scripts.js';
import { style } from './style.js';
import { isSameOrigin, Visitors, type Right } from './visitors.js';

/** Milliseconds a page may take: the journal may be slow, and nobody waits longer. */
const longestWork = 8_000;
const longestID = 200;

const assets: ReadonlyMap<string, Pick<Answered, 'type' | 'body'>> = new Map([
  ['/style.css', { type: 'css', body: style }],
  ['/refresh.js', { type: 'js', body: refreshScript }],
  ['/drop.js', { type: 'js', body: dropScript }],
]);

interface Visit {
  readonly asked: Asked;
  readonly id: string;
  readonly right: Right;
}

export function createConsole(ports: ConsolePorts, visitors = new Visitors()): AnswerConsole {
  const rightOf = (id: string): Right | undefined => (ports.isOpen ? 'anything' : visitors.rightOf(id));

  function answer(asked: Asked, id: string, page: Page): Answered {
    const may = rightOf(id);
    const around = {
      version: ports.version,
      path: asked.path,
      may,
      isOpen: ports.isOpen,
      formToken: visitors.formToken(id),
    };
    const body = framed(page, { ...around, notice: visitors.takeNotice(id) });
    return { status: page.status ?? 200, type: 'html', body, ...(id !== asked.id && { id }) };
  }

  const goTo = (location: string, id?: string): Answered => ({
    ...{ status: 303, type: 'html', body: '', location },
    ...(id !== undefined && { id }),
  });

  function enter(asked: Asked, id: string): Answered {
    const next = asked.form.get('next') ?? '';
    const right = ports.rightOf(asked.form.get('token') ?? '');
    if (right !== undefined) return goTo(isOurs(next) ? next : to('/'), visitors.enter(right));
    ports.turnedAway(asked.address);
    return answer(asked, id, enterPage(visitors.formToken(id), next, true));
  }

  async function page({ asked, id, right }: Visit): Promise<Page> {
    const { query, form, path, method } = asked;
    const formToken = visitors.formToken(id);
    const isSent = method === 'POST';
    const acting = right === 'anything' ? { formToken, actor: visitors.actorOf(id) } : undefined;
    if (path === '/') return overviewPage(ports, acting);
    if (path === '/playground')
      return playgroundPage(ports.playground, ports.operators(), isSent ? form : query, {
        ...{ formToken, isSent, mayCompare: right === 'anything' },
      });
    const journal = journalOf(ports);
    if (path === '/queue') return queuePage(journal, ports.operators(), query);
    if (path === '/find') return findPage(journal, ports.operators(), query);
    const key = keyIn(query);
    if (path !== '/transaction') return refusedPage('No such page', 404, 'The console has no such page.');
    if (key === undefined)
      return refusedPage(
        'Not found',
        400,
        `An agentID and a transactionID, of ${longestID} characters at most, are needed.`,
      );
    return storyPage(journal, key, acting);
  }

  async function act({ asked, id }: Visit, path: ActPath): Promise<Answered> {
    const { query, form } = asked;
    const journal = journalOf(ports);
    const finish = ({ notice, actor }: Done, location: string): Answered => {
      visitors.did(id, actor, notice);
      return goTo(location);
    };
    if (path === '/try-all') {
      const operator = ports.operators().find(({ name }) => name === query.get('operator'));
      if (operator === undefined) return answer(asked, id, refusedPage('Not found', 404, 'There is no such operator.'));
      return finish(await tryAll(operator, journal, form, ports.acted), to('/'));
    }
    const key = keyIn(query);
    if (key === undefined) return answer(asked, id, refusedPage('Not found', 400, 'The form names no transaction.'));
    const what = path === '/transaction/resolve' ? 'resolve' : 'try-now';
    return finish(await actOnOne(what, journal, key, form, ports.acted), to('/transaction', key));
  }

  async function visited(asked: Asked, id: string): Promise<Answered> {
    const { method, path, form } = asked;
    const isPost = method === 'POST';
    const isOwn =
      isPost && isSameOrigin(asked.host, asked.origin, asked.fetchSite) && visitors.isOwnForm(id, form.get('form'));
    if (isPost && !isOwn) return answer(asked, id, strangeForm);
    if (isPost && path === '/enter') return enter(asked, id);
    const right = rightOf(id);
    if (right === undefined)
      return answer(asked, id, enterPage(visitors.formToken(id), isPost ? to('/') : ownPath(asked), false));
    if (isPost && path === '/leave') {
      visitors.leave(id);
      return goTo(to('/'));
    }
    const deed = actPaths.find((one) => one === path);
    if (deed !== undefined && isPost)
      return right === 'anything' ? act({ asked, id, right }, deed) : answer(asked, id, onlyLook);
    if (isPost && path !== '/playground')
      return answer(asked, id, refusedPage('No such page', 404, 'Nothing is posted here.'));
    return answer(asked, id, await page({ asked, id, right }));
  }

  return async (asked) => {
    const asset = assets.get(asked.path);
    if (asset !== undefined) return { status: 200, ...asset };
    const id = visitors.idOf(asked.id);
    try {
      return await within(visited(asked, id));
    } catch (error) {
      if (error instanceof JournalUnavailable)
        return answer(asked, id, refusedPage('The journal is away', 503, `${journalAway} (${error.message})`));
      ports.failed(error);
      return answer(asked, id, refusedPage('Something failed', 500, 'This page failed, and the log says where.'));
    }
  };
}

const journalAway =
  'The journal cannot be reached now. If you have just done something, look whether it is done before you do it again.';
const actPaths = ['/transaction/try-now', '/transaction/resolve', '/try-all'] as const;
type ActPath = (typeof actPaths)[number];

const strangeForm = refusedPage(
  'Not taken',
  403,
  'This form is not of a page this browser was given, or of another replica, or of before the bridge restarted. Nothing was done: load the page again.',
);
const onlyLook = refusedPage('Not allowed', 403, 'Your token may only look; expected the one of ADMIN_TOKEN.');

function journalOf({ journal }: ConsolePorts): Journal {
  const open = journal();
  if (open === undefined) throw new JournalUnavailable('it is not open yet', true);
  return open;
}

function keyIn(query: URLSearchParams): { agentID: string; transactionID: string } | undefined {
  const agentID = query.get('agentID')?.trim() ?? '';
  const transactionID = query.get('transactionID')?.trim() ?? '';
  const isFit = (id: string): boolean => id !== '' && id.length <= longestID;
  return isFit(agentID) && isFit(transactionID) ? { agentID, transactionID } : undefined;
}

const ownPath = ({ path, query }: Asked): string => to(path, Object.fromEntries(query));

/** A path of ours, and no address of somebody else. */
const isOurs = (next: string): boolean => /^\/console\/[\w/-]*(\?[\w=&%.~!*'()-]*)?$/.test(next);

async function within<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new JournalUnavailable('it took too long', false)), longestWork);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
