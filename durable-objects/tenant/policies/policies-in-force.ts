import type { PolicyDocument } from '@countersign/protocol/policy-document';
import type { InForce } from '../contracts/in-force.ts';
import type { PolicyReference } from '../settings/setting.ts';
import { Bounded } from '../turn/bounded.ts';
import type { World } from '../turn/world.ts';
import { capabilityShape } from './capability-shape.ts';
import { compileSaved } from './compile-policy.ts';
import type { CompiledPolicy } from './compiled-policy.ts';
import { expressionStatistics } from './expression-statistics.ts';
import type { CapabilityShape } from './policy-facts.ts';

/** Documents never change under their digest. */
const documents = new Bounded<string, PolicyDocument>(500);

/** Which policies a tenant has in force, by name. */
export function policyReferences(world: World): readonly PolicyReference[] {
  const setting = world.row('settings', 'policies');
  return setting !== undefined && Array.isArray(setting.value) ? setting.value : [];
}

interface Compiled {
  /** The digests of the policies, in their order. */
  readonly key: string;
  readonly policies: readonly CompiledPolicy[];
}
/** By the capability or action of a document, which lives as long as its contract is remembered. */
const compiled = new WeakMap<Named, Compiled>();

/** The tenant's policies that are about this capability. */
export function policiesInForce(world: World, { capability }: InForce): readonly CompiledPolicy[] {
  return policiesAbout(world, capability, capabilityShape);
}

type Named = { readonly name: string };

/** The tenant's policies that are about this part of a contract. */
export function policiesAbout<Thing extends Named>(
  world: World,
  thing: Thing,
  shapeOf: (thing: Thing) => CapabilityShape,
): readonly CompiledPolicy[] {
  const references = policyReferences(world);
  const key = references.map(({ digest }) => digest).join();
  const known = compiled.get(thing);
  if (known?.key === key) {
    if (known.policies.length > 0) expressionStatistics().hit();
    return known.policies;
  }
  const found = references.map(({ seq, digest }) => policyDocument(world, seq, digest));
  const shapes = [shapeOf(thing)];
  const policies = found
    .filter((document) => document !== undefined)
    .map((document) => compileSaved(document, shapes))
    .filter((policy) => policy.appliesTo(thing.name));
  // What has not been read yet is a lack of this turn, and no reason to remember a list without it.
  if (!found.includes(undefined)) compiled.set(thing, { key, policies });
  return policies;
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
