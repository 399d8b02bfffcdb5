// Where a token is shown, once.

import { own, type Page } from './frame.js';
import { html, when } from './html.js';

export const enterPage = (formToken: string, next: string, isWrong: boolean): Page => ({
  title: 'Show your token',
  status: 401,
  body: html`${when(isWrong, () => html`<p class="notice bad" role="alert">That is neither token of this bridge.</p>`)}
    <form method="post" action="/console/enter">
      ${own(formToken)}<input type="hidden" name="next" value="${next}" />
      <label class="field"
        ><span>The token of ADMIN_TOKEN, or of ADMIN_VIEWER_TOKEN to look only</span>
        <input type="password" name="token" required autocomplete="current-password"
      /></label>
      <button>Enter</button>
    </form>
    <p class="hint">
      It is not kept: a cookie of this browser stands for it, for eight hours or until the bridge restarts. It is known
      to this replica alone: where you are asked again and again, several answer in turn, so open one of them.
    </p>`,
});

export const refusedPage = (title: string, status: number, sentence: string): Page => ({
  title,
  status,
  body: html`<p class="notice bad">${sentence}</p>`,
});
