import type { Refusal } from '@countersign/protocol/problem';
import type { Identity } from '../access/identity.ts';
import type { AskOf } from '../turn/command.ts';
import { credentialSubject, type Draft } from '../turn/event.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, type Reply, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import type { Wanted } from './credential-asks.ts';
import { credentialView, type Shown, shownAs } from './credential-view.ts';
import { permissionsOf, refusalOfScopes } from './scopes.ts';

/** A new credential. The gateway made its secret and shows it once; what is kept is the digest. */
export function issueCredential(
  world: World,
  { kind, minted, wanted }: AskOf<'issue-credential'>,
  identity: Identity,
  now: number,
): Outcome {
  const refusal =
    refusalOfScopes(kind, wanted) ??
    refusalOfSources(world, wanted) ??
    refusalOfCapabilities(world, wanted) ??
    refusalOfExpiry(wanted.expiresAt, now);
  if (refusal !== undefined) return unchanged({ ok: false, refusal });
  const { name, sources, bindings, capabilities, expiresAt, handlers, targets } = wanted;
  const permissions = permissionsOf(kind, wanted);
  const shown: Shown = {
    tenant: world.tenant,
    credential_id: minted.id,
    kind,
    name,
    sources: [...sources],
    permissions,
    status: 'active',
    expires_at: expiresAt,
    bindings: { ...bindings },
    capabilities: capabilities === null ? null : [...capabilities],
    targets: [...targets],
    handlers: [...handlers],
    created_at: now,
    issued_by: `${identity.actor.kind}:${identity.actor.id}`,
    last_used_at: null,
  };
  return issued(world, shown, minted.digest, identity, { now, replaces: null });
}

interface Circumstances {
  readonly now: number;
  readonly replaces: string | null;
}

/** The entry that begins a credential, and the answer that shows everything but the secret. */
export function issued(
  world: World,
  shown: Shown,
  digest: string,
  { actor }: Identity,
  { now, replaces }: Circumstances,
): { readonly reply: Reply; readonly entries: readonly Draft[] } {
  const { credential_id, kind, name, sources, permissions, expires_at } = shown;
  const { bindings, capabilities, handlers, targets } = shown;
  if (world.credential(credential_id) !== undefined) {
    return unchanged(refuse('unavailable', 'the token could not be made; nothing was changed'));
  }
  const body = {
    credential_id,
    kind,
    name,
    digest,
    sources,
    permissions,
    expires_at,
    bindings,
    capabilities,
    ...(targets.length === 0 ? {} : { targets }),
    ...(handlers.length === 0 ? {} : { handlers }),
    ...(replaces === null ? {} : { replaces }),
  };
  const reply = answer(
    { ok: true, [shownAs[kind].one]: credentialView(shown, now), secret_available: true },
    201,
  );
  const subject = credentialSubject(credential_id);
  return { reply, entries: [{ type: 'credential.issued', actor, subject, body }] };
}

function refusalOfSources(world: World, { sources }: Wanted): Refusal | undefined {
  const unknown = sources.find((source) => world.row('sources', source) === undefined);
  if (unknown === undefined) return undefined;
  return { code: 'source_unknown', message: `there is no source ${unknown} in this project` };
}

/** A name that no contract has would be a limit that somebody else fills later. */
function refusalOfCapabilities(world: World, { capabilities }: Wanted): Refusal | undefined {
  const unknown = capabilities?.find((one) => (world.row('capabilities', one)?.version_id ?? null) === null);
  if (unknown === undefined) return undefined;
  return { code: 'capability_unknown', message: `no contract in force has the capability ${unknown}` };
}

export function refusalOfExpiry(expiresAt: number | null, now: number): Refusal | undefined {
  if (expiresAt === null || expiresAt > now) return undefined;
  return { code: 'validation_failed', message: '$.expires_at: must lie in the future, in Unix seconds' };
}
