import { proposalIdOfJob, sequenceOfId } from '@countersign/protocol/ids';
import type { LedgerEntry } from '@countersign/protocol/ledger';
import { readRehearsalId } from '../rehearsals/rehearsal-id.ts';
import type { Head } from '../schema.ts';
import { follow, type IndexAccess } from '../search/search-plan.ts';
import type { Statement } from '../storage/database.ts';
import { refuse } from '../turn/reply.ts';
import { proposalIdOfReplay } from './activity-event.ts';
import { entriesOf, storyOf } from './story.ts';

/** An id that several entries carry, such as that of a piece of evidence, is followed to the newest of them. */
const MOST_CARRIERS = 20;

/** What happened to one proposal, oldest first. */
export interface Story {
  readonly proposalId: string;
  readonly entries: readonly LedgerEntry[];
}

/** What a handle leads to. */
export interface Found {
  readonly story: Story | undefined;
  /** Of the entries that carry the handle, newest first; none where it names a proposal itself. */
  readonly sequences: readonly number[];
  /** Whether all of the record was looked through. */
  readonly isComplete: boolean;
}

/**
 * The proposal that anything belongs to: its own id, that of its job, replay, a rehearsal, a lease, a receipt, an event
 * or piece of evidence, or a sequence of the ledger.
 */
export async function findStory(
  tenant: string,
  handle: string,
  access: IndexAccess,
  head: Head,
): Promise<Found> {
  for (const proposalId of proposalsNamedBy(handle)) {
    const story = await readStory(tenant, proposalId, access);
    if (story !== undefined) return { story, sequences: [], isComplete: true };
  }
  const named = sequenceNamedBy(handle, tenant);
  if (named === undefined) await follow(tenant, access, head.seq);
  const sequences = named === undefined ? access.index().sequencesOf(handle, MOST_CARRIERS) : [named];
  const [newest] = await proposalsAt(tenant, sequences, access);
  const story = newest === undefined ? undefined : await readStory(tenant, newest, access);
  return { story, sequences, isComplete: named !== undefined || access.index().place.seq >= head.seq };
}

/** The answer to a handle that leads to nothing. */
export function nothingFound(handle: string, { isComplete }: Found) {
  return isComplete
    ? refuse('handle_not_found', `no proposal belongs to ${handle}`)
    : refuse('unavailable', `the index has not read the whole record yet; ${handle} may lie in the rest`);
}

/** Proposals whose id stands in the handle itself. */
function proposalsNamedBy(handle: string): string[] {
  const ids = [
    handle,
    proposalIdOfJob(handle),
    proposalIdOfReplay(handle),
    readRehearsalId(handle)?.proposalId,
  ];
  return ids.filter((id) => id !== undefined);
}

const SEQUENCE = /^[1-9][0-9]{0,14}$/;

function sequenceNamedBy(handle: string, tenant: string): number | undefined {
  if (SEQUENCE.test(handle)) return Number(handle);
  return sequenceOfId('lse', handle, tenant) ?? sequenceOfId('evt', handle, tenant);
}

async function readStory(
  tenant: string,
  proposalId: string,
  { database }: IndexAccess,
): Promise<Story | undefined> {
  const [found] = await database.batch([storyOf(tenant, proposalId)]);
  const entries = entriesOf(proposalId, found?.rows ?? []);
  return entries.length === 0 ? undefined : { proposalId, entries };
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
