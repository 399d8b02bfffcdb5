// Gathers what one wallet call is made of from all over an operator file: the operation's own mapping, the request every call
// shares, the common rules. Own pieces come first, and each remembers where it stands.

import type { CallSource, ErrorRuleSource, RequestSource, Written } from '../wallet/mapping-source.js';
import type { OperatorFile } from './schema.js';
import { find, type Path, type Tree } from './yaml-tree.js';

export interface OwnMapping {
  readonly response: {
    readonly applied?: string | undefined;
    readonly refused?: string | undefined;
    readonly absent?: string | undefined;
    readonly balance?: string | undefined;
    readonly receipt?: string | undefined;
  };
  readonly errors?: OperatorFile['errors'];
}
export type About = Pick<CallSource, 'operation' | 'about'>;

/** The call whose mapping stands at `path`. A lookup asks a question of its own, so the common rules do not answer it. */
export function callSource(
  file: OperatorFile,
  tree: Tree,
  path: Path,
  about: About,
  { response, errors }: OwnMapping,
): CallSource {
  const isLookup = about.operation === 'lookup';
  const written = (name: keyof OwnMapping['response']): Written | undefined =>
    response[name] === undefined ? undefined : { text: response[name], path: [...path, 'response', name] };
  const common: Written | undefined =
    file.wallet.applied === undefined ? undefined : { text: file.wallet.applied, path: ['wallet', 'applied'] };
  return {
    ...about,
    path,
    request: mergeRequests(find(tree, ['wallet', 'request']), find(tree, [...path, 'request']), [...path, 'request']),
    applied: written('applied') ?? (isLookup ? undefined : common),
    refused: written('refused'),
    absent: written('absent'),
    balance: written('balance'),
    receipt: written('receipt'),
    errors: isLookup ? [] : [...rulesAt([...path, 'errors'], errors ?? []), ...rulesAt(['errors'], file.errors)],
  };
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

/** Maps merge key by key, shared keys first; anything else replaces, and null removes what is shared. */
function merge(shared: Tree, own: Tree): Tree {
  if (shared.kind !== 'map' || own.kind !== 'map') return own;
  const entries = new Map(shared.entries);
  for (const [name, value] of own.entries) {
    const inherited = entries.get(name);
    if (inherited !== undefined && value.kind === 'scalar' && value.value === null) entries.delete(name);
    else entries.set(name, inherited === undefined ? value : merge(inherited, value));
  }
  return { ...own, entries };
}
