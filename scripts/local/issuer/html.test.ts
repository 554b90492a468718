import { expect, test } from 'vitest';
import { escapeHtml, html, Markup } from './html.ts';

test('a string is escaped where it is put in, for elements and for quoted attributes', () => {
  const hostile = `<b title="x" class='y'>&amp;`;
  expect(html`<p title="${hostile}">${hostile}</p>`.text).toBe(
    `<p title="${escapeHtml(hostile)}">${escapeHtml(hostile)}</p>`,
  );
  expect(escapeHtml(hostile)).toBe('&lt;b title=&quot;x&quot; class=&#39;y&#39;&gt;&amp;amp;');
});

test('markup is put in as it stands, also when it was made by the tag', () => {
  expect(html`<ul>${html`<li>${'<'}</li>`}${new Markup('<li>2</li>')}</ul>`.text).toBe(
    '<ul><li>&lt;</li><li>2</li></ul>',
  );
});
