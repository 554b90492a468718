import { system } from '../access/identity.ts';
import type { ProposalRow } from '../schema.ts';
import type { Draft } from '../turn/event.ts';
import type { World } from '../turn/world.ts';
import { afterRehearsal } from './after-rehearsal.ts';

/** No runner answered in time: the proposal goes on without. */
export function missedRehearsal(world: World, row: ProposalRow, now: number): readonly Draft[] {
  const { rehearsal } = row;
  const body = world.body(row.body_seq);
  if (rehearsal === null || body === undefined) return [];
  const missed: Draft = {
    type: 'rehearsal.missed',
    actor: system.actor,
    subject: row.proposal_id,
    body: { number: rehearsal.number, until: rehearsal.until },
  };
  if (!('capability' in body)) return [missed];
  return [missed, ...afterRehearsal(world, row, body, undefined, now)];
}
