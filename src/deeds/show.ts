// All that is known of one record, for whoever has to decide about it.

import {
  describe,
  describeUnreadable,
  type Described,
  type DescribedUnreadable,
} from '../domain/describe-transaction.js';
import type { Journal, TransactionKey } from '../domain/ports.js';
import { look } from './look.js';

/** Undefined where there is no record. */
export async function showTransaction(
  journal: Journal,
  key: TransactionKey,
): Promise<Described | DescribedUnreadable | undefined> {
  const found = await look(journal, key);
  const due = await journal.nextLook(key);
  if (found === undefined) return undefined;
  const now = journal.now();
  return 'unreadable' in found ? describeUnreadable(found, due, now) : describe(found, due, now);
}
