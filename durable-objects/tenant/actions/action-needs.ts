import type { Needs } from '../turn/needs.ts';
import type { ActionAsk } from './action-asks.ts';
import { deadLane, queueLane } from './action-lane.ts';
import { MOST_RECOVERED } from './recover-actions.ts';

/** The rows that a rule about actions is sure to look at; the others it finds out. */
export function addActionNeeds(needs: Needs, ask: ActionAsk): void {
  switch (ask.type) {
    case 'request-action': {
      const { action, after } = ask.request;
      needs.rows.capabilities.add(action);
      needs.rows.settings.add('policies');
      if (after !== undefined) needs.proposals.add(after.proposal_id);
      return;
    }
    case 'claim-actions': {
      const { limit, runner_id, targets } = ask.request;
      needs.rows.runners.add(runner_id);
      for (const target of targets) {
        needs.rows.targets.add(target);
        const lane = queueLane(target);
        needs.lanes.set(lane, (needs.lanes.get(lane) ?? 0) + limit);
      }
      return;
    }
    case 'recover-actions':
      needs.rows.targets.add(ask.request.target);
      needs.lanes.set(deadLane(ask.request.target), MOST_RECOVERED);
      return;
    default:
      needs.rows.actions.add(ask.actionId);
  }
}
