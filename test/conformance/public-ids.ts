/** What the Cloud CLI takes for a secret wherever it stands, and prints as redacted (PROTOCOL 2.3). */
const SECRET = /syn_[A-Za-z0-9_-]{20,}/;

/** The members that hold a secret, shown once; `token` only where it is a text. */
const secrets = new Set(['token', 'runner_token', 'agent_token']);

/** Texts in an answer that the CLI would redact although they are no secrets. */
export function publicIdsIn(value: unknown, name = ''): string[] {
  if (typeof value === 'string') return !secrets.has(name) && SECRET.test(value) ? [`${name}: ${value}`] : [];
  if (Array.isArray(value)) return value.flatMap((item) => publicIdsIn(item, name));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => publicIdsIn(member, key));
}
