import type { RehearsalReported } from '@countersign/durable-objects/tenant/turn/body';
import type { Placed } from '@countersign/durable-objects/tenant/turn/event';
import { canonicalJson } from '@countersign/protocol/canonical-json';
import type { History, Violation } from '../history.ts';
import { bySubject } from './chain.ts';
import { placedOf } from './placed.ts';

type Leased = Extract<Placed, { type: 'rehearsal.leased' }>['body'];

/**
 * A rehearsal is answered by who has it, while it counts; and what is proposed on the strength of one is what its
 * runner saw.
 */
export function checkRehearsals({ entries }: History): Violation[] {
  return [...bySubject(entries).values()].flatMap((story) => {
    const faults = faultsOf(story.map(placedOf));
    return faults.map((fault) => ({ check: 'rehearsals', detail: `${story[0]?.subject}: ${fault}` }));
  });
}

interface Asked {
  readonly until: number;
  lease: Leased | undefined;
  isOver: boolean;
}

function faultsOf(story: readonly Placed[]): string[] {
  const faults: string[] = [];
  const reports = new Map<number, RehearsalReported>();
  let asked: Asked | undefined;
  let isUnseen = false;
  let expiresAt = Number.POSITIVE_INFINITY;
  for (const [place, entry] of story.entries()) {
    const { seq, at } = entry;
    switch (entry.type) {
      case 'proposal.requested':
      case 'proposal.revised':
      case 'proposal.look_asked':
        asked = { until: entry.body.until, lease: undefined, isOver: false };
        if (entry.type === 'proposal.look_asked') break;
        isUnseen = true;
        expiresAt = entry.body.expires_at;
        break;
      case 'rehearsal.leased':
        if (asked === undefined || asked.isOver || asked.lease !== undefined)
          faults.push(`${seq} gives out a rehearsal that is not there to be given`);
        else asked.lease = entry.body;
        break;
      case 'rehearsal.reported':
        faults.push(...reportFaults(entry.body, asked, at).map((fault) => `${seq} ${fault}`));
        if (asked !== undefined) asked.isOver = true;
        reports.set(seq, entry.body);
        if (isUnseen && isDeadEnd(entry.body) && story[place + 1]?.type !== 'proposal.refused')
          faults.push(`${seq} found no row, and the proposal went on`);
        break;
      case 'rehearsal.missed':
        if (asked === undefined || asked.isOver || at < asked.until)
          faults.push(`${seq} gives up a rehearsal before its time`);
        else asked.isOver = true;
        break;
      case 'proposal.submitted': {
        isUnseen = false;
        const { requested, change_set } = entry.body;
        if (requested == null) break;
        if (at >= expiresAt) faults.push(`${seq} proposes what has expired`);
        const seen = reports.get(requested.rehearsal_seq);
        const isSo =
          seen?.status === 'done' &&
          canonicalJson(seen.before) === canonicalJson(change_set.before) &&
          'expected_version' in change_set.guards &&
          String(seen.version) === String(change_set.guards.expected_version.value);
        if (!isSo) faults.push(`${seq} proposes what no runner saw`);
        break;
      }
      case 'proposal.unrehearsed':
        if (at >= expiresAt) faults.push(`${seq} goes on with what has expired`);
        break;
      default:
        break;
    }
  }
  return faults;
}

function isDeadEnd({ status }: RehearsalReported): boolean {
  return status === 'row_not_found';
}

function reportFaults(
  { number, runner_id, credential }: RehearsalReported,
  asked: Asked | undefined,
  at: number,
): string[] {
  const lease = asked?.lease;
  if (asked === undefined || lease === undefined || asked.isOver) return ['answers what nobody has'];
  const isWhose = lease.number === number && lease.runner_id === runner_id;
  return [
    ...(isWhose ? [] : ['answers for another runner']),
    ...(lease.credential === credential ? [] : ['answers with another credential']),
    ...(at <= asked.until ? [] : ['answers too late']),
  ];
}
