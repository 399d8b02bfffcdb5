// Which balances an answer may tell, from what the platform knows at that moment: everything that stands has
// moved, what is in doubt may have, and what was under way at the same time may have or not. Exact otherwise.
import { foldAnswers, type Heard, type MoneyCallback, type Standing } from '../platform-book.js';

/** What tells one delivered content from another. */
export const contentOf = (callback: MoneyCallback): string => JSON.stringify(callback);

export interface Moment {
  readonly userID: string;
  /** What the player had before all that was heard. */
  readonly start: bigint;
  readonly heard: readonly Heard[];
  /** How each content stood before the deliveries that are under way together. */
  readonly before: ReadonlyMap<string, Standing>;
  readonly together: readonly MoneyCallback[];
}

/** How each content stands by what was heard. */
export function standingsIn(heard: readonly Heard[]): Map<string, Standing> {
  return new Map(foldAnswers(heard).map(({ callback, standing }) => [contentOf(callback), standing]));
}

/** The balances that may be told with the answer to `own`; without it, afterwards. The likeliest is first. */
export function possibleBalances(moment: Moment, own?: MoneyCallback): bigint[] {
  let sums = [moment.start];
  for (const { callback, effect, standing } of foldAnswers(moment.heard)) {
    if (callback.userID !== moment.userID || effect === 0n) continue;
    const moved = mayHaveMoved(callback, standing, moment, own);
    sums = moved.flatMap((has) => sums.map((sum) => (has ? sum + effect : sum)));
  }
  return [...new Set(sums)];
}

const ONLY_MOVED = [true];
const NOT_MOVED = [false];
const EITHER = [true, false];

function mayHaveMoved(callback: MoneyCallback, now: Standing, moment: Moment, own: MoneyCallback | undefined) {
  const content = contentOf(callback);
  const undoes = (other: MoneyCallback): boolean =>
    other.operation === 'RollbackTransaction' &&
    other.transactionID === callback.transactionID &&
    other.userID === callback.userID;
  const before = moment.before.get(content);
  if (now === 'failed') return NOT_MOVED;
  if (now === 'undone') {
    const isUndoneNow = own !== undefined && before !== 'undone' && moment.together.some(undoes);
    return isUndoneNow && !undoes(own) ? EITHER : NOT_MOVED;
  }
  if (now !== 'stands') return EITHER;
  const isUnderWay = own !== undefined && moment.together.some((other) => contentOf(other) === content);
  return !isUnderWay || before === 'stands' || contentOf(own) === content ? ONLY_MOVED : EITHER;
}
