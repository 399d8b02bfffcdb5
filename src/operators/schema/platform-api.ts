// The other direction of an operator file: how the bridge asks the platform, for which of the operator's
// sites.

import { z } from 'zod';
import { duration, list, secretName, strict, url, whole } from './values.js';
import { breaker } from './wallet.js';

const hash = 'sha256: and 64 hex digits, as wallet-bridge site-key prints it';

const site = strict({
  name: z
    .string('a short name')
    .regex(/^[a-z][a-z0-9-]{0,31}$/, 'a short name of a-z, 0-9 and -, such as lobby')
    .describe('The site’s short name (a-z, 0-9, -), as it stands in metrics and logs.'),
  keyHashes: list(z.string(hash).regex(/^sha256:[0-9a-f]{64}$/, hash), 'a list of hashes')
    .min(1, 'at least one hash')
    .describe(
      'What wallet-bridge site-key prints for each of the site’s keys: sha256:…; any of them opens, so that a key can be replaced.',
    ),
});

export const platformApi = strict({
  baseUrl: url('the URL').describe(
    'Where the platform’s own API is: https://host, if need be with a path, or { env: NAME }.',
  ),
  token: secretName.optional().describe('The name of the secret that is the API token the platform gave you.'),
  key: secretName.optional().meta({
    description: 'The name of the secret that signs what the bridge asks.',
    otherwise: 'the agent’s first key',
  }),
  sites: list(site, 'a list of sites')
    .min(1, 'at least one site')
    .describe('Your sites that may have the platform asked.'),
  timeout: duration.prefault('5s').describe('How long the platform may take for one call, as a duration.'),
  gamesTtl: duration
    .prefault('5m')
    .describe('How old the list of games may be before the platform is asked again, as a duration.'),
  concurrency: whole(1n, 1000n)
    .default(16)
    .describe('How many calls of the platform may be under way at once; one more is not made.'),
  breaker: breaker.prefault({}).describe('When the bridge stops asking a sick platform; each call is counted apart.'),
}).describe('How your own sites ask the platform through the bridge: games, launches, free spins.');
