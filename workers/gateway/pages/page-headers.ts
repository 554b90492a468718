import type { Settings } from '../settings.ts';

/**
 * What a page may do: run our own files and nothing else, ask this plane and the issuers, be framed by nobody. Nothing
 * of a proposal is ever made into markup; should that happen all the same, the browser refuses to.
 */
export function pageHeaders({ issuers }: Pick<Settings, 'issuers'>): Record<string, string> {
  const asked = issuers.flatMap(({ dashboard, issuer }) =>
    dashboard === undefined ? [] : [new URL(issuer).origin, ...dashboard.origins],
  );
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src ${["'self'", ...new Set(asked)].join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ];
  return {
    'content-security-policy': policy.join('; '),
    'cache-control': 'no-cache',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  };
}
