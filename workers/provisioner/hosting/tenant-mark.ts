import { textDigest } from '@countersign/protocol/canonical-json';
import type { FlyMachine } from './fly-answers.ts';

const HEX_DIGITS = 32;
const PURPOSE = 'runner';
const TENANT_KEY = 'countersign_tenant';
const PURPOSE_KEY = 'countersign_purpose';
/** Of the spec that a machine was last brought to. */
const SPEC_KEY = 'countersign_spec';

/**
 * The name of the private network of a tenant's app. It is what an app has that only its creator chooses, that nobody can
 * change later, and that others can read: so it marks whose the app is, and is there from the app's first moment. It also
 * keeps the machines of one tenant from those of another. A digest, since a network's name may hold letters, digits and
 * dashes only (fly.io/docs/networking/custom-private-networks, "Network names and IDs").
 */
export function networkOf(tenant: string): string {
  const hex = textDigest(tenant).slice('sha256:'.length);
  return `countersign-${hex.slice(0, HEX_DIGITS)}`;
}

export function machineMarks(tenant: string, specDigest: string): Readonly<Record<string, string>> {
  return { [TENANT_KEY]: tenant, [PURPOSE_KEY]: PURPOSE, [SPEC_KEY]: specDigest };
}

/** `unclear` while the machine's host cannot be reached, and the API has no configuration to show. */
export function ownerOf(machine: FlyMachine, tenant: string): 'us' | 'others' | 'unclear' {
  const config = machine.config ?? machine.incomplete_config;
  if (config === undefined || config === null) return 'unclear';
  const { metadata } = config;
  return metadata?.[TENANT_KEY] === tenant && metadata[PURPOSE_KEY] === PURPOSE ? 'us' : 'others';
}

export function specDigestOf({ config, incomplete_config }: FlyMachine): string | undefined {
  return (config ?? incomplete_config)?.metadata?.[SPEC_KEY];
}
