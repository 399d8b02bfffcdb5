// An operator's file at work: a made-up callback in, the exact request out; a reply in, the rules and the verdict
// out. Nothing is sent.

import { own, type Page } from './frame.js';
import { html, inLines, to, when, type Markup, type Value } from './html.js';
import { field, select, table, tag } from './parts.js';
import type { ExplainedCall, ExplainedReply, Explained, Marked, OperatorShown, Played, Playground } from './ports.js';

/** What most callbacks have; the rest is written a line each. */
const fieldNames = ['agentID', 'userID', 'transactionID', 'roundID', 'amount', 'betAmount', 'winAmount', 'gameID'];
const longestReply = 48_000;

export async function playgroundPage(
  playground: Playground,
  operators: readonly OperatorShown[],
  form: URLSearchParams,
  formToken: string,
): Promise<Page> {
  const operator = operators.find(({ name }) => name === form.get('operator'))?.name;
  const read = operator === undefined ? undefined : playedIn(form, playground);
  const shown =
    operator === undefined || read === undefined
      ? undefined
      : 'because' in read
        ? read
        : await playground.play(operator, read);
  return {
    title: 'Playground',
    body: html`<p class="hint">
        What a wallet would be sent for a made-up callback, and what a reply would become. Nothing is sent, and no
        secret is here: its name stands instead, and what is computed from it is marked.
      </p>
      ${shown === undefined ? undefined : result(shown)} ${askForm(playground, operators, form, formToken)}`,
  };
}

function playedIn(form: URLSearchParams, { operations }: Playground): Played | { readonly because: string } {
  const text = (name: string): string => form.get(name)?.replaceAll('\r\n', '\n') ?? '';
  const operation = operations.find((one) => one === text('operation'));
  if (operation === undefined) return { because: `no such operation; expected one of ${operations.join(', ')}` };
  const more = pairsIn(text('more'), '=');
  if ('because' in more) return more;
  const named = fieldNames.flatMap((name): [string, string][] =>
    text(name).trim() === '' ? [] : [[name, text(name).trim()]],
  );
  const played = { operation, of: text('of'), fields: Object.fromEntries([...named, ...more.pairs]) };
  if (text('status').trim() === '') return played;
  const status = Number(text('status'));
  if (!Number.isInteger(status) || status < 100 || status > 599)
    return { because: 'no HTTP status; expected 100 to 599' };
  const headers = pairsIn(text('headers'), ':');
  if ('because' in headers) return headers;
  return { ...played, reply: { status, headers: Object.fromEntries(headers.pairs), text: text('reply') } };
}

function pairsIn(
  text: string,
  sign: string,
): { readonly pairs: readonly (readonly [string, string])[] } | { readonly because: string } {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const stranger = lines.find((line) => line.indexOf(sign) < 1);
  if (stranger !== undefined) return { because: `${stranger}: no value; expected name${sign}value` };
  return {
    pairs: lines.map((line) => [line.slice(0, line.indexOf(sign)).trim(), line.slice(line.indexOf(sign) + 1).trim()]),
  };
}

function askForm(
  playground: Playground,
  operators: readonly OperatorShown[],
  form: URLSearchParams,
  formToken: string,
): Markup {
  const { operations, kinds } = playground;
  const given = (name: string, preset = ''): string => form.get(name) ?? preset;
  const same = (word: string) => [word, word] as const;
  return html`<form method="post" action="${to('/playground')}">
    ${own(formToken)}
    <fieldset>
      <legend>Callback</legend>
      <p class="hint">What is left empty is made up.</p>
      <div class="fields">
        ${select(
          'operator',
          'Operator',
          operators.map(({ name }) => same(name)),
          given('operator'),
        )}
        ${select('operation', 'Operation', operations.map(same), given('operation', 'withdraw'))}
        ${select('of', 'Rollback or lookup of a', [['', 'the usual'], ...kinds.map(same)], given('of'))}
        ${fieldNames.map((name) => field(name, name, given(name)))}
      </div>
      ${area('more', 'Further fields, a line each: session=…, receipt=…, repeat=true', given('more'))}
    </fieldset>
    <fieldset>
      <legend>Reply of the wallet</legend>
      <p class="hint">Only where a status is given.</p>
      <div class="fields">
        ${field('status', 'HTTP status', given('status'), html` inputmode="numeric" maxlength="3"`)}
      </div>
      ${area('headers', 'Headers, a line each: content-type: application/json', given('headers'))}
      ${area('reply', 'Body, as it comes', given('reply'))}
    </fieldset>
    <button>Show</button>
  </form>`;
}

