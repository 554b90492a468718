import type { ClientMetadata } from 'oidc-provider';

const DEVICE_CODE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

export const DASHBOARD_CLIENT_ID = 'countersign-dashboard';
export const CLI_CLIENT_ID = 'countersign-cli';

/** Where the dashboard takes the authorization code, below its own address. */
export const DASHBOARD_CALLBACK_PATH = '/signed-in';
/** Where the command line takes it, on a loopback port of its choice (RFC 8252, 7.3). */
export const CLI_CALLBACK_PATH = '/callback';

/**
 * The clients of the local issuer. All are public: they hold no secret and must use PKCE.
 *
 * @param dashboardUrl where the dashboard is served
 */
export function clientsFor(dashboardUrl: string): ClientMetadata[] {
  return [
    {
      client_id: DASHBOARD_CLIENT_ID,
      client_name: 'Countersign dashboard',
      application_type: 'web',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      redirect_uris: [new URL(DASHBOARD_CALLBACK_PATH, dashboardUrl).href],
      post_logout_redirect_uris: [new URL('/', dashboardUrl).href],
    },
    {
      client_id: CLI_CLIENT_ID,
      client_name: 'Countersign command line',
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token', DEVICE_CODE_GRANT],
      response_types: ['code'],
      redirect_uris: [`http://127.0.0.1${CLI_CALLBACK_PATH}`, `http://[::1]${CLI_CALLBACK_PATH}`],
      post_logout_redirect_uris: [],
    },
  ];
}
