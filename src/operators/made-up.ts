// Made-up values of callbacks, to look at a mapping with: forms of ids platforms and wallets really have.
// Which of them an agent's formats allow is the agent's business.

import type { Agent } from '../protocol/agent.js';
import { formatOf } from '../protocol/formats.js';

/** In the order they are tried. */
export const madeUp = {
  userID: ['player_12345', '12345', 'player12345', 'op-12345', 'op:12345', 'op.12345@site', 'AB12345'],
  transactionID: [
    '0123456789abcdef0123456789abcdef',
    '123456789012345678',
    '01234567-89ab-4cde-8f01-23456789abcd',
    'tx-1',
    'TX:1',
  ],
  roundID: [
    'fedcba9876543210fedcba9876543210',
    '987654321098765432',
    'round-1',
    '76543210-fedc-4ba9-8f01-fedcba987654',
    'R:1',
  ],
  refTransactionID: [
    '89abcdef0123456789abcdef01234567',
    '234567890123456789',
    '89abcdef-0123-4567-89ab-cdef01234567',
    'tx-0',
    'TX:0',
  ],
  gameID: ['2001', 'game-1', 'GAME1', '12'],
} as const;
export type Identifier = keyof typeof madeUp;
export const identifiers = ['userID', 'transactionID', 'roundID', 'gameID'] as const satisfies readonly Identifier[];

const lengths = Array.from({ length: 40 }, (_, index) => index + 1);
const cut = (text: string): string[] => lengths.map((length) => text.repeat(40).slice(0, length));
const more = ['1234567890', '0123456789abcdef', 'ABCDEF0123456789', 'abcdefghij', 'ABCDEFGHIJ'].flatMap(cut);

/** Those an agent could send; none where its format is too special for what is made up here. */
export function fitting(name: Identifier, formats: Agent['formats']): readonly string[] {
  const fits = formats[formatOf(name)];
  if (fits === undefined) return madeUp[name];
  const usual = madeUp[name].filter(fits);
  return usual.length > 0 ? usual : more.filter(fits).slice(0, 8);
}
