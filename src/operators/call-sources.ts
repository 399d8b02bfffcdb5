// Gathers what one wallet call is made of from all over an operator file: the operation's own mapping, the
// request every call shares, the common rules. Own pieces come first, and each remembers where it stands.

import type { Format } from '../codecs/codec-of.js';
import type { CallSource, ErrorRuleSource, RequestSource, Written } from '../mapping/source.js';
import { merge } from '../yaml/merge.js';
import type { OperatorFile } from './schema/operator-file.js';
import { find, type Path, type Tree } from '../yaml/tree.js';

export interface OwnMapping {
  readonly request: { readonly format?: Format | undefined };
  readonly response: {
    readonly format?: Format | undefined;
    readonly applied?: string | undefined;
    readonly refused?: string | undefined;
    readonly absent?: string | undefined;
    readonly balance?: string | undefined;
    readonly receipt?: string | undefined;
    readonly session?: string | undefined;
  };
  readonly when?: string | undefined;
  /** `balance`: what this reply says of it is not to be trusted. */
  readonly after?: string | readonly string[] | undefined;
  readonly errors?: OperatorFile['errors'];
}
export type About = Pick<CallSource, 'operation' | 'about'>;

/**
 * The call whose mapping stands at `path`. A lookup asks a question of its own, so the common rules do not
 * answer it. `isOwed`: the bridge makes it for what it was told is done, whether the player is still there or not.
 */
export function callSource(
  file: OperatorFile,
  tree: Tree,
  path: Path,
  about: About,
  { request, response, errors, when, after = [] }: OwnMapping,
  isOwed: boolean,
): CallSource {
  const isLookup = about.operation === 'lookup';
  const written = (name: Exclude<keyof OwnMapping['response'], 'format'>): Written | undefined =>
    response[name] === undefined ? undefined : { text: response[name], path: [...path, 'response', name] };
  const common: Written | undefined =
    file.wallet.applied === undefined ? undefined : { text: file.wallet.applied, path: ['wallet', 'applied'] };
  const { format } = file.wallet;
  const shared = typeof format === 'string' ? { request: format, response: format } : format;
  return {
    ...about,
    path,
    request: mergeRequests(find(tree, ['wallet', 'request']), find(tree, [...path, 'request']), [...path, 'request']),
    format: { request: request.format ?? shared.request, response: response.format ?? shared.response },
    applied: written('applied') ?? (isLookup ? undefined : common),
    refused: written('refused'),
    absent: written('absent'),
    balance: written('balance'),
    receipt: written('receipt'),
    balanceFollows: [after].flat().includes('balance'),
    session: written('session'),
    badSession: badSessionOf(file, isOwed),
    when: when === undefined ? undefined : { text: when, path: [...path, 'when'] },
    errors: isLookup ? [] : [...rulesAt([...path, 'errors'], errors ?? []), ...rulesAt(['errors'], file.errors)],
  };
}

function badSessionOf({ wallet: { onBadSession } }: OperatorFile, isOwed: boolean): CallSource['badSession'] {
  if (onBadSession === undefined) return undefined;
  const at = (key: 'when' | 'session'): Written => ({ text: onBadSession[key], path: ['wallet', 'onBadSession', key] });
  return { when: at('when'), ...(isOwed && { instead: at('session') }) };
}

function rulesAt(path: Path, rules: OperatorFile['errors']): ErrorRuleSource[] {
  return rules.map(({ when, result, outcome }, index) => ({
    when: { text: when, path: [...path, index, 'when'] },
    result,
    outcome,
  }));
}

function mergeRequests(shared: Tree | undefined, own: Tree | undefined, path: Path): RequestSource {
  const merged = shared === undefined ? own : own === undefined ? shared : merge(shared, own);
  return { path, parts: merged?.kind === 'map' ? merged.entries : new Map() };
}