/** The first line break in it is the parser's. */
const area = (name: string, label: string, text: string): Markup =>
  html`<label class="field"
    ><span>${label}</span
    ><textarea name="${name}" rows="3" spellcheck="false" maxlength="${longestReply}">
${inLines(text.replaceAll('\r\n', '\n'))}</textarea>
  </label>`;

function result(shown: Explained): Markup {
  if ('because' in shown) return html`<p class="notice bad" role="status">${shown.because}</p>`;
  const isComputed = JSON.stringify(shown.calls).includes('"standIn"');
  return html`<section aria-label="Result">
    ${shown.calls.map(call)}
    ${when(isComputed, () => html`<p class="hint"><mark>Marked</mark>: computed from a secret, so your wallet is sent something else.</p>`)}
  </section>`;
}

function call({ title, cannot, request, reply }: ExplainedCall): Markup {
  return html`<h2>${title}</h2>
    ${cannot && html`<p class="notice bad">No request, because ${spans(cannot.because)} (${cannot.result})</p>`}
    ${request && html`<pre>${written(request)}</pre>`}
    ${reply && ('rules' in reply ? verdict(reply) : html`<p class="notice bad">${spans(reply.because)}</p>`)}`;
}

const lineBreak = inLines('\n');

function written({ method, url, headers, body }: NonNullable<ExplainedCall['request']>): Markup[] {
  return [
    ...[html`${method} `, ...spans(url)],
    ...headers.flatMap(({ name, value }) => [lineBreak, html`${name}: `, ...spans(value)]),
    ...(body === undefined ? [] : [lineBreak, lineBreak, ...spans(body)]),
  ];
}

function verdict({ status, bytes, unreadable, rules, becomes: { outcome, ...said } }: ExplainedReply): Markup {
  // The first rule that holds is the one that counts; where some contradict each other, none does.
  const holding = rules.flatMap(({ held }, at) => (held === true ? [at] : []));
  const fires = holding.length > 1 && outcome === 'unknown' ? undefined : holding[0];
  const kind = outcome === 'applied' ? 'good' : outcome === 'unknown' ? 'warn' : 'plain';
  const also = Object.entries(said).map(([name, text]) => `${name}: ${text}`);
  return html`<h3>HTTP ${status}, ${bytes} bytes</h3>
    ${unreadable && html`<p class="notice bad">${spans(unreadable)}, so no rule is asked</p>`}
    <p>It becomes ${tag(kind, outcome)} ${also.join('; ')}</p>
    ${when(rules.length > 0, () =>
      table(
        'Each rule, in the order they are asked',
        ['Rule', 'Condition', 'It'],
        rules.map(({ path, text, held }, at): Value[] => [
          html`<span class="id">${path}</span>`,
          html`<code>${spans(text)}</code>`,
          typeof held === 'object'
            ? html`cannot be evaluated: ${spans(held.because)}`
            : at === fires
              ? tag('good', 'fires')
              : held
                ? 'holds'
                : 'does not hold',
        ]),
      ),
    )}`;
}

const spans = (marked: Marked): Markup[] =>
  marked.map(({ text, is }) => (is === 'plain' ? inLines(text) : html`<mark>${inLines(text)}</mark>`));
