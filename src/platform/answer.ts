// What a site is answered: an HTTP status, and JSON of one shape. `error` is a word of ours for programs,
// `message` a sentence for people; the platform's own code and message stand beside them where it gave any.

import { writeJson } from '../codecs/json.js';
import type { Asked, PlatformWord } from './asking.js';

export const errorWords = {
  wrongField: 400,
  noSiteKey: 401,
  unknownOperator: 404,
  unknownCall: 404,
  notPost: 405,
  alreadyDone: 409,
  bodyTooLarge: 413,
  refused: 422,
  exception: 500,
  notInDialect: 501,
  platformFailed: 502,
  notAsked: 503,
  journalAway: 503,
  notReady: 503,
  platformTimedOut: 504,
} as const;
export type ErrorWord = keyof typeof errorWords;

export interface SiteAnswer {
  readonly status: number;
  readonly body: string;
  /** `ok`, or what is wrong: for the log. */
  readonly error: ErrorWord | 'ok';
  readonly because?: string | undefined;
  readonly platformCode?: number | undefined;
}

interface More {
  readonly field?: string | undefined;
  readonly platform?: PlatformWord | undefined;
  readonly mayHaveHappened?: boolean | undefined;
  /** Of a grant nobody knows of, so that it can be asked for again, or cancelled. */
  readonly freeSpinID?: string | undefined;
}

export const answerOk = (told: object): SiteAnswer => ({ status: 200, body: jsonOf({ ...told }), error: 'ok' });

export function answerError(error: ErrorWord, message: string, more: More = {}): SiteAnswer {
  const { platform } = more;
  const body = jsonOf({ error, message, ...more });
  return { status: errorWords[error], body, error, because: message, platformCode: platform?.code };
}

/** The result codes that say of a request that it was done before. */
const doneBefore: readonly number[] = [9, 11];

export function answerFailure(asked: Exclude<Asked<unknown>, { kind: 'told' }>, freeSpinID?: string): SiteAnswer {
  switch (asked.kind) {
    case 'refused':
      return answerError(
        doneBefore.includes(asked.word.code) ? 'alreadyDone' : 'refused',
        `the platform refused it with code ${asked.word.code}`,
        { platform: asked.word },
      );
    case 'kept':
      return answerError('notAsked', `the platform was not asked: ${asked.because}`, { mayHaveHappened: false });
    case 'failed':
    case 'timedOut': {
      const { because, word: platform, mayHaveHappened } = asked;
      const more = { platform, mayHaveHappened, ...(mayHaveHappened && { freeSpinID }) };
      if (asked.kind === 'timedOut')
        return answerError('platformTimedOut', `the platform did not answer in time: ${because}`, more);
      return answerError('platformFailed', `the platform gave no answer that can be used: ${because}`, more);
    }
  }
}

/** What is not there is left out. */
function jsonOf(members: Readonly<Record<string, unknown>>): string {
  return writeJson(Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)));
}
