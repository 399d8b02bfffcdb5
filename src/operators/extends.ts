// An operator file that builds on a preset: the operator's file laid over the preset's. What a preset leaves
// to the operator is asked for at the operator's own lines; every other mistake is shown in its own file.

import { didYouMean } from '../yaml/did-you-mean.js';
import { merge, movedTo } from '../yaml/merge.js';
import { presetNames, readPreset } from './presets.js';
import { find, parseYaml, type Mistake, type Parsed, type Path, type Tree } from '../yaml/tree.js';
import { atOnce } from './turns.js';

export interface Extended {
  /**
   * None where the preset is not known: nothing that is missing could be told from what was meant to come
   * from it.
   */
  readonly tree?: Tree;
  readonly mistakes: readonly Mistake[];
  /** The name of the preset. */
  readonly preset?: string;
}

/** The file together with the preset it names under `extends`; the file itself where it names none. */
export function extendPreset(own: Tree): Extended {
  const written = find(own, ['extends']);
  if (written === undefined) return { tree: own, mistakes: [] };
  const name = written.kind === 'scalar' && typeof written.value === 'string' ? written.value : '';
  const names = presetNames();
  if (!names.includes(name)) {
    const message = `not a preset${didYouMean(name, names)}; expected one of ${names.join(', ')}`;
    return { mistakes: [{ path: ['extends'], at: written.at, message }] };
  }
  const { tree: preset, mistakes } = presetNamed(name);
  return preset === undefined
    ? { mistakes }
    : { ...asked(merge(preset, own, byMeaning), written, mistakes), preset: name };
}

const parsed = new Map<string, Parsed>();

/** Parsed once: a preset is part of the program, and fifty operators may build on the same. */
function presetNamed(name: string): Parsed {
  const known = parsed.get(name);
  if (known !== undefined) return known;
  const { file, text } = readPreset(name);
  const preset = atOnce(parseYaml(text, file));
  parsed.set(name, preset);
  return preset;
}

/** Where "key by key" would make something nobody meant. */
function byMeaning(preset: Tree, own: Tree): Tree | undefined {
  if (isRulesAt(own.path) && preset.kind === 'list' && own.kind === 'list') return ownFirst(own, preset);
  // An answer replaces the question, also where it is a map too.
  return questionOf(preset) === undefined ? undefined : own;
}

function isRulesAt(path: Path): boolean {
  return path.at(-1) === 'errors' && (path.length === 1 || (path[0] === 'operations' && !path.includes('request')));
}

function ownFirst(own: Tree & { kind: 'list' }, preset: Tree & { kind: 'list' }): Tree {
  const inherited = preset.items.map((item, index) => movedTo([...own.path, own.items.length + index], item));
  return { ...own, items: [...own.items, ...inherited] };
}

/** A preset's `{ required: what it is }`. */
export function questionOf(tree: Tree): string | undefined {
  if (tree.kind !== 'map' || tree.entries.size !== 1) return undefined;
  const question = tree.entries.get('required');
  return question?.kind === 'scalar' && typeof question.value === 'string' ? question.value : undefined;
}

/**
 * What the operator left unanswered becomes a mistake; the rest of the file is checked as if it were
 * answered.
 */
function asked(tree: Tree, extending: Tree, mistakes: readonly Mistake[]): Extended {
  if (tree.kind !== 'map') return { tree, mistakes };
  const found = [...mistakes];
  const entries = new Map(tree.entries);
  for (const section of ['settings', 'secrets'] as const) {
    const map = entries.get(section);
    if (map?.kind !== 'map') continue;
    const at = map.at.file === undefined ? map.keyAt : extending.at;
    const answered = [...map.entries].map(([name, node]): [string, Tree] => {
      const question = questionOf(node);
      if (question === undefined) return [name, node];
      const form = section === 'secrets' ? '{ env: NAME } or { file: path } of ' : '';
      found.push({ path: [section, name], at, message: `not set; expected ${form}${question}` });
      const place = { path: [section, name], at, keyAt: at };
      // Whatever else is said of this very place is left unsaid, because of the mistake noted here.
      if (section === 'secrets') return [name, { ...place, kind: 'map', entries: new Map() }];
      return [name, { ...place, kind: 'scalar', value: null, positionOf: () => at }];
    });
    entries.set(section, { ...map, entries: new Map(answered) });
  }
  return { tree: { ...tree, entries }, mistakes: found };
}
