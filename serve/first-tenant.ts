import type { NewTenant } from '@countersign/provisioner/create-tenant';
import type { FirstProject } from './serve-config.ts';

/**
 * Who sends requests without a token where nobody is asked who they are. No issuer can be configured by this name, since
 * it is no URL: nobody can sign in as this person once people are asked again.
 */
export const LOCAL_PERSON = 'insecure-localhost local';

/** Its own project: the door that stands open here leads into none that was there before. */
const INSECURE_PROJECT = 'prj_insecure_localhost';
const INSECURE_LABEL = 'insecure-localhost';

export const INSECURE_WARNING =
  'AUTHENTICATION IS DISABLED (--insecure-localhost): whoever reaches this port of this machine is the owner of the project';

/** The project of a first run: nobody is in it, and nobody gets in but by the bootstrap token. */
export function firstTenant(first: FirstProject | undefined): NewTenant | undefined {
  if (first === undefined) return undefined;
  const { label, project_id: tenant, sources } = first;
  return { ...common(), tenant, label, sources, members: [] };
}

/** The project of a plane that asks nobody who they are, and its owner. */
export function insecureTenant(first: FirstProject | undefined): NewTenant {
  return {
    ...common(),
    tenant: INSECURE_PROJECT,
    label: INSECURE_LABEL,
    sources: first?.sources ?? [],
    members: [{ person: LOCAL_PERSON, name: 'local', roles: ['owner'], approval_roles: [] }],
  };
}

function common() {
  return { shard: 'DB', region: 'local', now: Date.now(), nonce: crypto.randomUUID(), credentials: [] };
}
