// How a person's command reads a record. One that cannot be read, or is listed without being there, is an
// answer too.

import { UnreadableRecord, type Journal, type Stored, type TransactionKey, type Unreadable } from '../domain/ports.js';

/** Undefined where there is none. */
export async function look(journal: Journal, key: TransactionKey): Promise<Stored | Unreadable | undefined> {
  try {
    const stored = await journal.get(key);
    if (stored !== undefined) return stored;
    return (await journal.nextLook(key)) === undefined ? undefined : { key, unreadable: 'gone' };
  } catch (error) {
    if (error instanceof UnreadableRecord) return { key, unreadable: error.unreadable };
    throw error;
  }
}
