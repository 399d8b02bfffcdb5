// What comes of a person's deed on a record, and why nothing does.

import { assertNever } from '../domain/outcome.js';
import type { Moved } from '../domain/person.js';
import type { Stored, Unreadable } from '../domain/ports.js';
import { instant, whyUnreadable } from '../domain/tell-story.js';
import { remedy } from '../domain/describe-transaction.js';

/** Nothing was changed unless it is `done`; `unknown`: there is no such record. Sentences are for people. */
export type Deed =
  | { readonly kind: 'done'; readonly what: string }
  | { readonly kind: 'notDone'; readonly because: string }
  | { readonly kind: 'unknown' };

export const notDone = (because: string): Deed => ({ kind: 'notDone', because });

export const cannotRead = ({ unreadable }: Unreadable): Deed =>
  notDone(`its record cannot be read (${whyUnreadable(unreadable)}): ${remedy(unreadable)}`);

/** Of a record a person cannot move on like this. */
export function notMoved(moved: Exclude<Moved, { kind: 'moved' }>, { transaction: { state } }: Stored): Deed {
  switch (moved.kind) {
    case 'finished':
      return notDone(`it is ${state}: nothing about it is unfinished`);
    case 'inHand':
      return notDone(`a replica is at work on it until ${instant(moved.until)} (UTC): look again then`);
    case 'sayWhich':
      return notDone('more than one movement is in doubt: say which, --leg bet or --leg win');
    case 'notInDoubt':
      return notDone('that is not in doubt');
    case 'noReason':
      return notDone('give a reason: it is kept with the record');
    default:
      return assertNever(moved);
  }
}
