// Options that several commands have.

import { Option } from 'commander';

export type Format = 'text' | 'json';

export const formatOption = () =>
  new Option('--format <format>', 'how to print it').choices(['text', 'json'] as const).default('text' as const);

/** What is no "name=value", for a message. */
export const notPairs = (texts: readonly string[]): readonly string[] => texts.filter((text) => !/^[^=]+=/.test(text));

/** Each "name=value". */
export function pairs(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => [text.split('=', 1)[0] ?? '', text.slice(text.indexOf('=') + 1)] as const),
  );
}
