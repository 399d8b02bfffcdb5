// What another version of an operator's file changes, for the callback and the reply that were filled in.

import { difference, type Told } from './difference.js';
import { html, inLines, when, type Markup } from './html.js';
import { requestText, ruleWords } from './explained-text.js';
import type { Explained, ExplainedCall, Explanation, Marked, OtherVersion } from './ports.js';

export function versionSection(inUse: Explained, other: OtherVersion): Markup {
  const { problems, unread, explained } = other;
  return html`<section aria-label="Versions">
    <h2>What the pasted version changes</h2>
    ${when(unread.length > 0, () => html`<p class="notice warn">It reads what the file in use does not: ${unread.join(', ')}. That is not read here, and something made up stands for it.</p>`)}
    ${when(
      problems.length > 0,
      () =>
        html`<ul class="problems">
          ${problems.map((problem) => html`<li>${problem}</li>`)}
        </ul>`,
    )}
    ${explained === undefined ? html`<p class="notice bad">It cannot be used as it is.</p>` : changes(inUse, explained)}
  </section>`;
}

function changes(inUse: Explanation, other: Explanation): Markup {
  const parts = titlesOf(inUse, other).flatMap((title) => {
    const [before, after] = [callOf(inUse, title), callOf(other, title)];
    return [
      { title: `${title}: request`, of: difference(asked(before), asked(after)) },
      { title: `${title}: outcome`, of: difference(became(before), became(after)) },
    ];
  });
  const changed = parts.flatMap(({ title, of }) => (of === undefined ? [] : [pair(title, of)]));
  const isReplied = [inUse, other].some((one) => 'calls' in one && one.calls.some(({ reply }) => reply !== undefined));
  const same = parts.filter(({ of }) => of === undefined).map(({ title }) => title);
  return html`${changed}
  ${when(changed.length === 0, () => html`<p class="notice good">Nothing changes: it is the same to the byte.</p>`)}
  ${when(changed.length > 0 && same.length > 0, () => html`<p>Nothing changes in ${same.join(', ')}.</p>`)}
  ${when(!isReplied, () => html`<p class="hint">No reply is filled in, so no outcome is compared.</p>`)}`;
}

/** A callback may make other calls by the one than by the other. */
function titlesOf(...both: readonly Explanation[]): string[] {
  const titles = both.flatMap((one) => ('calls' in one ? one.calls.map(({ title }) => title) : ['the callback']));
  return [...new Set(titles)];
}

function callOf(explanation: Explanation, title: string): ExplainedCall | undefined {
  if ('calls' in explanation) return explanation.calls.find((call) => call.title === title);
  return { title, cannot: { because: [plain(explanation.because)], result: 'no call' } };
}

const plain = (text: string): Marked[number] => ({ text, is: 'plain' });

function asked(call: ExplainedCall | undefined): Marked {
  if (call?.request !== undefined) return requestText(call.request);
  if (call?.cannot === undefined) return [plain('no such call')];
  return [plain('no request, because '), ...call.cannot.because];
}

function became(call: ExplainedCall | undefined): Marked {
  const reply = call?.reply;
  if (reply === undefined) return [];
  if (!('rules' in reply)) return reply.because;
  const { becomes, rules, unreadable = [] } = reply;
  const words = ruleWords(reply);
  return [
    ...Object.entries(becomes).map(([name, text]) => plain(`${name}: ${text}\n`)),
    ...unreadable,
    ...rules.flatMap(({ text }, at) => [plain('\n'), ...text, plain(' '), ...(words[at] ?? [])]),
  ];
}

const pair = (title: string, [before, after]: readonly [Told, Told]): Markup =>
  html`<h3>${title}</h3>
    <div class="pair">
      <div>
        <p class="hint">In use</p>
        <pre>${before.map((span) => piece(span, (text) => html`<del>${text}</del>`))}</pre>
      </div>
      <div>
        <p class="hint">Pasted</p>
        <pre>${after.map((span) => piece(span, (text) => html`<ins>${text}</ins>`))}</pre>
      </div>
    </div>`;

function piece({ text, is, differs }: Told[number], changed: (text: Markup) => Markup): Markup {
  const shown = is === 'plain' ? inLines(text) : html`<mark>${inLines(text)}</mark>`;
  return differs ? changed(shown) : shown;
}
