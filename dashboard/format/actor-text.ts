/**
 * Who did something, by what readers know first: `person ada@acme.example (login.acme.example)`. Whose word it is that it
 * is them is never left out: the same name at another issuer is somebody else.
 */
export function actorText(kind: string, id: string): string {
  const blank = id.indexOf(' ');
  if (kind !== 'person' || blank < 0) return `${kind} ${id}`.trim();
  const issuer = id.slice(0, blank).replace(/^https?:\/\//, '');
  return `${kind} ${id.slice(blank + 1)} (${issuer})`;
}

/** The same of `person:<issuer> <subject>`, as some answers tell it. */
export function actorTextOf(actor: string): string {
  const colon = actor.indexOf(':');
  return colon < 0 ? actor : actorText(actor.slice(0, colon), actor.slice(colon + 1));
}
