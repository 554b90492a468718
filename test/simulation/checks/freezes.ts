import {
  type Covered,
  covers,
  type Freeze,
  isInForce,
} from '@countersign/durable-objects/tenant/freezes/freeze';
import type { Placed } from '@countersign/durable-objects/tenant/turn/event';
import type { History, Violation } from '../history.ts';
import { placedOf } from './placed.ts';

/** Nothing is handed out that a freeze covers which is in force by then, however far it has come through the queues. */
export function checkFreezes(history: History): Violation[] {
  const violations: Violation[] = [];
  const freezes = new Map<string, Freeze>();
  const proposals = new Map<string, Covered>();
  for (const entry of history.entries.map(placedOf)) {
    follow(freezes, proposals, entry);
    const handed = handedOut(entry);
    if (handed === undefined) continue;
    const what = { ...proposals.get(entry.subject), ...handed };
    const freeze = [...freezes.values()].find((one) => isInForce(one, entry.at) && covers(one.scope, what));
    if (freeze !== undefined && isHeldBy(freeze, entry))
      violations.push({ check: 'freezes', detail: `${entry.subject} at ${entry.seq}: ${freeze.freeze_id}` });
  }
  const left = [...freezes.keys()];
  if (left.length > 0) violations.push({ check: 'freezes', detail: `never lifted: ${left.join(', ')}` });
  return violations;
}

function follow(freezes: Map<string, Freeze>, proposals: Map<string, Covered>, entry: Placed): void {
  switch (entry.type) {
    case 'freeze.placed':
      freezes.set(entry.body.freeze.freeze_id, entry.body.freeze);
      return;
    case 'freeze.lifted':
      freezes.delete(entry.body.freeze_id);
      return;
    case 'proposal.requested':
    case 'proposal.submitted': {
      const { contract, source_id: source } = entry.body;
      const agent = entry.actor.kind === 'agent' ? { agent: entry.actor.id } : {};
      const { contract_id } = contract ?? { contract_id: null };
      proposals.set(entry.subject, {
        ...agent,
        ...proposals.get(entry.subject),
        contract: contract_id,
        source,
      });
      return;
    }
    default:
      return;
  }
}

function handedOut(entry: Placed): Covered | undefined {
  if (entry.type === 'job.leased' || entry.type === 'rehearsal.leased')
    return { runner: entry.body.runner_id };
  return undefined;
}

/** The freeze of a contract or an agent is no matter of rehearsals, which write nothing. */
function isHeldBy({ scope }: Freeze, { type }: Placed): boolean {
  return type === 'job.leased' || (scope.kind !== 'contract' && scope.kind !== 'agent');
}
