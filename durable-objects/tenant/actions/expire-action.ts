import { system } from '../access/identity.ts';
import type { ActionRow } from '../actions-schema.ts';
import type { Draft } from '../turn/event.ts';
import { actionSubject } from './action-subject.ts';

/** Nobody let it go in time, or nobody began in time what was let go. */
export function expireAction({ action_id, expires_at }: ActionRow): Draft {
  return {
    type: 'action.expired',
    actor: system.actor,
    subject: actionSubject(action_id),
    body: { expires_at },
  };
}
