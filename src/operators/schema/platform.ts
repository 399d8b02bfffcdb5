// GitSlotPark's side of an operator file.

import { z } from 'zod';
import { duplicateAnswers } from '../../domain/terms.js';
import { dialectNames } from '../../protocol/dialects.js';
import { platformApi } from './platform-api.js';
import { duration, list, oneOf, secretName, strict, text } from './values.js';

const currencyExpected = 'an ISO 4217 code such as EUR, or one of wallet.currencies';
const agent = strict({
  agentID: text('the agentID the platform gave you').describe(
    'The agentID the platform gave you; it may stand in one file only.',
  ),
  currency: z
    .string(currencyExpected)
    .regex(/^[A-Za-z][A-Za-z0-9]{1,9}$/, currencyExpected)
    .describe('The currency of this agent’s players, an ISO 4217 code such as EUR.'),
  keys: list(secretName, 'a list of names of secrets')
    .min(1, 'at least one name of a secret')
    .describe(
      'Names of the secrets that sign this agent’s callbacks, of 16 bytes at least and of no other agent; any of them verifies, so that a key can be replaced.',
    ),
  apiToken: secretName
    .optional()
    .describe('The name of the secret that is this agent’s API token, where it is not platform.api.token.'),
});

const formats = strict({
  userID: text('a pattern').optional().describe('The pattern of a userID, such as [0-9]{1,12}.'),
  transactionID: text('a pattern')
    .optional()
    .describe('The pattern of a transactionID, such as [0-9a-f]{32}, and of a refTransactionID.'),
  roundID: text('a pattern').optional().describe('The pattern of a roundID.'),
  gameID: text('a pattern').optional().describe('The pattern of a gameID, such as [0-9]{4}.'),
});

export const platform = strict({
  dialect: oneOf(dialectNames).default('seamless').describe('How the platform’s callbacks are written.'),
  signsGameID: z.boolean('true or false').optional().meta({
    description: 'Whether signs have the gameID in them, in a dialect that signs it: v2.',
    otherwise: 'true',
  }),
  timeout: duration
    .prefault('10s')
    .describe(
      'How long the platform waits for an answer, as a duration such as 10s; the bridge answers a tenth earlier.',
    ),
  duplicates: oneOf(duplicateAnswers)
    .default('success')
    .describe('What a repeated bet or win is answered: success, or result code 11.'),
  agents: list(agent, 'a list of agents')
    .min(1, 'at least one agent')
    .describe('The platform’s identities that belong to this wallet, each with one currency.'),
  formats: formats.default({}).meta({
    description: 'What the platform’s identifiers look like, as regular expressions that match the whole value.',
    otherwise: 'anything',
  }),
  api: platformApi.optional(),
}).describe('GitSlotPark’s side: who calls the bridge, and how.');
