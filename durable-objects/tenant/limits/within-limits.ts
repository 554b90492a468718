import { isNear, type LimitMark } from '@countersign/protocol/limits';
import type { Draft } from '../turn/event.ts';
import { countersOf } from '../turn/head.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import type { World } from '../turn/world.ts';
import { LOOK_AGAIN_MS, reachedLimit } from './limit-refusal.ts';
import { nearedDraft } from './neared.ts';
import { countedInHead, type StandingLimit } from './standing-limits.ts';

/**
 * What a rule decided, where the project has room for what it makes, and a refusal where it has not. Judged by its
 * entries: a repetition that makes nothing always passes.
 */
export function withinLimits(world: World, outcome: Outcome, now: number): Outcome {
  const marks = [...madeBy(world, outcome.entries)].map(([name, made]) => markOf(world, name, made, now));
  const full = marks.find(({ limit, used }) => used > limit);
  if (full !== undefined) {
    const mark = { ...full, used: full.limit };
    return unchanged({ ok: false, refusal: reachedLimit(mark, LOOK_AGAIN_MS), near: [mark] });
  }
  const near = marks.filter(isNear);
  if (near.length === 0) return outcome;
  const noted = near.map((mark) => nearedDraft(world, mark, now)).filter((draft) => draft !== undefined);
  return { ...outcome, reply: { ...outcome.reply, near }, entries: [...outcome.entries, ...noted] };
}

function madeBy(world: World, drafts: readonly Draft[]): ReadonlyMap<StandingLimit, number> {
  const made = new Map<StandingLimit, number>();
  for (const draft of drafts) {
    const name = limitOf(world, draft);
    if (name !== undefined) made.set(name, (made.get(name) ?? 0) + 1);
  }
  return made;
}

/** The limit of what an entry makes; undefined where it makes nothing new. */
function limitOf(world: World, draft: Draft): StandingLimit | undefined {
  switch (draft.type) {
    case 'proposal.requested':
    case 'proposal.submitted':
      return world.proposal(draft.subject) === undefined ? 'open_proposals' : undefined;
    case 'action.requested':
      return 'open_actions';
    case 'run.started':
      return 'open_runs';
    case 'credential.issued':
      // A secret that may have leaked is replaced however many there are.
      return draft.body.replaces == null ? 'credentials' : undefined;
    case 'contract.pushed':
      return 'contract_versions';
    case 'runner.registered': {
      const known = world.row('runners', draft.body.runner_id);
      return known === undefined || known.status === 'archived' ? 'runners' : undefined;
    }
    default:
      return undefined;
  }
}

function markOf(world: World, name: StandingLimit, made: number, now: number): LimitMark {
  return { name, limit: world.limits[name], used: standing(world, name, now) + made };
}

function standing(world: World, name: StandingLimit, now: number): number {
  const counted = world.head === undefined ? 0 : countedInHead(name, countersOf(world.head));
  if (counted !== undefined) return counted;
  return name === 'credentials' || name === 'contract_versions' || name === 'runners'
    ? world.tally(name, now)
    : 0;
}
