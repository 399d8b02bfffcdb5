// What of a request is computed from secrets that are not set: it differs when others stand in for them, and
// nothing else does. So no function has to say what it makes its result of.

import type { ExplainedRequest, Explanation } from './explain-calls.js';
import { textOf, type Marked, type Span } from '../marked.js';

/** The first explanation, with what differs from the second marked. They are of the same callback at the same time. */
export function markStandIns(explanation: Explanation, other: Explanation): Explanation {
  if (!('calls' in explanation) || !('calls' in other)) return explanation;
  const calls = explanation.calls.map((call, at) => {
    const request = other.calls[at]?.request;
    return call.request === undefined || request === undefined
      ? call
      : { ...call, request: markRequest(call.request, request) };
  });
  return { ...explanation, calls };
}

function markRequest({ method, url, headers, body }: ExplainedRequest, other: ExplainedRequest): ExplainedRequest {
  return {
    method,
    url: markText(url, other.url),
    headers: headers.map(({ name, value }, at) => ({ name, value: markText(value, other.headers[at]?.value ?? []) })),
    ...(body !== undefined && { body: markText(body, other.body ?? []) }),
  };
}

/** A sign, a number, a word: a part that differs anywhere is computed as a whole. */
const word = /[\p{L}\p{N}+/=_~%-]+/gu;

function markText(marked: Marked, other: Marked): Marked {
  if (textOf(marked) === textOf(other)) return marked;
  const [one, two] = [piecesOf(marked), piecesOf(other)];
  // What stands alike at both ends stays; where the same number of words is between, they are told one by one.
  const isSameShape = one.length === two.length;
  const start = one.findIndex(({ text }, at) => text !== two[at]?.text);
  const end = one.toReversed().findIndex(({ text }, at) => text !== two.at(-1 - at)?.text);
  return joined(
    one.map((span, at) => {
      const differs = isSameShape ? span.text !== two[at]?.text : at >= start && at < one.length - end;
      return differs && span.is === 'plain' ? { text: span.text, is: 'standIn' } : span;
    }),
  );
}

function piecesOf(marked: Marked): Span[] {
  return marked.flatMap((span): Span[] => {
    if (span.is !== 'plain') return [span];
    const words = [...span.text.matchAll(word)];
    const gaps = span.text.split(word);
    return gaps
      .flatMap((gap, at) => [gap, words[at]?.[0] ?? ''])
      .filter((text) => text !== '')
      .map((text) => ({ text, is: 'plain' }));
  });
}

function joined(spans: readonly Span[]): Span[] {
  return spans.reduce<Span[]>((all, span) => {
    const last = all.at(-1);
    if (last?.is !== span.is || span.is === 'masked') return [...all, span];
    return [...all.slice(0, -1), { text: last.text + span.text, is: span.is }];
  }, []);
}
