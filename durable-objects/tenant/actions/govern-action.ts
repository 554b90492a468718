import type { Identity } from '../access/identity.ts';
import { actionShape } from '../policies/action-shape.ts';
import { judge } from '../policies/judge.ts';
import { policiesAbout } from '../policies/policies-in-force.ts';
import type { PolicyFacts } from '../policies/policy-facts.ts';
import type { Cause } from '../proposals/cause.ts';
import { combineRequirements, type Requirement, requirementOfAction } from '../proposals/requirement.ts';
import type { Counted } from '../turn/event.ts';
import type { World } from '../turn/world.ts';
import type { ActionRequested } from './action-body.ts';
import type { ActionInForce } from './find-action.ts';

/** What the law of a project says to an action: that it goes on, who must approve it, or that it may not be. */
export type GovernedAction =
  | { readonly kind: 'refused'; readonly cause: Cause }
  | { readonly kind: 'review'; readonly requirements: readonly Requirement[]; readonly cause: Cause | null }
  | { readonly kind: 'let_go'; readonly by: string | null; readonly counted: readonly Counted[] };

type Asked = Pick<
  ActionRequested,
  'action' | 'args' | 'input' | 'tenant_id' | 'principal' | 'target' | 'reason' | 'contract'
>;

/** Policies can always refuse and ask for more; they approve only where the contract leaves that to them. */
export function governAction(
  world: World,
  inForce: ActionInForce,
  asked: Asked,
  agent: Pick<Identity, 'actor' | 'name'>,
  now: number,
): GovernedAction {
  const { action } = inForce;
  const policies = policiesAbout(world, action, actionShape);
  const own = requirementOfAction(action);
  const judgement = judge(policies, factsOfAction(inForce, asked, agent, now), (key) =>
    world.row('counters', key),
  );
  const { mode } = action.approval;
  if (judgement.kind === 'refuse')
    return { kind: 'refused', cause: causeOf(judgement.policy, judgement.message) };
  if (judgement.kind === 'ask') {
    const requirements = combineRequirements(mode === 'none' ? [] : [own], judgement.requirements);
    return { kind: 'review', requirements, cause: becauseOf(judgement.because) };
  }
  if (mode === 'none') return { kind: 'let_go', by: null, counted: [] };
  // A policy stands for one approval, never for several.
  if (judgement.kind === 'approve' && mode === 'policy' && own.approvals === 1) {
    return { kind: 'let_go', by: judgement.policy, counted: judgement.counts };
  }
  return { kind: 'review', requirements: combineRequirements([own]), cause: becauseOf(judgement.because) };
}

function factsOfAction(
  { label, contract, action }: ActionInForce,
  asked: Asked,
  { actor, name }: Pick<Identity, 'actor' | 'name'>,
  now: number,
): PolicyFacts {
  return {
    capability: asked.action,
    operation: 'action',
    row_count: 0,
    args: asked.args,
    before: {},
    after: asked.input,
    patch: asked.input,
    agent: { id: actor.id, name },
    principal: asked.principal,
    tenant_id: asked.tenant_id,
    object_id: action.business_key.map((field) => String(asked.input[field] ?? '')).join(' '),
    source_id: asked.target,
    contract: {
      name: contract.metadata?.name ?? asked.contract.contract_id,
      version: label,
      digest: asked.contract.digest,
    },
    rehearsal: { status: 'none' },
    reason: asked.reason,
    now,
  };
}

function causeOf(policy: string, message: string): Cause {
  return { by: `policy:${policy}`, message, code: 'refused_by_policy', next: message };
}

function becauseOf(because: readonly { readonly policy: string; readonly why: string }[]): Cause | null {
  const [first] = because;
  if (first === undefined) return null;
  const message = because
    .map(({ why }) => why)
    .join('; ')
    .slice(0, 1_000);
  return { by: `policy:${first.policy}`, message };
}
