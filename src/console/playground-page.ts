// An operator's file at work: a made-up callback in, the exact request out; a reply in, the rules and the verdict
// out; another version of the file in, what it changes of both out. Nothing is sent, and nothing is kept.

import { firing, requestText, ruleWords } from './explained-text.js';
import { own, type Page } from './frame.js';
import { html, inLines, to, when, type Markup, type Value } from './html.js';
import { field, select, table, tag } from './parts.js';
import type { ExplainedCall, ExplainedReply, Explained, Marked, OperatorShown, Played, Playground } from './ports.js';
import { versionSection } from './version-section.js';

/** What most callbacks have; the rest is written a line each. */
const fieldNames = ['agentID', 'userID', 'transactionID', 'roundID', 'amount', 'betAmount', 'winAmount', 'gameID'];
const longestReply = 48_000;
/** Characters; the longest preset has 13,000. */
const longestFile = 32_000;

/** A file takes the processor as its author likes, so it is compared for who may act, of a form of theirs. */
interface Comparing {
  readonly mayCompare: boolean;
  readonly isSent: boolean;
}

export async function playgroundPage(
  playground: Playground,
  operators: readonly OperatorShown[],
  form: URLSearchParams,
  who: Comparing & { readonly formToken: string },
): Promise<Page> {
  const operator = operators.find(({ name }) => name === form.get('operator'))?.name;
  const read = operator === undefined ? undefined : playedIn(form, playground, who);
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
      ${shown === undefined ? undefined : result(shown)} ${askForm(playground, operators, form, who)}`,
  };
}

function playedIn(
  form: URLSearchParams,
  { operations }: Playground,
  { mayCompare, isSent }: Comparing,
): Played | { readonly because: string } {
  const text = (name: string): string => form.get(name)?.replaceAll('\r\n', '\n') ?? '';
  const operation = operations.find((one) => one === text('operation'));
  if (operation === undefined) return { because: `no such operation; expected one of ${operations.join(', ')}` };
  const more = pairsIn(text('more'), '=');
  if ('because' in more) return more;
  const named = fieldNames.flatMap((name): [string, string][] =>
    text(name).trim() === '' ? [] : [[name, text(name).trim()]],
  );
  // A link is not enough to have a file compiled.
  const file = isSent ? text('file') : '';
  if (file !== '' && !mayCompare)
    return { because: 'you may only look, and a file may cost the bridge much: expected the token of ADMIN_TOKEN' };
  if (file.length > longestFile)
    return { because: `the pasted file is too long; expected ${longestFile} characters at most` };
  const fields = Object.fromEntries([...named, ...more.pairs]);
  const played = { operation, of: text('of'), fields, ...(file.trim() !== '' && { file }) };
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
  { formToken, mayCompare }: Comparing & { readonly formToken: string },
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
    ${when(mayCompare, () => versionField(given('file')))}
    <button>Show</button>
  </form>`;
}

const versionField = (text: string): Markup =>
  html`<fieldset>
      <legend>Another version of the file</legend>
      <p class="hint">
        What it would change of request and outcome. It is kept nowhere and not put to use, and it may read nothing the
        file in use does not.
      </p>
      ${area('file', 'The operator’s YAML, pasted', text, longestFile)}
    </fieldset>
    <script src="/console/drop.js" defer></script>`;

/** The first line break in it is the parser's. */
const area = (name: string, label: string, text: string, longest = longestReply): Markup =>
  html`<label class="field"
    ><span>${label}</span
    ><textarea name="${name}" rows="3" spellcheck="false" maxlength="${longest}">
${inLines(text.replaceAll('\r\n', '\n'))}</textarea>
  </label>`;

function result(shown: Explained): Markup {
  return html`${shown.other && versionSection(shown, shown.other)} ${inUse(shown)}`;
}

function inUse(shown: Explained): Markup {
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
    ${request && html`<pre>${spans(requestText(request))}</pre>`}
    ${reply && ('rules' in reply ? verdict(reply) : html`<p class="notice bad">${spans(reply.because)}</p>`)}`;
}

function verdict(reply: ExplainedReply): Markup {
  const { status, bytes, unreadable, rules, becomes } = reply;
  const { outcome, ...said } = becomes;
  const [fires, words] = [firing(reply), ruleWords(reply)];
  const kind = outcome === 'applied' ? 'good' : outcome === 'unknown' ? 'warn' : 'plain';
  const also = Object.entries(said).map(([name, text]) => `${name}: ${text}`);
  return html`<h3>HTTP ${status}, ${bytes} bytes</h3>
    ${unreadable && html`<p class="notice bad">${spans(unreadable)}, so no rule is asked</p>`}
    <p>It becomes ${tag(kind, outcome)} ${also.join('; ')}</p>
    ${when(rules.length > 0, () =>
      table(
        'Each rule, in the order they are asked',
        ['Rule', 'Condition', 'It'],
        rules.map(({ path, text }, at): Value[] => [
          html`<span class="id">${path}</span>`,
          html`<code>${spans(text)}</code>`,
          at === fires ? tag('good', 'fires') : spans(words[at] ?? []),
        ]),
      ),
    )}`;
}

const spans = (marked: Marked): Markup[] =>
  marked.map(({ text, is }) => (is === 'plain' ? inLines(text) : html`<mark>${inLines(text)}</mark>`));
