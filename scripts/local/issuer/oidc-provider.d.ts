/**
 * The part of oidc-provider that the local issuer uses; the package brings no types of its own. Narrow on
 * purpose: what is not here has not been thought about yet.
 */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http';
  import type { JWK } from 'jose';

  export type StoredPayload = {
    uid?: string;
    userCode?: string;
    grantId?: string;
    /** Seconds since the epoch. */
    consumed?: number;
    [member: string]: unknown;
  };

  export type Adapter = {
    upsert(id: string, payload: StoredPayload, expiresInSeconds: number): Promise<void>;
    find(id: string): Promise<StoredPayload | undefined>;
    findByUid(uid: string): Promise<StoredPayload | undefined>;
    findByUserCode(userCode: string): Promise<StoredPayload | undefined>;
    consume(id: string): Promise<void>;
    destroy(id: string): Promise<void>;
    revokeByGrantId(grantId: string): Promise<void>;
  };

  export type Client = {
    clientId: string;
    clientName?: string;
    applicationType: 'web' | 'native';
    redirectUris: string[];
    grantTypeAllowed(grantType: string): boolean;
  };

  export type ClientMetadata = {
    client_id: string;
    client_name: string;
    application_type: 'web' | 'native';
    token_endpoint_auth_method: 'none';
    grant_types: string[];
    response_types: ['code'];
    redirect_uris: string[];
    post_logout_redirect_uris: string[];
  };

  export type Account = {
    accountId: string;
    claims(): Promise<{ sub: string; [claim: string]: unknown }>;
  };

  export type ResourceServerInfo = {
    audience: string;
    scope: string;
    accessTokenFormat: 'jwt';
    /** Seconds. */
    accessTokenTTL: number;
    jwt: { sign: { alg: string } };
  };

  export class Grant {
    constructor(init: { clientId: string; accountId: string });
    static find(id: string): Promise<Grant | undefined>;
    addOIDCScope(scope: string): void;
    save(): Promise<string>;
  }

  export type Context = {
    type: string;
    body: unknown;
    set(header: string, value: string): void;
    oidc: {
      client?: Client;
      provider: Provider;
      params: { scope?: string };
      result?: { consent?: { grantId?: string } };
      session: { accountId?: string; grantIdFor(clientId: string): string | undefined };
    };
  };

  export type Interaction = {
    prompt: { name: string };
    params: { client_id: string; scope?: string; login_hint?: string };
    session?: { accountId: string };
    grantId?: string;
  };

  export type InteractionResult =
    | { login: { accountId: string } }
    | { consent: { grantId: string } }
    | { error: string; error_description: string };

  export type Configuration = {
    adapter: (model: string) => Adapter;
    claims: Record<string, string[]>;
    clientAuthMethods: ['none'];
    clientBasedCORS: (ctx: Context, origin: string, client: Client) => boolean;
    clients: ClientMetadata[];
    cookies: { keys: string[]; names: { session: string; interaction: string; resume: string } };
    extraTokenClaims: (ctx: unknown, token: { accountId?: string }) => Promise<Record<string, unknown>>;
    features: {
      devInteractions: { enabled: false };
      dPoP: { enabled: false };
      pushedAuthorizationRequests: { enabled: false };
      userinfo: { enabled: false };
      deviceFlow: {
        enabled: true;
        userCodeInputSource: (
          ctx: Context,
          form: string,
          out: unknown,
          error: (Error & { userCode?: string }) | undefined,
        ) => Promise<void>;
        userCodeConfirmSource: (
          ctx: Context,
          form: string,
          client: Client,
          deviceInfo: unknown,
          userCode: string,
        ) => Promise<void>;
        successSource: (ctx: Context) => Promise<void>;
      };
      revocation: { enabled: true };
      rpInitiatedLogout: {
        enabled: true;
        logoutSource: (ctx: Context, form: string) => Promise<void>;
        postLogoutSuccessSource: (ctx: Context) => Promise<void>;
      };
      resourceIndicators: {
        enabled: true;
        defaultResource: () => Promise<string>;
        getResourceServerInfo: (ctx: unknown, resource: string) => Promise<ResourceServerInfo>;
      };
    };
    findAccount: (ctx: unknown, sub: string) => Promise<Account | undefined>;
    interactions: { url: (ctx: unknown, interaction: { uid: string }) => Promise<string> };
    issueRefreshToken: (ctx: unknown, client: Client) => Promise<boolean>;
    jwks: { keys: JWK[] };
    loadExistingGrant: (ctx: Context) => Promise<Grant | undefined>;
    renderError: (
      ctx: Context,
      out: { error: string; error_description?: string },
      error: Error,
    ) => Promise<void>;
    responseTypes: ['code'];
    /** Seconds. */
    ttl: Record<string, number>;
  };

  export class Provider {
    constructor(issuer: string, configuration: Configuration);
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
    on(event: 'server_error', listener: (ctx: unknown, error: Error) => void): this;
    interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<Interaction>;
    interactionFinished(
      request: IncomingMessage,
      response: ServerResponse,
      result: InteractionResult,
      options: { mergeWithLastSubmission: boolean },
    ): Promise<void>;
    Grant: typeof Grant;
    Client: { find(id: string): Promise<Client | undefined> };
    ResourceServer: new (
      identifier: string,
      info: ResourceServerInfo,
    ) => object;
    AccessToken: new (init: {
      accountId: string;
      client: Client;
      resourceServer: object;
    }) => { save(): Promise<string> };
  }

  export const errors: { SessionNotFound: new (...init: never[]) => Error; InvalidTarget: new () => Error };
}
