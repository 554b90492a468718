import { type FreezeScope, freezeScopeSchema } from '@countersign/protocol/fleet-requests';

export const scopeKinds = ['source', 'contract', 'agent', 'runner', 'project'] as const;
export type ScopeKind = (typeof scopeKinds)[number];

/** What a freeze of each holds back. */
export const heldBack: Readonly<Record<ScopeKind, string>> = {
  source: 'the changes and rehearsals of the source',
  contract: 'changes and actions under the contract, whatever version; not rehearsals and tasks',
  agent: 'changes and actions that the agent proposed, by the id of its credential; not rehearsals and tasks',
  runner: 'whatever that runner would be handed; others may be handed it',
  project: 'all work: changes, rehearsals, actions and tasks',
};

const HOUR_MS = 3_600_000;
/** How long, in milliseconds; null is until somebody lifts it. */
export const lengths = [
  ['until somebody lifts it', null],
  ['30 minutes', HOUR_MS / 2],
  ['2 hours', 2 * HOUR_MS],
  ['1 day', 24 * HOUR_MS],
] as const satisfies readonly (readonly [string, number | null])[];

/** Undefined while it does not say what is to be frozen. */
export function scopeOf(kind: ScopeKind, id: string): FreezeScope | undefined {
  const parsed = freezeScopeSchema.safeParse(kind === 'project' ? { kind } : { kind, id: id.trim() });
  return parsed.success ? parsed.data : undefined;
}
