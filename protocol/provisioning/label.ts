import * as z from 'zod';

/** Names that a page, a mail server or an attacker would use, or that read as ours. */
const reserved: ReadonlySet<string> = new Set([
  ...['www', 'api', 'app', 'admin', 'auth', 'login', 'logout', 'signin', 'signup', 'sso', 'oauth', 'id'],
  ...[
    'account',
    'accounts',
    'billing',
    'dashboard',
    'console',
    'status',
    'health',
    'metrics',
    'docs',
    'help',
  ],
  ...[
    'support',
    'blog',
    'mail',
    'email',
    'smtp',
    'imap',
    'mx',
    'ns',
    'dns',
    'ftp',
    'cdn',
    'static',
    'assets',
  ],
  ...['dev', 'test', 'staging', 'prod', 'production', 'internal', 'local', 'localhost', 'root', 'system'],
  ...['security', 'abuse', 'postmaster', 'webmaster', 'hostmaster', 'noreply', 'countersign', 'synapsor'],
  ...['provisioner', 'gateway', 'runner', 'tenant', 'tenants', 'project', 'projects', 't', 'v1', 'new', 'me'],
]);

/** A label of a host name (RFC 1123), as people choose it: small letters, digits, single hyphens inside. */
const FORM = /^[a-z](?:-?[a-z0-9]){2,38}$/;

/** What a tenant is called in addresses: `https://<label>.<domain>` and `/t/<label>`. */
export const labelSchema = z
  .string()
  .max(39)
  .regex(FORM, 'must be 3 to 39 small letters, digits and single hyphens, and begin with a letter')
  .refine((label) => !reserved.has(label), 'is reserved');
