/** How this program is known to an issuer: a public client, without a secret. */
export interface OidcClient {
  readonly clientId: string;
  readonly scope: string;
}

export const USUAL_CLIENT_ID = 'countersign-cli';
export const USUAL_SCOPE = 'openid email profile';
