import type { Identity } from '../access/identity.ts';
import type { Outcome } from '../turn/outcome.ts';
import type { World } from '../turn/world.ts';
import type { ActionAsk } from './action-asks.ts';
import { cancelAction } from './cancel-action.ts';
import { claimActions } from './claim-actions.ts';
import { confirmAction } from './confirm-action.ts';
import { decideAction } from './decide-action.ts';
import { recoverActions } from './recover-actions.ts';
import { requestAction } from './request-action.ts';
import { settleAction } from './settle-action.ts';
import { beginAction, renewAction, returnAction } from './work-action.ts';

/** The rule for each thing that can be asked about actions. */
export function applyActionRule(world: World, ask: ActionAsk, identity: Identity, now: number): Outcome {
  switch (ask.type) {
    case 'request-action':
      return requestAction(world, ask, identity, now);
    case 'decide-action':
      return decideAction(world, ask, identity, now);
    case 'cancel-action':
      return cancelAction(world, ask, identity, now);
    case 'claim-actions':
      return claimActions(world, ask, identity, now);
    case 'begin-action':
      return beginAction(world, ask, identity, now);
    case 'renew-action':
      return renewAction(world, ask, identity, now);
    case 'return-action':
      return returnAction(world, ask, identity, now);
    case 'confirm-action':
      return confirmAction(world, ask, identity, now);
    case 'settle-action':
      return settleAction(world, ask, identity, now);
    case 'recover-actions':
      return recoverActions(world, ask, identity, now);
  }
}
