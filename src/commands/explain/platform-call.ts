// The exact request the platform would get when a site asks for something, as `explain` shows it. It goes
// through the same reading and writing as a site's own request, and is sent nowhere.

import type { CompiledOperator } from '../../operators/compile.js';
import type { CompiledPlatform } from '../../platform/compiled-platform.js';
import { sampleUuid } from '../samples/sample-callback.js';
import type { Mark } from '../marked.js';
import type { Explanation } from './explain-calls.js';
import { readAsk } from '../../platform/read-ask.js';
import { writeJson } from '../../codecs/json.js';
import { platformCalls, type PlatformCall, type Spoken } from '../../protocol/platform-api/platform-api.js';

export const isPlatformCall = (name: string): name is PlatformCall => platformCalls.some((call) => call === name);

const madeUp: Readonly<Record<string, readonly unknown[]>> = {
  userID: ['player_12345', '12345', 'player12345'],
  gameID: ['2001'],
  session: ['session-1'],
  count: [10n],
  freeSpinID: ['fs_12345'],
};
const asked: Readonly<Record<PlatformCall, readonly string[]>> = {
  games: [],
  launch: ['userID', 'gameID', 'session'],
  'free-spins': ['userID', 'gameID', 'count'],
  'free-spin-status': ['freeSpinID'],
  'free-spin-cancel': ['userID', 'gameID', 'freeSpinID'],
};

/** `fields` as a site would name them; what is not given is made up. */
export function explainPlatformCall(
  { platform, unset }: CompiledOperator,
  name: PlatformCall,
  fields: Readonly<Record<string, string>>,
  mark: Mark,
): Explanation {
  if (platform === undefined) return { because: 'the file has no platform.api, so no site has the platform asked' };
  // The shapes of the calls differ, so each is asked by its own name.
  switch (name) {
    case 'games':
      return explained({ platform, unset }, name, platform.api.calls[name], fields, mark);
    case 'launch':
      return explained({ platform, unset }, name, platform.api.calls[name], fields, mark);
    case 'free-spins':
      return explained({ platform, unset }, name, platform.api.calls[name], fields, mark);
    case 'free-spin-status':
      return explained({ platform, unset }, name, platform.api.calls[name], fields, mark);
    case 'free-spin-cancel':
      return explained({ platform, unset }, name, platform.api.calls[name], fields, mark);
  }
}

function explained<Name extends PlatformCall>(
  { platform, unset }: { readonly platform: CompiledPlatform; readonly unset: readonly string[] },
  name: Name,
  spoken: Spoken<Name> | undefined,
  fields: Readonly<Record<string, string>>,
  mark: Mark,
): Explanation {
  const { agents, baseUrl, api, dialect } = platform;
  if (spoken === undefined) return { because: `dialect ${dialect} has no such call` };
  const agent = agents.find(({ agentID }) => agentID === fields['agentID']) ?? agents[0];
  const fits = (field: string, value: unknown): boolean =>
    field !== 'userID' ||
    (typeof value === 'string' && (api.fits.userID?.pattern.test(value) ?? true) && agent?.fitsUserID(value) === true);
  const made = asked[name].map((field) => {
    const options = madeUp[field] ?? [];
    return [field, options.find((value) => fits(field, value)) ?? options[0]] as const;
  });
  const given = Object.entries(fields).map(([field, text]) => [field, valueOf(field, text)] as const);
  const written = writeJson({ agentID: agent?.agentID, ...Object.fromEntries([...made, ...given]) });
  const read = readAsk(name, spoken, Buffer.from(written), platform);
  if (read.kind === 'wrong') return { because: `${read.field}: ${read.message}` };
  const ask = spoken.complete?.(read.ask, { now: Date.now(), uuid: sampleUuid() }) ?? read.ask;
  const request = spoken.write(ask, read.agent.asker);
  const url = baseUrl.origin + baseUrl.pathname.replace(/\/$/, '') + request.path;
  const headers = Object.entries(request.headers).map(([header, value]) => ({ name: header, value: mark(value) }));
  const body = request.body === undefined ? {} : { body: mark(Buffer.from(request.body).toString('utf8')) };
  return {
    calls: [{ title: name, request: { method: request.method, url: mark(url), headers, ...body } }],
    unset,
  };
}

/** As JSON would hold it: numbers and truths are what they are, all else is text. */
function valueOf(field: string, text: string): unknown {
  if (['count', 'betLevel'].includes(field) && /^\d{1,9}$/.test(text)) return BigInt(text);
  return field === 'affiliate' && (text === 'true' || text === 'false') ? text === 'true' : text;
}
