// What a person does by a form: through the same deeds as the commands, under a name, and told of whatever comes
// of it.

import type { Deed } from '../deeds/deed.js';
import { resolveTransaction, sayings } from '../deeds/resolve.js';
import { tryAllNow, tryNow, type Tried } from '../deeds/try-now.js';
import type { Journal, TransactionKey } from '../domain/ports.js';
import { longestActor } from './act-forms.js';
import type { ConsolePorts, OperatorShown } from './ports.js';
import { mostRead } from './queue-page.js';
import type { Notice } from './visitors.js';

type Tell = ConsolePorts['acted'];

/** What came of it, and what they call themselves from then on, if they said so. */
export interface Done {
  readonly notice: Notice;
  readonly actor?: string;
}

export async function actOnOne(
  what: 'try-now' | 'resolve',
  journal: Journal,
  key: TransactionKey,
  form: URLSearchParams,
  tell: Tell,
): Promise<Done> {
  const who = whoIn(form);
  if (who === undefined) return nameless;
  const reason = form.get('reason')?.trim() ?? '';
  const said = what === 'try-now' ? what : `resolve ${form.get('said') ?? ''}`;
  const act = { who, what: said, ...key, ...(reason !== '' && { reason }) };
  const deed = await toldOf(
    tell,
    act,
    () => (what === 'try-now' ? tryNow(journal, key) : resolve(journal, key, form, reason, who)),
    wordOf,
  );
  return { notice: { isGood: deed.kind === 'done', text: sentenceOf(deed) }, actor: who };
}

export async function tryAll(
  operator: OperatorShown,
  journal: Journal,
  form: URLSearchParams,
  tell: Tell,
): Promise<Done> {
  const who = whoIn(form);
  if (who === undefined) return nameless;
  const act = { who, what: 'try-now --all', operator: operator.name };
  const tried = await toldOf(
    tell,
    act,
    () => tryAllNow(journal, new Set(operator.agents), mostRead),
    ({ due }) => `${due} due`,
  );
  return { notice: { isGood: tried.due > 0, text: ofAll(tried) }, actor: who };
}

function resolve(
  journal: Journal,
  key: TransactionKey,
  form: URLSearchParams,
  reason: string,
  who: string,
): Promise<Deed> {
  const said = sayings.find((word) => word === form.get('said'));
  const leg = form.get('leg');
  const seen = Number(form.get('seen'));
  const no = (because: string): Promise<Deed> => Promise.resolve({ kind: 'notDone', because });
  if (said === undefined) return no('say what the wallet did');
  if (reason === '') return no('give a reason: it is kept with the record');
  if (!Number.isSafeInteger(seen) || seen < 1) return no('the form does not say which revision was looked at');
  // Only the reason has a place in the record, so who gave it stands there too.
  return resolveTransaction(journal, key, {
    ...{ said, seen, reason: `${reason} (${who})` },
    ...((leg === 'bet' || leg === 'win') && { leg }),
  });
}

/** Also of what nobody knows the end of: it may have been done. */
async function toldOf<T>(
  tell: Tell,
  act: Omit<Parameters<Tell>[0], 'outcome'>,
  work: () => Promise<T>,
  word: (done: T) => string,
): Promise<T> {
  try {
    const done = await work();
    tell({ ...act, outcome: word(done) });
    return done;
  } catch (error) {
    tell({ ...act, outcome: 'unknown: it failed on the way' });
    throw error;
  }
}

function whoIn(form: URLSearchParams): string | undefined {
  const who = form.get('actor')?.trim() ?? '';
  return who === '' || who.length > longestActor ? undefined : who;
}

const nameless: Done = {
  notice: { isGood: false, text: `Not done: give your name, in ${longestActor} characters at most` },
};
const wordOf = (deed: Deed): string => (deed.kind === 'notDone' ? `not done: ${deed.because}` : deed.kind);

function sentenceOf(deed: Deed): string {
  if (deed.kind === 'unknown') return 'There is no such record any more';
  return deed.kind === 'done'
    ? `${deed.what.charAt(0).toUpperCase()}${deed.what.slice(1)}`
    : `Not done: ${deed.because}`;
}

function ofAll({ due, held, unreadable, isCut }: Tried): string {
  return [
    due === 0 ? 'None waits for the bridge' : `${due} due now: the bridge takes them up, the oldest first`,
    ...(held === 0 ? [] : [`${held} held: nothing but your word moves them on`]),
    ...(unreadable === 0 ? [] : [`${unreadable} unreadable: look at each`]),
    ...(isCut ? [`only ${mostRead} records were looked at: do it again for the rest`] : []),
  ].join('; ');
}
