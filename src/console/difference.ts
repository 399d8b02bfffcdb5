// What differs between two texts that are shown to people, word by word.

import type { Marked } from './ports.js';

type Span = Marked[number];
export type Told = readonly (Span & { readonly differs: boolean })[];

/** A word, or any other character alone; what stands for a secret is one whole. */
const part = /[\p{L}\p{N}]+|[^\p{L}\p{N}]/gu;
/** Beyond that, what is between the first and the last difference differs as a whole. */
const mostCompared = 500_000;

/** Both, with what the other one does not have; undefined: they are the same. */
export function difference(one: Marked, other: Marked): readonly [Told, Told] | undefined {
  const [before, after] = [partsOf(one), partsOf(other)];
  const start = alike(before, after);
  const end = alike(before.slice(start).reverse(), after.slice(start).reverse());
  const [middle, instead] = [before, after].map((all) => all.slice(start, all.length - end));
  if (middle === undefined || instead === undefined || middle.length + instead.length === 0) return undefined;
  const kept = middle.length * instead.length > mostCompared ? [] : keptOf(middle, instead);
  const told = (all: readonly Span[], which: 0 | 1): Told => {
    const stays = new Set(kept.map((pair) => start + pair[which]));
    return joined(
      all.map((span, at) => ({ ...span, differs: at >= start && at < all.length - end && !stays.has(at) })),
    );
  };
  return [told(before, 0), told(after, 1)];
}

const partsOf = (marked: Marked): Span[] =>
  marked.flatMap((span) =>
    span.is === 'masked' ? [span] : (span.text.match(part) ?? []).map((text) => ({ ...span, text })),
  );

const isSame = (one: Span | undefined, other: Span | undefined): boolean =>
  one?.text === other?.text && one?.is === other?.is;

/** How many are the same from the beginning on. */
function alike(one: readonly Span[], other: readonly Span[]): number {
  const most = Math.min(one.length, other.length);
  let at = 0;
  while (at < most && isSame(one[at], other[at])) at += 1;
  return at;
}

/** The longest row of parts both have, as pairs of their places. */
function keptOf(one: readonly Span[], other: readonly Span[]): [number, number][] {
  const width = other.length + 1;
  const longest = new Uint32Array((one.length + 1) * width);
  const from = (i: number, j: number): number => longest[i * width + j] ?? 0;
  for (let i = one.length - 1; i >= 0; i -= 1)
    for (let j = other.length - 1; j >= 0; j -= 1)
      longest[i * width + j] = isSame(one[i], other[j])
        ? from(i + 1, j + 1) + 1
        : Math.max(from(i + 1, j), from(i, j + 1));
  const kept: [number, number][] = [];
  for (let [i, j] = [0, 0]; i < one.length && j < other.length;) {
    if (isSame(one[i], other[j])) kept.push([i++, j++]);
    else if (from(i + 1, j) >= from(i, j + 1)) i += 1;
    else j += 1;
  }
  return kept;
}

function joined(told: Told): Told {
  const all: Told[number][] = [];
  for (const span of told) {
    const last = all.at(-1);
    if (last?.is === span.is && last.differs === span.differs && span.is !== 'masked')
      all[all.length - 1] = { ...last, text: last.text + span.text };
    else all.push(span);
  }
  return all;
}
