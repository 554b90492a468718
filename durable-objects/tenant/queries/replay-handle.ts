import { proposalIdOfJob, sequenceOfId } from '@countersign/protocol/ids';
import { readRehearsalId } from '../rehearsals/rehearsal-id.ts';
import { follow, type IndexAccess } from '../search/search-plan.ts';
import type { Statement } from '../storage/database.ts';
import type { LookOf } from '../turn/command.ts';
import { type Reply, refuse } from '../turn/reply.ts';
import { evidenceIn } from './evidence-view.ts';
import type { LookPlan } from './look.ts';
import { entriesOf, storyOf, tellStory } from './story.ts';

/** An id that several entries carry, such as that of a piece of evidence, is followed to the newest of them. */
const MOST_CARRIERS = 20;

/**
 * The whole story of the proposal that anything belongs to: its own id, that of its job, a rehearsal, a lease, a
 * receipt, an event or piece of evidence, or a sequence of the ledger.
 */
export function replayHandle(
  tenant: string,
  { handle }: LookOf<'replay-handle'>,
  access: IndexAccess,
): LookPlan {
  const story = (proposalId: string) => replayOf(tenant, proposalId, access);
  return {
    statements: [],
    answer: async (_results, { head }) => {
      for (const proposalId of proposalsNamedBy(handle)) {
        const found = await story(proposalId);
        if (found !== undefined) return found;
      }
      const named = sequenceNamedBy(handle, tenant);
      if (named === undefined) await follow(tenant, access, head.seq);
      const sequences = named === undefined ? access.index().sequencesOf(handle, MOST_CARRIERS) : [named];
      const [newest] = await proposalsAt(tenant, sequences, access);
      const found = newest === undefined ? undefined : await story(newest);
      if (found !== undefined) return found;
      return named === undefined && access.index().place.seq < head.seq
        ? refuse('unavailable', `the index has not read the whole record yet; ${handle} may lie in the rest`)
        : refuse('handle_not_found', `no proposal belongs to ${handle}`);
    },
  };
}

/** Proposals whose id stands in the handle itself. */
function proposalsNamedBy(handle: string): string[] {
  return [handle, proposalIdOfJob(handle), readRehearsalId(handle)?.proposalId].filter(
    (id) => id !== undefined,
  );
}

const SEQUENCE = /^[1-9][0-9]{0,14}$/;

function sequenceNamedBy(handle: string, tenant: string): number | undefined {
  return SEQUENCE.test(handle) ? Number(handle) : sequenceOfId('lse', handle, tenant);
}

async function replayOf(
  tenant: string,
  proposalId: string,
  { database }: IndexAccess,
): Promise<Reply | undefined> {
  const [found] = await database.batch([storyOf(tenant, proposalId)]);
  const entries = entriesOf(proposalId, found?.rows ?? []);
  return entries.length === 0 ? undefined : tellStory(tenant, proposalId, entries, evidenceIn(entries));
}

/** The proposals that these entries are about, newest entry first. */
async function proposalsAt(
  tenant: string,
  sequences: readonly number[],
  { database }: IndexAccess,
): Promise<string[]> {
  if (sequences.length === 0) return [];
  const statement: Statement = {
    sql:
      'SELECT l.subject AS subject FROM json_each(?2) k CROSS JOIN ledger l ' +
      "WHERE l.tenant = ?1 AND l.seq = k.value AND instr(l.subject, '/') = 0 ORDER BY l.seq DESC",
    params: [tenant, JSON.stringify(sequences)],
  };
  const [found] = await database.batch([statement]);
  return (found?.rows ?? []).map(({ subject }) => String(subject));
}
