import { digest } from '@countersign/protocol/canonical-json';
import { EVERY, type PolicyDocument } from '@countersign/protocol/policy-document';
import type { Refusal } from '@countersign/protocol/problem';
import type { Identity } from '../access/identity.ts';
import { findAction } from '../actions/find-action.ts';
import { findInForce } from '../contracts/in-force.ts';
import type { PolicyReference } from '../settings/setting.ts';
import type { AskOf } from '../turn/command.ts';
import { policySubject } from '../turn/event.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { actionShape } from './action-shape.ts';
import { capabilityShape } from './capability-shape.ts';
import { compilePolicy, policyInvalid } from './compile-policy.ts';
import { policyDocument, policyReferences } from './policies-in-force.ts';
import type { CapabilityShape } from './policy-facts.ts';
import { unsatisfiableIn } from './who-may-approve.ts';

/**
 * A draft. It is compiled against the capabilities in force and its own tests are run; one that is saved already
 * stands as it is, in force or not, until the new one is activated.
 */
export function savePolicy(
  world: World,
  { document }: AskOf<'save-policy'>,
  identity: Identity,
  _now: number,
): Outcome {
  const refusal = refusalOf(world, document);
  if (refusal !== undefined) return unchanged({ ok: false, refusal });
  const before = world.row('policies', document.name);
  const documentDigest = digest(document);
  const isKnown = before?.newest_digest === documentDigest;
  const version = isKnown ? before.version : (before?.version ?? 0) + 1;
  const reply = answer(
    {
      ok: true,
      name: document.name,
      version,
      digest: documentDigest,
      status: before?.status === 'active' && before.active_digest === documentDigest ? 'active' : 'draft',
    },
    201,
  );
  if (isKnown) return unchanged(reply);
  const body = { name: document.name, version, digest: documentDigest, policy: document };
  const subject = policySubject(document.name);
  return { reply, entries: [{ type: 'policy.saved', actor: identity.actor, subject, body }] };
}

/** The newest draft comes into force, in the place of an older one of its name. */
export function activatePolicy(
  world: World,
  { name, digest: wanted, reason }: AskOf<'activate-policy'>,
  identity: Identity,
  _now: number,
): Outcome {
  const row = world.row('policies', name);
  if (row === undefined) return unchanged(unknown(name));
  if (row.newest_digest !== wanted) {
    return unchanged(
      refuse('decision_outdated', 'the newest draft is not the one that you looked at', 'look at it again'),
    );
  }
  const document = policyDocument(world, row.newest_seq, row.newest_digest);
  if (document === undefined) return unchanged(refuse('unavailable', 'the policy could not be read'));
  const refusal = refusalOf(world, document);
  if (refusal !== undefined) return unchanged({ ok: false, refusal });
  const reply = answer({ ok: true, name, version: row.version, status: 'active' });
  if (row.active_digest === row.newest_digest) return unchanged(reply);
  const { newest_seq: seq, newest_digest } = row;
  const in_force = withPolicy(policyReferences(world), { name, seq, digest: newest_digest });
  const body = { name, reason, by: identity.name, seq, digest: newest_digest, in_force };
  return {
    reply,
    entries: [{ type: 'policy.activated', actor: identity.actor, subject: policySubject(name), body }],
  };
}

/** Takes a policy out of force. What it has decided stands. */
export function retirePolicy(
  world: World,
  { name, reason }: AskOf<'retire-policy'>,
  identity: Identity,
  _now: number,
): Outcome {
  const row = world.row('policies', name);
  if (row === undefined) return unchanged(unknown(name));
  const reply = answer({ ok: true, name, version: row.version, status: 'retired' });
  if (row.active_seq === null) return unchanged(reply);
  const in_force = policyReferences(world).filter((one) => one.name !== name);
  const body = { name, reason, by: identity.name, in_force };
  return {
    reply,
    entries: [{ type: 'policy.retired', actor: identity.actor, subject: policySubject(name), body }],
  };
}

/** By name, so that the order in which they are judged does not depend on when they came. */
function withPolicy(standing: readonly PolicyReference[], policy: PolicyReference): PolicyReference[] {
  const others = standing.filter((one) => one.name !== policy.name);
  return [...others, policy].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Names that nothing in force has, types that do not fit, tests that fail, and what nobody could satisfy. */
function refusalOf(world: World, document: PolicyDocument): Refusal | undefined {
  const shapes = document.applies_to
    .filter((name) => name !== EVERY)
    .flatMap((name) => shapeOf(world, name) ?? []);
  const compiled = compilePolicy(document, shapes);
  if (!compiled.ok) return policyInvalid(compiled.issues);
  const { requires } = compiled.policy;
  return requires === null ? undefined : unsatisfiableIn(world, [requires]);
}

/** Of a capability or an action in force. */
function shapeOf(world: World, name: string): CapabilityShape | undefined {
  const found = findInForce(world, name);
  if (found.ok) return capabilityShape(found.inForce.capability);
  const action = findAction(world, name);
  return action.ok ? actionShape(action.inForce.action) : undefined;
}

function unknown(name: string) {
  return refuse('policy_not_found', `there is no policy ${name}`);
}
