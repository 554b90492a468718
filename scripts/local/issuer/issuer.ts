import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { decodeJwt } from 'jose';
import { Provider } from 'oidc-provider';
import { LocalFault } from '../local-fault.ts';
import { LOOPBACK } from '../ports.ts';
import { CLI_CLIENT_ID } from './clients.ts';
import { messagePage } from './interaction-pages.ts';
import { handleInteraction, isInteraction, sendPage } from './interactions.ts';
import { type Login, loadLogins } from './logins.ts';
import { MemoryStore } from './memory-store.ts';
import { findPerson } from './people.ts';
import {
  ACCESS_TOKEN_SECONDS,
  API_RESOURCE,
  API_RESOURCE_SERVER,
  newCookieKeys,
  providerConfiguration,
} from './provider-configuration.ts';
import { loadSigningKeys, newSigningKey, rotate, type SigningKey, saveSigningKeys } from './signing-keys.ts';

/** A person's access token. */
export type MintedToken = {
  token: string;
  /** RFC 3339 UTC. */
  expiresAt: string;
};

/** The running local issuer. */
export type Issuer = {
  /** The issuer identifier and the address, which are the same. */
  url: string;
  logins: readonly Login[];
  /**
   * An access token as the command line gets it, without a browser. Only code in the issuer's own process
   * can ask; there is no way to it over HTTP.
   *
   * @throws LocalFault `unknown_person`
   */
  mintToken: (sub: string) => Promise<MintedToken>;
  /** Signs with a new key from now on. The old one stays published while its tokens can be valid. */
  rotateKeys: () => Promise<void>;
  close: () => Promise<void>;
};

/**
 * Starts the issuer on a port of 127.0.0.1.
 *
 * @param options.stateFolder where keys and passwords are kept
 * @param options.port 0 for any that is free
 * @param options.dashboardUrl where the dashboard is served, whose sign-in may return there
 */
export async function startIssuer(options: {
  stateFolder: string;
  port: number;
  dashboardUrl: string;
}): Promise<Issuer> {
  const logins = await loadLogins(options.stateFolder);
  let keys = await loadSigningKeys(options.stateFolder);
  const server = createServer();
  const url = `http://${LOOPBACK}:${await listen(server, options.port)}`;

  const store = new MemoryStore(Date.now);
  const cookieKeys = newCookieKeys();
  const providerWith = (signingKeys: readonly SigningKey[]) =>
    newProvider(url, providerConfiguration({ ...options, keys: signingKeys, store, cookieKeys }));
  let provider = providerWith(keys);
  server.on('request', (request, response) => {
    respond(provider, url, logins, request, response).catch((cause: unknown) => {
      console.error(cause);
      if (!response.headersSent)
        sendPage(response, 500, messagePage('This did not work', 'See the issuer log.'));
    });
  });

  return {
    url,
    logins,
    mintToken: (sub) => mintToken(provider, sub),
    rotateKeys: async () => {
      keys = rotate(keys, await newSigningKey(), new Date(), ACCESS_TOKEN_SECONDS);
      await saveSigningKeys(options.stateFolder, keys);
      // A provider's keys are fixed when it is made. The store carries sessions and grants over.
      provider = providerWith(keys);
    },
    close: () => close(server),
  };
}

function newProvider(url: string, configuration: ConstructorParameters<typeof Provider>[1]): Provider {
  const provider = new Provider(url, configuration);
  provider.on('server_error', (_ctx, error) => console.error(error));
  return provider;
}

async function respond(
  provider: Provider,
  url: string,
  logins: readonly Login[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // A page whose own name was pointed at 127.0.0.1 must not get to talk to the issuer as its origin.
  if (request.headers.host !== new URL(url).host) {
    return sendPage(response, 421, messagePage('Wrong address', `The local issuer is at ${url}.`));
  }
  const { pathname } = new URL(request.url ?? '/', url);
  if (isInteraction(pathname)) return handleInteraction({ provider, request, response }, pathname, logins);
  await provider.callback()(request, response);
}

async function mintToken(provider: Provider, sub: string): Promise<MintedToken> {
  const person = findPerson(sub);
  const client = await provider.Client.find(CLI_CLIENT_ID);
  if (person === null || client === undefined) {
    throw new LocalFault(`The local issuer knows nobody called ${sub}.`, { code: 'unknown_person' });
  }
  const resourceServer = new provider.ResourceServer(API_RESOURCE, API_RESOURCE_SERVER);
  const token = await new provider.AccessToken({ accountId: person.sub, client, resourceServer }).save();
  const { exp = 0 } = decodeJwt(token);
  return { token, expiresAt: new Date(exp * 1000).toISOString() };
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: LOOPBACK, port }, resolve);
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
