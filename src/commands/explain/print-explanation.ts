// What `explain` found out, as lines for people or as one for programs.

import { textOf, type Marked } from '../marked.js';
import type { Format } from '../options.js';
import type { Printed } from '../print.js';
import type { ExplainedCall, ExplainedReply, ExplainedRequest, Explanation } from './explain-calls.js';

export function printExplanation(explanation: Explanation, format: Format): Printed {
  const exitCode = 'calls' in explanation && explanation.calls.every(isWhole) ? 0 : 1;
  if (format === 'json') return { lines: [JSON.stringify(explanation)], exitCode };
  if ('because' in explanation) return { lines: [explanation.because], exitCode };
  return { lines: [...explanation.calls.flatMap(callLines), ...standInLines(explanation)], exitCode };
}

/** Only where something that is shown is computed from them: the name of a secret instead of it says enough. */
function standInLines({ calls, unset }: Extract<Explanation, { unset: unknown }>): string[] {
  const shown = calls.flatMap(({ request }) =>
    request === undefined ? [] : [request.url, request.body ?? [], ...request.headers.map(({ value }) => value)],
  );
  if (!shown.flat().some(({ is }) => is === 'standIn')) return [];
  return [`not set here: ${unset.join(', ')}; what is computed from what stands in for it is marked ‹stand-in:…›`];
}

/** Marked, where the wallet would be sent something else. */
const written = (marked: Marked): string =>
  marked.map(({ text, is }) => (is === 'standIn' ? `‹stand-in:${text}›` : text)).join('');

const isWhole = ({ cannot, reply }: ExplainedCall): boolean =>
  cannot === undefined && (reply === undefined || 'rules' in reply);

function callLines({ title, request, cannot, reply }: ExplainedCall): string[] {
  if (cannot !== undefined) return [`${title}: no request, because ${textOf(cannot.because)} (${cannot.result})`];
  const asked = request === undefined ? [] : requestLines(request);
  const answered = reply === undefined ? [] : 'rules' in reply ? replyLines(reply) : [textOf(reply.because)];
  return [title, ...asked.map(indented), '', ...answered.map(indented), ...(reply === undefined ? [] : [''])];
}

const indented = (line: string): string => `  ${line}`;

function requestLines({ method, url, headers, body }: ExplainedRequest): string[] {
  const lines = [`${method} ${written(url)}`, ...headers.map(({ name, value }) => `${name}: ${written(value)}`)];
  return body === undefined ? lines : [...lines, '', written(body)];
}

function replyLines({ status, bytes, unreadable, rules, becomes: { because, ...became } }: ExplainedReply): string[] {
  const notAsked = unreadable === undefined ? '' : `: ${textOf(unreadable)}, so no rule is asked`;
  const asked = rules.map(({ path, text, held }) => {
    const says = typeof held === 'object' ? 'cannot be evaluated' : held ? 'holds' : 'does not hold';
    const why = typeof held === 'object' ? `  (${textOf(held.because)})` : '';
    return `${says.padEnd(19)}  ${path}: ${textOf(text)}${why}`;
  });
  const summary = Object.entries(became).map(([name, value]) => `${name} ${value}`);
  const why = because === undefined ? '' : ` (${because})`;
  return [`HTTP ${status}, ${bytes} bytes${notAsked}`, ...asked, `becomes ${summary.join(', ')}${why}`];
}
