import type { IncomingMessage, ServerResponse } from 'node:http';
import { errors, type Interaction, type Provider } from 'oidc-provider';
import { consentPage, messagePage, signInPage } from './interaction-pages.ts';
import { checkLogin, type Login } from './logins.ts';
import { PAGE_HEADERS } from './page.ts';

/** Far more than the sign-in form sends. */
const FORM_BYTES = 10_000;
const INTERACTION_PATH = /^\/interaction\/([\w-]+)(?:\/(sign-in|allow|cancel))?$/;

type Exchange = { provider: Provider; request: IncomingMessage; response: ServerResponse };

/** Whether the path belongs to the pages here and not to the provider. */
export function isInteraction(pathname: string): boolean {
  return pathname.startsWith('/interaction/');
}

/**
 * Answers the sign-in and consent pages. A form posted from another site comes without the interaction's
 * cookie (SameSite), so it finds no interaction.
 */
export async function handleInteraction(
  exchange: Exchange,
  pathname: string,
  logins: readonly Login[],
): Promise<void> {
  const { provider, request, response } = exchange;
  const [, uid, step] = INTERACTION_PATH.exec(pathname) ?? [];
  if (uid === undefined || request.method !== (step === undefined ? 'GET' : 'POST')) {
    return sendPage(response, 404, messagePage('Not found', 'There is no such page.'));
  }
  let interaction: Interaction;
  try {
    interaction = await provider.interactionDetails(request, response);
  } catch (cause) {
    if (!(cause instanceof errors.SessionNotFound)) throw cause;
    return sendPage(
      response,
      400,
      messagePage('Too late', 'This sign-in has expired. Go back and start it again.'),
    );
  }
  const path = `/interaction/${uid}`;
  if (step === 'cancel') return cancel(exchange);
  if (step === 'sign-in' && interaction.prompt.name === 'login')
    return signIn(exchange, interaction, path, logins);
  if (step === 'allow' && interaction.prompt.name === 'consent') return allow(exchange, interaction);
  // Also for a step that does not fit the prompt, such as a form from the browser's history.
  return show(exchange, interaction, path);
}

async function show({ provider, response }: Exchange, interaction: Interaction, path: string): Promise<void> {
  const clientName = await clientNameOf(provider, interaction);
  if (interaction.prompt.name === 'consent') {
    return sendPage(response, 200, consentPage(path, clientName, interaction.session?.accountId ?? ''));
  }
  sendPage(response, 200, signInPage(path, clientName, interaction.params.login_hint ?? '', null));
}

async function signIn(
  exchange: Exchange,
  interaction: Interaction,
  path: string,
  logins: readonly Login[],
): Promise<void> {
  const { provider, request, response } = exchange;
  const form = await readForm(request);
  if (form === null) return sendPage(response, 413, messagePage('Too much', 'That form is too large.'));
  const email = form.get('email') ?? '';
  const login = checkLogin(logins, email, form.get('password') ?? '');
  if (login === null) {
    const clientName = await clientNameOf(provider, interaction);
    return sendPage(response, 403, signInPage(path, clientName, email, 'Email and password do not match.'));
  }
  const result = { login: { accountId: login.sub } };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

async function allow({ provider, request, response }: Exchange, interaction: Interaction): Promise<void> {
  const grant = new provider.Grant({
    clientId: interaction.params.client_id,
    accountId: interaction.session?.accountId ?? '',
  });
  grant.addOIDCScope(interaction.params.scope ?? '');
  const result = { consent: { grantId: await grant.save() } };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
}

async function cancel({ provider, request, response }: Exchange): Promise<void> {
  const result = { error: 'access_denied', error_description: 'The sign-in was canceled.' };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

async function clientNameOf(provider: Provider, interaction: Interaction): Promise<string> {
  const client = await provider.Client.find(interaction.params.client_id);
  return client?.clientName ?? interaction.params.client_id;
}

/** The form's fields, or null when the body is too large. */
async function readForm(request: IncomingMessage): Promise<URLSearchParams | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > FORM_BYTES) return null;
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}

/** Sends a page of ours. */
export function sendPage(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, PAGE_HEADERS).end(text);
}
