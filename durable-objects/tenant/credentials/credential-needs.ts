import type { Needs } from '../turn/needs.ts';
import type { CredentialAsk } from './credential-asks.ts';

/** The rows that a rule about credentials looks at. */
export function addCredentialNeeds({ rows }: Pick<Needs, 'rows'>, ask: CredentialAsk): void {
  if (ask.kind === 'service') rows.settings.add('services');
  if ('minted' in ask) rows.credentials.add(ask.minted.id);
  if ('credentialId' in ask) rows.credentials.add(ask.credentialId);
  if (ask.type !== 'issue-credential') return;
  for (const source of ask.wanted.sources) rows.sources.add(source);
  for (const capability of ask.wanted.capabilities ?? []) rows.capabilities.add(capability);
}
