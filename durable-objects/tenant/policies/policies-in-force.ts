import type { PolicyDocument } from '@countersign/protocol/policy-document';
import type { InForce } from '../contracts/in-force.ts';
import type { PolicyReference } from '../settings/setting.ts';
import { Bounded } from '../turn/bounded.ts';
import type { World } from '../turn/world.ts';
import { capabilityShape } from './capability-shape.ts';
import { compileSaved } from './compile-policy.ts';
import type { CompiledPolicy } from './compiled-policy.ts';

/** Documents never change under their digest. */
const documents = new Bounded<string, PolicyDocument>(500);

/** Which policies a tenant has in force, by name. */
export function policyReferences(world: World): readonly PolicyReference[] {
  const setting = world.row('settings', 'policies');
  return setting !== undefined && Array.isArray(setting.value) ? setting.value : [];
}

/** The tenant's policies that are about this capability. */
export function policiesInForce(world: World, { capability }: InForce): readonly CompiledPolicy[] {
  const shapes = [capabilityShape(capability)];
  return policyReferences(world)
    .map(({ seq, digest }) => policyDocument(world, seq, digest))
    .filter((document) => document !== undefined)
    .map((document) => compileSaved(document, shapes))
    .filter((policy) => policy.appliesTo(capability.name));
}

/** A policy from the entry that saved it; undefined until that has been read. */
export function policyDocument(world: World, seq: number, digest: string): PolicyDocument | undefined {
  const known = documents.get(digest);
  if (known !== undefined) return known;
  const body = world.body(seq);
  if (body === undefined || !('policy' in body)) return undefined;
  documents.set(digest, body.policy);
  return body.policy;
}
