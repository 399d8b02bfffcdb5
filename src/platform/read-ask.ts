// What a site may ask, in one shape for all dialects. Nothing it says is dropped: a field that is unknown, or
// that the platform's dialect cannot carry, is said to be wrong. What is said of a wrong field never repeats
// its value, for it may be a session.

import { z } from 'zod';
import { isWebUrl, membersOf } from '../protocol/platform-api/members.js';
import {
  languages,
  type Asks,
  type Members,
  type PlatformCall,
  type Spoken,
} from '../protocol/platform-api/platform-api.js';
import type { CompiledPlatform, PlatformAgent } from './compiled-platform.js';

/** What a launch says for the wallet, and the platform is not told. */
interface ForWallet {
  readonly session?: string | undefined;
  readonly currency?: string | undefined;
}

export type ReadAsk<Name extends PlatformCall> =
  | { readonly kind: 'ask'; readonly ask: Asks[Name]; readonly agent: PlatformAgent; readonly forWallet: ForWallet }
  | { readonly kind: 'wrong'; readonly field: string; readonly message: string };

const text = (longest: number) => {
  const expected = `expected text of 1 to ${longest} characters, without control characters`;
  return z
    .string(expected)
    .min(1, expected)
    .max(longest, expected)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, expected);
};
const idText = text(200);
/** Games and grants may be named by a number, too: the platform's list may have shown one. */
const idExpected = 'expected text, or a whole number';
const id = z.union([idText, z.bigint(idExpected).nonnegative(idExpected).transform(String)], idExpected);
const whole = (least: bigint, most: bigint) => {
  const expected = `expected a whole number from ${least} to ${most}`;
  return z.bigint(expected).min(least, expected).max(most, expected).transform(Number);
};
const url = 'expected a URL that begins with https:// or http://';
const instant = 'expected a time to come with its zone, such as 2030-01-31T12:00:00Z';

const ofAgent = { agentID: idText };
const ofPlayer = { ...ofAgent, userID: idText, gameID: id };

const shapes: { readonly [Name in PlatformCall]: z.ZodType<Asks[Name]> } = {
  games: z.strictObject(ofAgent),
  launch: z.strictObject({
    ...ofPlayer,
    language: z.enum(languages, `expected one of ${languages.join(', ')}`).default('en'),
    lobbyUrl: text(2000).refine(isWebUrl, url).optional(),
    affiliate: z.boolean('expected true or false').optional(),
  }),
  'free-spins': z.strictObject({
    ...ofPlayer,
    count: whole(1n, 1000n),
    betLevel: whole(1n, 1000n).optional(),
    expires: z.iso
      .datetime({ offset: true, error: instant })
      .refine((time) => Date.parse(time) > Date.now(), instant)
      .transform((time) => new Date(time).toISOString())
      .optional(),
    freeSpinID: id.optional(),
  }),
  'free-spin-status': z.strictObject({ ...ofAgent, freeSpinID: id }),
  'free-spin-cancel': z.strictObject({ ...ofPlayer, freeSpinID: id }),
};

const walletShape = z.object({ session: text(4096).optional(), currency: text(20).optional() });
const walletFields = Object.keys(walletShape.shape);

/** Reads the body of one call that the dialect has. Never throws for anything a body may hold. */
export function readAsk<Name extends PlatformCall>(
  name: Name,
  spoken: Spoken<Name>,
  body: Uint8Array,
  platform: CompiledPlatform,
): ReadAsk<Name> {
  const members = body.length === 0 ? {} : membersOf(body);
  if (members === undefined) return wrong('', 'the body cannot be read; expected one JSON object in UTF-8');
  const agent = agentIn(members, platform);
  if ('field' in agent) return agent;

  const forWallet = name === 'launch' ? walletShape.safeParse(members) : undefined;
  if (forWallet?.success === false) return wrongOf(forWallet.error, members);
  const own = Object.entries(members).filter(([field]) => name !== 'launch' || !walletFields.includes(field));
  const read = shapes[name].safeParse({ ...Object.fromEntries(own), agentID: agent.agentID });
  if (!read.success) return wrongOf(read.error, members);
  const misfit = misfitOf(read.data, spoken, agent, platform);
  if (misfit !== undefined) return misfit;
  const told = forWallet?.data ?? {};
  if (told.currency !== undefined && told.currency !== agent.currency)
    return wrong('currency', `not the currency of agent ${agent.agentID}; expected ${agent.currency}`);
  if (name === 'launch' && told.session === undefined && platform.needsSession)
    return wrong('session', 'missing, and this operator’s wallet is told it with every call; expected text');
  return { kind: 'ask', ask: read.data, agent, forWallet: told };
}

type Wrong = Extract<ReadAsk<PlatformCall>, { kind: 'wrong' }>;
const wrong = (field: string, message: string): Wrong => ({ kind: 'wrong', field, message });

function agentIn({ agentID }: Members, { agents }: CompiledPlatform): PlatformAgent | Wrong {
  const [first, ...others] = agents;
  const known = `expected one of ${agents.map((agent) => agent.agentID).join(', ')}`;
  if (agentID === undefined && first !== undefined && others.length === 0) return first;
  if (agentID === undefined) return wrong('agentID', `missing, and the operator has several; ${known}`);
  return (
    agents.find((agent) => agent.agentID === agentID) ?? wrong('agentID', `not an agent of the operator; ${known}`)
  );
}

function wrongOf(error: z.ZodError, members: Members): Wrong {
  const [issue] = error.issues;
  if (issue?.code === 'unrecognized_keys') return wrong(issue.keys[0] ?? '', 'unknown field; expected it left out');
  const field = String(issue?.path[0] ?? '');
  return wrong(field, `${Object.hasOwn(members, field) ? '' : 'missing; '}${issue?.message ?? ''}`);
}

/** What is right by itself and wrong for this operator, or for the dialect of its platform. */
function misfitOf<Name extends PlatformCall>(
  ask: Asks[Name],
  { carries }: Spoken<Name>,
  agent: PlatformAgent,
  { api, dialect }: CompiledPlatform,
): Wrong | undefined {
  const said: Members = { ...ask };
  const optional = ['lobbyUrl', 'affiliate', 'betLevel', 'expires', ...('count' in said ? ['freeSpinID'] : [])];
  const stranger = optional.find((field) => said[field] !== undefined && !carries.includes(field));
  if (stranger !== undefined)
    return wrong(stranger, `the platform’s dialect ${dialect} cannot carry it; expected it left out`);
  for (const [field, fit] of Object.entries(api.fits)) {
    const value = said[field];
    if (typeof value === 'string' && !fit.pattern.test(value))
      return wrong(field, `does not fit the platform’s dialect ${dialect}; expected ${fit.expected}`);
  }
  const { userID } = said;
  if (typeof userID === 'string' && !agent.fitsUserID(userID))
    return wrong('userID', 'does not match platform.formats.userID, so no callback of this player would be taken');
  return undefined;
}
