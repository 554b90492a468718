import type { Admitted } from '../limits/admission.ts';
import type { LookPlan } from '../queries/look.ts';
import type { Caller } from '../turn/command.ts';
import { answer } from '../turn/reply.ts';
import { followLedger } from './follow-ledger.ts';
import type { LiveLook } from './live-asks.ts';

/** Where the feed is entered: what of it only memory knows. */
export interface LiveDoor {
  /** Whether another socket may be opened. */
  room(): Admitted;
  /** Keeps a ticket, by its digest; returns until when it counts, in Unix milliseconds. */
  keep(digest: string, caller: Caller): number;
}

/** A ticket for whoever may watch, or what they see from now on. */
export function watchLive(tenant: string, { wish }: LiveLook, caller: Caller, door: LiveDoor): LookPlan {
  if (wish.kind === 'follow') return followLedger(tenant, caller, wish.from);
  return {
    statements: [],
    answer: () => {
      // A browser does not say why an upgrade was refused, so whatever can be refused is refused here.
      const room = door.room();
      if (!room.isAdmitted) return room.reply;
      const until = door.keep(wish.ticket.digest, caller);
      return answer({ ok: true, secret_available: true, expires_at: new Date(until).toISOString() }, 201);
    },
  };
}
