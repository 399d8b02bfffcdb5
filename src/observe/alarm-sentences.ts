// What alarms say: what is wrong, and what a person is to do; beside each choice of several, its kind.

import type { OperatorAlarm } from '../domain/alarms.js';

export const certificateWhat =
  'the certificate of the public port cannot be taken from its files: the one before stays in use until it runs out';
export const unmadeWhat =
  'the operator file can make no request of this call, so it never leaves: see what explain says of it';
export const whyNotAccepted = {
  most: {
    kind: 'tooMuchOwed',
    what: 'as many wins and undos as policy.accept.most allows are owed to the wallet: the platform gets 503 until some are delivered',
  },
  maxAge: {
    kind: 'tooMuchOwed',
    what: 'the oldest win or undo owed to the wallet is older than policy.accept.maxAge: the platform gets 503 until it is delivered or held',
  },
  balanceUnknown: {
    kind: 'balanceUnknown',
    what: 'no balance of the player is known that could be told: the platform gets 503 until the wallet answers',
  },
} as const satisfies Readonly<Record<string, { readonly kind: OperatorAlarm; readonly what: string }>>;

export const losses = {
  emptied:
    'Redis was emptied or replaced: it does not hold the journal this process began with, and no money moves where that is so. ' +
    'Put the data back, or run "wallet-bridge journal adopt" and restart every replica',
  writes:
    'Redis lost writes it had acknowledged, in a failover or because an older copy was put back: no money moves where that is so. ' +
    'Compare the books of the last minutes, then run "wallet-bridge journal adopt" and restart every replica',
} as const;

export const fullness = {
  full:
    'Redis is nearly full (9 tenths of maxmemory): the platform gets 503 for whatever is new, and what runs is finished. ' +
    'Give it more memory, or see "How large" in config/deploy/redis.md',
  again: 'Redis has room again',
} as const;

export const blindness = {
  resolver: {
    blind:
      'the resolver cannot look at what is unfinished, or not work on it: nothing is delivered or undone until it can',
    again: 'the resolver can look at what is unfinished again',
  },
  count: {
    blind:
      'what is unfinished cannot be counted: its metrics are of the last count, and what cannot be read is not told',
    again: 'what is unfinished can be counted again',
  },
} as const;

/** Why somebody was turned away at the door, and what to do where it should not have been. */
export const turnedAwayBecause = {
  notAllowed: 'its address is not in ALLOW_FROM; behind a proxy, TRUSTED_PROXIES must name that',
  noToken: 'it came to the admin port without a token that opens this',
  wrongName: 'it asked the admin port by a name that is none of this machine, and not in ADMIN_NAMES',
  connections: 'there are as many connections as MOST_CONNECTIONS allows',
} as const;

/** What is no alarm, and somebody should know of. */
export const agentsGoneWhat = 'no operator file names these agents any more: what is unfinished of theirs waits';
export const nobodysRecordWhat = 'no operator file names its agent';
export const walletReplacedWhat =
  'this agent has another wallet now: what was begun with the one before is held, until wallet.formerly names its origin or a person decides';
