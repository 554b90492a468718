import type { Report } from './contract-issues.ts';

const TELLING_KEY = /database_url|read_url|write_url|connection_string|password|secret|token/i;
const DATABASE_URL = /(postgres|postgresql|mysql):\/\//i;
const BEARER = /\bbearer\s+\S/i;
const LONG_RUN = /[A-Za-z0-9+/=_-]{24,}/;

/** A contract is shown to many: what looks like a credential is refused, wherever it stands, and never repeated. */
export function reportSecrets(value: unknown, report: Report, path = '$'): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    const place = Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`;
    if (typeof member === 'string' && TELLING_KEY.test(key) && looksSecret(member)) {
      report(place, 'SECRET_IN_CONTRACT', 'looks like a credential; those stay with the runner');
    }
    reportSecrets(member, report, place);
  }
}

function looksSecret(text: string): boolean {
  return DATABASE_URL.test(text) || BEARER.test(text) || LONG_RUN.test(text);
}
