import type { FreezeScope } from '@countersign/protocol/fleet-requests';
import type { SettingRow } from '../governance-schema.ts';
import type { World } from '../turn/world.ts';

/** A queue of jobs or actions, and the last row of it that was looked at, in the order of its lane. */
export interface ScanMark {
  readonly table: 'proposals' | 'actions';
  readonly lane: string;
  readonly rank: number;
  /** The row's key in its table: a sequence, or an id. */
  readonly key: number | string;
}

/**
 * Whoever it covers is handed no work and gets no authority to write renewed. One of a contract or an agent moves what
 * it covers out of the queues, a batch at a time, so that a claim never looks past what is frozen.
 */
export interface Freeze {
  readonly freeze_id: string;
  readonly scope: FreezeScope;
  readonly is_stop: boolean;
  readonly reason: string;
  /** `<kind>:<id>` of whoever placed it. */
  readonly by: string;
  readonly name: string;
  readonly placed_at: number;
  readonly until: number | null;
  /** `lifting`: it holds nothing back any more, and what it moved is on its way to the queues. */
  readonly state: 'in_force' | 'lifting';
  /** How far it has come through the queues; null when it is through, or has none to go through. */
  readonly scan: ScanMark | null;
}

export interface FreezeSetting {
  readonly freezes: readonly Freeze[];
  /** Attempts are numbered from above this: a record that was set back may have given any up to it before. */
  readonly attempts_above?: number;
}

/** What may be covered by a freeze. A contract that is not known (a row older than its mark) is covered by any. */
export interface Covered {
  readonly source?: string;
  readonly runner?: string;
  readonly contract?: string | null;
  readonly agent?: string;
}

export function freezeSetting(row: SettingRow | undefined): FreezeSetting {
  const value = row?.value;
  return value !== undefined && 'freezes' in value ? value : { freezes: [] };
}

export function freezesOf(world: Pick<World, 'row'>): readonly Freeze[] {
  return freezeSetting(world.row('settings', 'freezes')).freezes;
}

/** The number of the next attempt at something that was attempted so often. */
export function nextAttempt(world: Pick<World, 'row'>, attempt: number): number {
  const { attempts_above: above = 0 } = freezeSetting(world.row('settings', 'freezes'));
  return Math.max(attempt, above) + 1;
}

export function isInForce({ state, until }: Freeze, now: number): boolean {
  return state === 'in_force' && (until === null || until > now);
}

/** A freeze of rows: it moves them, where the others are looked at when somebody asks for work. */
export function isOfRows({ scope }: Pick<Freeze, 'scope'>): boolean {
  return scope.kind === 'contract' || scope.kind === 'agent';
}

/** The first freeze in force that covers this, the widest first. */
export function freezeOver(world: Pick<World, 'row'>, what: Covered, now: number): Freeze | undefined {
  return freezesOf(world).find((freeze) => isInForce(freeze, now) && covers(freeze.scope, what));
}

export function covers(scope: FreezeScope, { agent, contract, runner, source }: Covered): boolean {
  switch (scope.kind) {
    case 'project':
      return true;
    case 'source':
      return source === scope.id;
    case 'runner':
      return runner === scope.id;
    case 'agent':
      return agent === scope.id;
    case 'contract':
      return contract === null || contract === scope.id;
  }
}

/** What a queued job, or action, is of. */
export function coveredBy(row: {
  readonly contract_id: string | null;
  readonly proposer_kind: string;
  readonly proposer_id: string;
}): Covered {
  return {
    contract: row.contract_id,
    ...(row.proposer_kind === 'agent' ? { agent: row.proposer_id } : {}),
  };
}

/** The freeze that would move this row, if it stood in a queue. */
export function freezeOfRow(
  world: Pick<World, 'row'>,
  row: Parameters<typeof coveredBy>[0],
  now: number,
): Freeze | undefined {
  return freezesOf(world).find(
    (freeze) => isOfRows(freeze) && isInForce(freeze, now) && covers(freeze.scope, coveredBy(row)),
  );
}

/** The freeze that goes through the queues now: one after the other. */
export function scanOf(
  freezes: readonly Freeze[],
): { readonly freeze: Freeze; readonly mark: ScanMark } | undefined {
  for (const freeze of freezes) if (freeze.scan !== null) return { freeze, mark: freeze.scan };
  return undefined;
}

/** When the clock has something to do about freezes next: at once, where rows are on their way. Unix milliseconds. */
export function deadlinesOfFreezes(freezes: readonly Freeze[]): readonly number[] {
  return freezes.flatMap(({ placed_at, scan, state, until }) => {
    if (scan !== null || state === 'lifting') return [placed_at];
    return until === null ? [] : [until];
  });
}

const FROZEN = 'frozen/';

/** Where what a freeze has moved waits for its end. */
export function frozenLane(freezeId: string): string {
  return `${FROZEN}${freezeId}`;
}
