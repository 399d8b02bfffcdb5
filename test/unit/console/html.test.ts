// Whatever is put into a page is text there, and nothing of it is unseen.

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { html, inLines, to } from '../../../src/console/html.js';

describe('html', () => {
  test.each([
    ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    [`" onfocus="x' &amp;`, '&quot; onfocus=&quot;x&#39; &amp;amp;'],
    ['\u202eabc\u2066', '\\u{202e}abc\\u{2066}'],
    ['a\u0000b\n\u007f\ufeff\u2028', 'a\\u{0}b\\u{a}\\u{7f}\\u{feff}\\u{2028}'],
    ['\ud800x', '\\u{d800}x'],
  ])('writes %j as text, between tags and in an attribute', (value, written) => {
    expect(html`<p title="${value}">${value}</p>`.text).toBe(`<p title="${written}">${written}</p>`);
  });

  test('writes no text as markup', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(html`${text}`.text).not.toMatch(/[<>"'\p{Cc}\p{Cf}\p{Cs}]/u);
      }),
    );
  });

  test('takes markup of its own as it is, and nothing for nothing', () => {
    const items = ['<', 'b'].map((text) => html`<li>${text}</li>`);

    expect(html`${items}${undefined}${7}`.text).toBe('<li>&lt;</li><li>b</li>7');
  });

  test.each([
    () => html`<p class=${'a'}></p>`,
    () => html`<p ${'onclick=x'}></p>`,
    () => html`<${'script'}></script>`,
    () => html`<p title="a" ${'b'}></p>`,
  ])('refuses a value in the midst of a tag: %#', (write) => {
    expect(write).toThrow('only markup');
  });

  test('keeps the lines of what has lines, and no other hidden character', () => {
    expect(html`<pre>${inLines('a\n\tb\r<\u202e')}</pre>`.text).toBe('<pre>a\n\tb\\u{d}&lt;\\u{202e}</pre>');
  });
});

describe('to', () => {
  test('is a path of ours, whatever the ids are', () => {
    expect(to('/transaction', { agentID: 'a&b="', transactionID: '\u202e<\ud800', operator: '' })).toBe(
      '/console/transaction?agentID=a%26b%3D%22&transactionID=%E2%80%AE%3C%EF%BF%BD',
    );
  });
});
