// A record in plain words, for the person who has to decide. It says what is known and by whom; it never
// guesses what the wallet did, and never repeats what a wallet sent.

import { assertNever } from './outcome.js';
import type { Unreadability } from './ports.js';
import type { Leg, StoryEntry, Transaction } from './transaction.js';

/**
 * One sentence for each thing that happened, oldest first, each with its instant (UTC) where that is on
 * record.
 */
export function tellStory(t: Transaction): string[] {
  const begun =
    t.content === undefined ? 'the platform undid it before it ever came' : `the platform sent ${subject(t)}`;
  const isPlain = (t.story ?? []).every(({ what }) => what === 'answered');
  const story = (t.story ?? []).map((entry) => `${instant(entry.at)}  ${sentence(entry, t)}`);
  return [`${instant(t.since)}  ${begun}`, ...story, ...(isPlain ? plainEnd(t) : [])];
}

/** Why a record cannot be read. */
export function whyUnreadable(unreadable: Unreadability): string {
  switch (unreadable) {
    case 'newer':
      return 'a newer version of the bridge wrote it';
    case 'damaged':
      return 'what stands in its place is damaged, or no record at all';
    case 'gone':
      return 'it is listed as unfinished, but it is not there';
    default:
      return assertNever(unreadable);
  }
}

/** "2026-11-22 12:03:11", UTC. */
export const instant = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');

/** "a bet of 12.30 by player_1" */
export function subject({ content, userID }: Transaction): string {
  if (content === undefined) return `nothing, by ${userID}`;
  const { bet, win, freeSpin } = content;
  const parts = [
    ...(bet === undefined ? [] : [`a ${freeSpin ? 'free-spin ' : ''}bet of ${bet.toString()}`]),
    ...(win === undefined ? [] : [`a win of ${win.toString()}`]),
  ];
  return `${parts.join(' and ')} by ${userID}`;
}

/** "the bet", "the win", or both, where one call makes both. */
export function nameOf({ kind }: Leg): string {
  switch (kind) {
    case 'withdraw':
      return 'the bet';
    case 'deposit':
      return 'the win';
    case 'betWin':
      return 'the bet and its win';
    default:
      return assertNever(kind);
  }
}

function sentence({ what, leg, why: known }: StoryEntry, t: Transaction): string {
  const why = known ?? 'no reason on record';
  const answer = known === undefined ? '' : ` (${known})`;
  const movement = t.legs[leg ?? 0];
  const it = leg === undefined || movement === undefined ? 'it' : nameOf(movement);
  switch (what) {
    case 'unclear':
      return `the wallet gave no answer that settles it${answer}: it may have taken it, or not`;
    case 'unreached':
      return `the wallet could not be reached${answer}`;
    case 'answered':
      return `what the wallet answered: ${why}`;
    case 'failed':
      return 'the platform was told that it failed (1), so it must end without effect';
    case 'accepted':
      return 'the platform was told that it is done (0), so the wallet must get it';
    case 'promised':
      return 'the platform was given an answer that rests on its having no effect';
    case 'rollback':
      return 'the platform rolled it back, so it must end without effect';
    case 'lapsed':
      return `whoever worked on it never ended, and nobody was told anything: ${t.content?.kind === 'deposit' ? 'the win is still paid' : 'it must end without effect'}`;
    case 'found':
      return `it turned out that the wallet has ${it}`;
    case 'absent':
      return `it turned out that the wallet does not have ${it}`;
    case 'undoing':
      return `the bridge set about undoing ${it}`;
    case 'undone':
      return `the wallet undid ${it}`;
    case 'undoRefused':
      return `the wallet refused to undo it (${why}), and it stays as it is`;
    case 'delivered':
      return 'the wallet confirmed it';
    case 'held':
      return `held for a person: ${why}`;
    case 'saidApplied':
      return `a person said that the wallet has ${it}: ${why}`;
    case 'saidNotApplied':
      return `a person said that the wallet does not have ${it}: ${why}`;
    case 'saidSameWallet':
      return `a person said that today’s wallet is the one it was begun with: ${why}`;
    case 'writtenOff':
      return `a person wrote it off, and nothing more is done about it: ${why}`;
    case 'omitted':
      return '… more happened here than is kept …';
    default:
      return assertNever(what);
  }
}

/** How a record without a story came to where it is. */
function plainEnd({ state, refusal, content }: Transaction): string[] {
  switch (state) {
    case 'applied':
      return ['the wallet confirmed it'];
    case 'refused':
      return [`it was refused (${refusal ?? 'generalError'}), and the platform was told so`];
    case 'reversed':
      return ['it was undone'];
    case 'cancelled':
      return [content === undefined ? 'should it still come, it moves no money' : 'the wallet never had it'];
    case 'claimed':
      return ['the bridge is at work on it'];
    case 'open':
    case 'held':
    case 'writtenOff':
      return [];
    default:
      return assertNever(state);
  }
}
