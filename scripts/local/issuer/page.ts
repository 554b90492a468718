import { createHash } from 'node:crypto';
import { html, Markup } from './html.ts';

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; }
main { box-sizing: border-box; width: min(24rem, 100vw); padding: 2rem 1.5rem; }
h1 { font-size: 1.4rem; margin: 0 0 1rem; }
label { display: block; margin: 0.9rem 0 0.2rem; font-weight: 600; }
input { box-sizing: border-box; width: 100%; padding: 0.6rem; font: inherit; border: 1px solid; border-radius: 6px; }
button { width: 100%; margin-top: 0.9rem; padding: 0.7rem; font: inherit; border: 1px solid; border-radius: 6px; cursor: pointer; }
button.first { background: #1d4ed8; border-color: #1d4ed8; color: #fff; font-weight: 600; }
:focus-visible { outline: 3px solid #f59e0b; outline-offset: 2px; }
[role='alert'] { margin: 0 0 1rem; padding: 0.6rem 0.8rem; border-left: 4px solid #dc2626; }
code { font-size: 1.5rem; letter-spacing: 0.1em; }
`;

const styleHash = createHash('sha256').update(STYLE).digest('base64');

/**
 * Sent with every page: no script, no frame, no style but our own. It has no `form-action`, since browsers
 * hold the redirect back to the client, on whatever port that is, against it too.
 */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; frame-ancestors 'none'`,
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** A whole page. */
export function page(title: string, content: Markup): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Countersign (local)</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`.text;
}

/** A paragraph that a screen reader reads at once, or nothing. */
export function alert(message: string | null): Markup {
  return message === null ? html`` : html`<p role="alert">${message}</p>`;
}
