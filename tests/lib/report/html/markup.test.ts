import { expect, it } from 'vitest';
import { escapeHtml, html, Markup, table } from '../../../../lib/report/html/markup.ts';

it('escapes what comes from outside, in text and in attributes', () => {
  const words = `<script>alert("1")</script> & 'x'`;
  expect(html`<p title="${words}">${words}</p>`.html).not.toMatch(/<script|alert\("|'x'/);
  expect(html`<p>${[html`<b>${words}</b>`, null, false, 3]}</p>`.html).toBe(
    '<p><b>&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39;</b>3</p>',
  );
  expect(table(words, [words], [[words]])?.html).not.toContain('<script');
  expect(html`${new Markup('<i>ours</i>')}`.html).toBe('<i>ours</i>');
});

it('shows characters that turn text around or draw nothing', () => {
  expect(escapeHtml('a\u202eb\u0000c\u001b[31m\n')).toBe('a\ufffdb\ufffdc\ufffd[31m\n');
});
