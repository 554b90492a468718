import type { Actor } from '@countersign/protocol/ledger';
import type { Refusal } from '@countersign/protocol/problem';
import type { Identity } from '../access/identity.ts';
import type { AskOf } from '../turn/command.ts';
import { credentialSubject, type Draft } from '../turn/event.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, type Reply, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import type { Minted, Wanted } from './credential-asks.ts';
import { credentialView, type Shown, shownAs } from './credential-view.ts';
import { permissionsOf, refusalOfScopes } from './scopes.ts';
import { livingServices, MOST_SERVICES, serviceNames } from './service-names.ts';

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
    (kind === 'service' ? refusalOfName(world, wanted.name, now) : undefined) ??
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
  return issued(world, shown, minted, identity, { now, replaces: null });
}

/** What the first service account is to be. */
interface FirstService {
  readonly minted: Minted;
  readonly name: string;
  readonly permissions: readonly string[];
  /** Unix milliseconds. */
  readonly expiresAt: number;
}

/** A service account that nobody of the project asks for: the first. */
export function issueService(
  world: World,
  { expiresAt, minted, name, permissions }: FirstService,
  actor: Actor,
  now: number,
): Outcome {
  const refusal = refusalOfName(world, name, now);
  if (refusal !== undefined) return unchanged({ ok: false, refusal });
  const shown: Shown = {
    tenant: world.tenant,
    credential_id: minted.id,
    kind: 'service',
    name,
    sources: [],
    permissions: [...permissions],
    status: 'active',
    expires_at: expiresAt,
    bindings: {},
    capabilities: null,
    targets: [],
    handlers: [],
    created_at: now,
    issued_by: `${actor.kind}:${actor.id}`,
    last_used_at: null,
  };
  return issued(world, shown, minted, { actor }, { now, replaces: null });
}

interface Circumstances {
  readonly now: number;
  readonly replaces: string | null;
}

/** The entry that begins a credential, and the answer that shows everything but the secret. */
export function issued(
  world: World,
  shown: Shown,
  { digest, macKey }: Pick<Minted, 'digest' | 'macKey'>,
  { actor }: Pick<Identity, 'actor'>,
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
    ...(macKey === undefined ? {} : { mac_key: macKey }),
    sources,
    permissions,
    expires_at,
    bindings,
    capabilities,
    ...(targets.length === 0 ? {} : { targets }),
    ...(handlers.length === 0 ? {} : { handlers }),
    ...(replaces === null ? {} : { replaces }),
    ...(kind === 'service' ? { is_named: true as const } : {}),
  };
  const reply = answer(
    { ok: true, [shownAs[kind].one]: credentialView(shown, now), secret_available: true },
    201,
  );
  const subject = credentialSubject(credential_id);
  return { reply, entries: [{ type: 'credential.issued', actor, subject, body }] };
}

/** Each tool has an account of its own: of two by one name nobody could tell which did something, or which to end. */
function refusalOfName(world: World, name: string, now: number): Refusal | undefined {
  const living = livingServices(serviceNames(world.row('settings', 'services')), now);
  if (living.some((one) => one.name === name)) {
    return {
      code: 'name_taken',
      message: 'another service account that counts has this name',
      next: 'name it after the tool that it is for, or rotate or revoke the other',
    };
  }
  if (living.length < MOST_SERVICES) return undefined;
  return {
    code: 'services_full',
    message: `there are ${MOST_SERVICES} service accounts already`,
    next: 'revoke one that is not used',
  };
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
