// Options that several commands have.

import { InvalidArgumentError, Option } from 'commander';

export type Format = 'text' | 'json';

export const formatOption = () =>
  new Option('--format <format>', 'how to print it').choices(['text', 'json'] as const).default('text' as const);

export const limitOption = () => new Option('--limit <n>', 'at most so many lines').argParser(positive).default(50);

function positive(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('expected a whole number from 1 on');
  return Number(text);
}

/** What is no "name=value", for a message. */
export const notPairs = (texts: readonly string[]): readonly string[] => texts.filter((text) => !/^[^=]+=/.test(text));

/** Each "name=value". */
export function pairs(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => [text.split('=', 1)[0] ?? '', text.slice(text.indexOf('=') + 1)] as const),
  );
}

/** The options of a span, whose ends are instants; the end itself is not in it. */
export const fromOption = (what: string) => new Option('--from <instant>', what).argParser(instantIn);
export const toOption = (what: string) => new Option('--to <instant>', what).argParser(instantIn);

/** ISO 8601, a day or an instant that says its zone: what was meant by another one depends on the machine. */
function instantIn(text: string): number {
  const time = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/.test(text)
    ? Date.parse(text)
    : NaN;
  if (Number.isNaN(time)) throw new InvalidArgumentError('expected an instant such as 2026-11-21T00:00:00Z');
  return time;
}
