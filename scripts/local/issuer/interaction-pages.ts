import { html } from './html.ts';
import { alert, page } from './page.ts';

/**
 * The sign-in page.
 *
 * @param path the interaction's own path, which the forms post below
 * @param email what to put into the field, as it came from the request
 */
export function signInPage(path: string, clientName: string, email: string, message: string | null): string {
  // The field that is still empty gets the cursor.
  const [emailFocus, passwordFocus] = email === '' ? [html` autofocus`, html``] : [html``, html` autofocus`];
  return page(
    'Sign in',
    html`${alert(message)}
<p>to continue to ${clientName}</p>
<form method="post" action="${path}/sign-in">
<label for="email">Email</label>
<input id="email" name="email" type="email" value="${email}" autocomplete="username" required${emailFocus}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required${passwordFocus}>
<button class="first" type="submit">Sign in</button>
</form>
<form method="post" action="${path}/cancel"><button type="submit">Cancel</button></form>
<p>The local people and their passwords are printed by <b>npm start</b>.</p>`,
  );
}

/** The page that asks whether a client may act for the person who is signed in. */
export function consentPage(path: string, clientName: string, personEmail: string): string {
  return page(
    'Allow access?',
    html`<p><b>${clientName}</b> wants to act as <b>${personEmail}</b>.</p>
<p>Go on only if you have just started this yourself.</p>
<form method="post" action="${path}/allow"><button class="first" type="submit" autofocus>Allow</button></form>
<form method="post" action="${path}/cancel"><button type="submit">Cancel</button></form>`,
  );
}

/** The page for whatever ends a sign-in early. */
export function messagePage(title: string, message: string): string {
  return page(title, html`<p>${message}</p>`);
}
