import { html, Markup } from './html.ts';
import { alert, page } from './page.ts';

/** The page that asks for the code that a device shows. `form` is the provider's, made safe by it. */
export function deviceCodePage(form: string, message: string | null): string {
  // The provider's field has only a placeholder for a name, which screen readers may pass over.
  const labelled = form.replace('name="user_code"', 'name="user_code" aria-label="Code"');
  return page(
    'Connect a device',
    html`${alert(message)}
<p>Enter the code that your command line shows.</p>
${new Markup(labelled)}
<button class="first" type="submit" form="op.deviceInputForm">Continue</button>`,
  );
}

/** The page that asks to compare the code. `form` is the provider's. */
export function deviceConfirmPage(form: string, clientName: string, userCode: string): string {
  return page(
    'Is this your code?',
    html`<p><b>${clientName}</b> should show this code:</p>
<p><code>${userCode}</code></p>
<p>If it shows another, or if you did not start this, cancel.</p>
${new Markup(form)}
<button class="first" type="submit" form="op.deviceConfirmForm" autofocus>It is the same</button>
<button type="submit" form="op.deviceConfirmForm" name="abort" value="yes">Cancel</button>`,
  );
}

/** The page that asks whether to end the session here. `form` is the provider's. */
export function signOutPage(form: string): string {
  return page(
    'Sign out?',
    html`${new Markup(form)}
<button class="first" type="submit" form="op.logoutForm" name="logout" value="yes" autofocus>Sign out</button>
<button type="submit" form="op.logoutForm">Stay signed in</button>`,
  );
}
