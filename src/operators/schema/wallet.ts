// The wallet's side of an operator file: where it is, and what holds for all its calls.

import { z } from 'zod';
import { charsetNames } from '../../codecs/charset.js';
import { formatNames } from '../../codecs/codec-of.js';
import { auth, tlsKeys } from './auth-types.js';
import { commonHabits, format, requestParts, unresolved } from './call.js';
import { condition, duration, list, oneOf, size, strict, table, template, text, url, whole } from './values.js';

export const breaker = strict({
  openAtPercent: whole(1n, 100n)
    .default(50)
    .describe('The share of failed calls, in percent, that stops further ones.'),
  minimumCalls: whole(1n, 100_000n)
    .default(20)
    .describe('How many calls must have been made before that share counts.'),
  tryAgainAfter: duration
    .prefault('10s')
    .describe('How long it waits before it lets one call through again, as a duration.'),
});

const bothFormats = strict({
  request: format.describe('The format of requests, where replies have another.'),
  response: format.describe('The format of replies, where requests have another.'),
});

const onBadSession = strict({
  when: condition.describe(
    'The condition on response under which the wallet turns the player’s session away, and has done nothing.',
  ),
  session: template.describe(
    'What player.session is instead, made like a value of a request; player.offline is then true.',
  ),
});

export const wallet = strict({
  baseUrl: url('the URL').describe(
    'Where the wallet is: https://host, if need be with a port and a path, or { env: NAME }.',
  ),
  formerly: list(text('an origin such as https://wallet.example'), 'a list of origins')
    .default([])
    .describe(
      'Origins (https://host) the same wallet had before: what was begun there goes on here. Without it such records are held for a person.',
    ),
  format: z
    .union([format, bothFormats], `one of ${formatNames.join(', ')}, or { request: …, response: … }`)
    .default('json')
    .describe('How bodies are written and read.'),
  charset: oneOf(charsetNames).default('utf-8').describe('How texts become bytes, both ways.'),
  timeout: duration.prefault('2500ms').describe('How long one wallet call may take, as a duration such as 2500ms.'),
  concurrency: whole(1n, 10_000n)
    .default(64)
    .describe('How many calls may be under way at once; one more waits while there is time for it.'),
  maxReply: size
    .prefault('64kB')
    .describe('How long the body of a reply may be; a longer one is read no further and proves nothing.'),
  traceparent: z
    .boolean('true or false')
    .default(false)
    .describe(
      'Whether each call carries a W3C traceparent header, so that your wallet’s traces and the log’s traceID are one; a traceparent among the request’s own headers is sent instead. No sign covers it.',
    ),
  auth,
  tls: strict(tlsKeys).optional().describe('Certificates of the connection, where another auth than mtls is used.'),
  breaker: breaker
    .prefault({})
    .describe('When the bridge stops calling a sick wallet; bets, wins and balances are counted apart.'),
  currencies: table(
    whole(0n, 18n).describe('How many decimals the smallest unit of this currency has, from 0 to 18.'),
    'a map of currencies to decimals',
  )
    .default({})
    .describe(
      'Currencies whose smallest unit is not that of ISO 4217, or that it does not have, and how many decimals they have.',
    ),
  reference: template
    .default('${id}')
    .describe(
      'Your wallet’s id for a movement, made of ${id}: the transactionID, with -w for the win of a betWin and -r for an undo.',
    ),
  request: strict(requestParts)
    .optional()
    .describe('What every request has in common; an operation’s own request is merged over it, and null removes.'),
  applied: condition
    .optional()
    .describe('The yes: the condition that makes a reply a success, unless an operation has its own.'),
  sessionLifetime: duration
    .prefault('24h')
    .describe('How long a player’s session is known after its launch or its last renewal, as a duration.'),
  onBadSession: onBadSession
    .optional()
    .describe(
      'What is owed after a player’s session has ended – wins, undos, lookups, closeRound, never a bet – is sent once more with another one, and with it at once where no session is known.',
    ),
  ...commonHabits,
  ...unresolved,
}).describe('Your side: where the wallet is, and what holds for all its calls.');
