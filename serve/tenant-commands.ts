import { randomUUID } from 'node:crypto';
import { labelSchema } from '@countersign/protocol/provisioning/label';
import { provisionSchema } from '@countersign/protocol/provisioning/provision-wish';
import { foreignIdSchema } from '@countersign/protocol/values';
import { sortableId } from '@countersign/provisioner/sortable-id';
import * as z from 'zod';
import { addTenant, adoptTenant } from './add-tenant.ts';
import { loadConfig } from './load-config.ts';
import { readMacKeys } from './mac-keys.ts';
import type { Caller } from './serve-commands.ts';
import type { ServeConfig } from './serve-config.ts';
import { ServeFault } from './serve-fault.ts';
import { ensureStoreFolder } from './store-folder.ts';
import { storePaths } from './store-paths.ts';

/** The one database of a plane on one machine, and where it is. */
const HERE = { shard: 'DB', region: 'local' } as const;

/** `<issuer> <subject>`, as the directory and the ledger name people. */
const personSchema = z.string().regex(/^\S+ \S.*$/, 'must be "ISSUER SUBJECT"');

const newSchema = z.strictObject({
  label: labelSchema,
  owner: personSchema,
  owner_name: z.string().trim().min(1).max(120),
  sources: provisionSchema.shape.sources,
});
const adoptedSchema = z.strictObject({ project: foreignIdSchema, label: labelSchema, owner: personSchema });

export interface TenantMade {
  readonly project_id: string;
  readonly label: string;
  readonly owner: string;
  readonly status: 'active' | 'suspended';
}

/** Makes a tenant with one member, who owns it. Nothing may serve the store. */
export async function makeTenant(
  configPath: string,
  wish: z.input<typeof newSchema>,
  caller: Pick<Caller, 'environment'>,
): Promise<TenantMade> {
  const { label, owner, owner_name, sources } = checked(newSchema, wish);
  const { store } = await readyStore(configPath, owner, caller);
  const now = Date.now();
  const tenant = `prj_${sortableId(now)}`;
  const member = { person: owner, name: owner_name, roles: ['owner'], approval_roles: [] };
  const nonce = randomUUID();
  await addTenant(store, {
    tenant,
    label,
    ...HERE,
    now,
    nonce,
    owner,
    sources,
    members: [member],
    credentials: [],
  });
  return { project_id: tenant, label, owner, status: 'active' };
}

/** Makes room for a record that is to be restored. Nothing may serve the store. */
export async function makeRoom(
  configPath: string,
  wish: z.input<typeof adoptedSchema>,
  caller: Pick<Caller, 'environment'>,
): Promise<TenantMade> {
  const { label, owner, project } = checked(adoptedSchema, wish);
  const { store } = await readyStore(configPath, owner, caller);
  await adoptTenant(store, { tenant: project, label, owner, ...HERE, now: Date.now() });
  return { project_id: project, label, owner, status: 'suspended' };
}

/** With the keys of its tokens, which are made before there is anything that they are needed for. */
async function readyStore(
  configPath: string,
  owner: string,
  { environment }: Pick<Caller, 'environment'>,
): Promise<ServeConfig> {
  const config = await loadConfig(configPath);
  const { issuers, secrets, store } = config;
  if (!issuers.some(({ issuer }) => owner.startsWith(`${issuer} `)))
    throw invalid(
      `nobody of the issuers in ${configPath} could sign in as ${owner}`,
      'name the owner as "ISSUER SUBJECT"',
    );
  await ensureStoreFolder(store);
  await readMacKeys(secrets.token_mac_keys, storePaths(store), environment);
  return config;
}

function checked<Wish>(schema: z.ZodType<Wish>, wish: unknown): Wish {
  const parsed = schema.safeParse(wish);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ message, path }) => `${path.join('.')}: ${message}`);
  throw invalid(faults.join('; '), 'countersign help tenants');
}

function invalid(message: string, next: string): ServeFault {
  return new ServeFault({ code: 'config_invalid', message, holds: 'nothing was written', next });
}
