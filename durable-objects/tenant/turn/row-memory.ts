import { storedKeys } from '../idempotency/stored-key.ts';
import { queueLane } from '../proposals/lane.ts';
import type {
  CredentialRow,
  Head,
  IdempotencyRow,
  MemberRow,
  ProposalRow,
  RunnerRow,
  SourceRow,
} from '../schema.ts';
import { readAhead } from '../storage/read.ts';
import { Bounded } from './bounded.ts';
import type { Submission } from './event.ts';
import type { Needs } from './needs.ts';
import { QueueMemory } from './queue-memory.ts';
import type { Changes, Rows, Sealed } from './world.ts';

/** How many rows of a kind are remembered. Open proposals that people and runners work on at once are fewer. */
const MOST_ROWS = 1_000;
/** Characters. A larger submission is read again rather than kept. */
const LARGEST_SUBMISSION = 16_384;

/**
 * Rows as they are at the head that this object saw last, so that most turns need no read. It is a hint that cannot
 * mislead: a turn that decided on it writes behind the head's guard, and so finds out when the head has moved; one
 * that would change nothing reads before it answers. To lose it costs a read.
 */
export class RowMemory {
  #head: Head | undefined;
  readonly #members = new Bounded<string, MemberRow>(MOST_ROWS);
  readonly #credentials = new Bounded<string, CredentialRow>(MOST_ROWS);
  readonly #sources = new Bounded<string, SourceRow>(MOST_ROWS);
  readonly #runners = new Bounded<string, RunnerRow>(MOST_ROWS);
  readonly #proposals = new Bounded<string, ProposalRow>(MOST_ROWS);
  readonly #submissions = new Bounded<number, string | Submission>(MOST_ROWS);
  readonly #keys = new Bounded<string, IdempotencyRow>(MOST_ROWS);
  readonly #queues = new QueueMemory();

  /**
   * Everything that these needs name, or undefined when something must be read. Keys that are not remembered are
   * taken for new ones, and who asks for who they were; the batch then carries a guard for both.
   */
  recall(needs: Needs, now: number): Rows | undefined {
    if (this.#head === undefined || needs.due || needs.events.size > 0) return undefined;
    const members = all(needs.members, this.#members);
    const credentials = all(needs.credentials, this.#credentials);
    const sources = all(needs.sources, this.#sources);
    const runners = all(needs.runners, this.#runners);
    const queued = this.#recallQueues(needs);
    if (!members || !credentials || !sources || !runners || !queued) return undefined;
    const whole = new Set([...needs.submissions, ...queued.map((row) => row.proposal_id)]);
    const proposals = all(new Set([...needs.proposals, ...whole]), this.#proposals);
    if (!proposals) return undefined;
    const wanted = proposals.filter((row) => whole.has(row.proposal_id)).map((row) => row.seq);
    const submissions = all(new Set(wanted), this.#submissions);
    const current = new Set(proposals.map((row) => row.lease_id));
    if (!submissions || [...needs.entries].some((lease) => !current.has(lease))) return undefined;
    const names = [...needs.keys].flatMap((key) => storedKeys(key, now));
    const keys = names.map((name) => this.#keys.get(name)).filter((row) => row !== undefined);
    const known = new Set(keys.map((row) => row.key));
    return {
      head: this.#head,
      members,
      credentials,
      sources,
      runners,
      proposals,
      submissions: submissions.map((body, place) => ({ seq: wanted[place] ?? 0, body })),
      keys,
      assumed: { absentKeys: names.filter((name) => !known.has(name)), members, credentials },
      entries: [],
      events: [],
      queued: queued.map((row) => row.seq),
      due: [],
      deadlines: [],
      forgotten: [],
    };
  }

  /** Takes in what was just read for these needs. Rows of another head than the remembered replace everything. */
  learn(needs: Needs, rows: Rows): void {
    if (rows.head === undefined || rows.head.nonce !== this.#head?.nonce) this.forget();
    this.#head = rows.head;
    for (const row of rows.members) this.#members.set(row.person, row);
    for (const row of rows.credentials) this.#credentials.set(row.credential_id, row);
    for (const row of rows.sources) this.#sources.set(row.source_id, row);
    for (const row of rows.runners) this.#runners.set(row.runner_id, row);
    for (const row of rows.keys) this.#keys.set(row.key, row);
    for (const row of rows.proposals) this.#keepProposal(row);
    for (const { seq, body } of rows.submissions) {
      if (typeof body !== 'string' || body.length <= LARGEST_SUBMISSION) this.#submissions.set(seq, body);
    }
    const bySeq = new Map(rows.proposals.map((row) => [row.seq, row]));
    const jobs = rows.queued.map((seq) => bySeq.get(seq)).filter((row) => row !== undefined);
    for (const [source, limit] of needs.queue) {
      const lane = queueLane(source);
      this.#queues.learn(
        source,
        readAhead(limit),
        jobs.filter((row) => row.lane === lane),
      );
    }
  }

  /** Takes in what was just written. */
  follow(changes: Changes): void {
    this.#head = changes.head;
    for (const { before, after } of changes.proposals) {
      this.#keepProposal(after);
      this.#queues.follow(before, after);
    }
    for (const { after } of changes.runners) this.#runners.set(after.runner_id, after);
    for (const row of changes.keys) this.#keys.set(row.key, row);
    for (const sealed of changes.entries) this.#keepSubmission(sealed);
  }

  forget(): void {
    this.#head = undefined;
    for (const rows of [this.#members, this.#credentials, this.#sources, this.#runners]) rows.clear();
    for (const rows of [this.#proposals, this.#submissions, this.#keys, this.#queues]) rows.clear();
  }

  #recallQueues(needs: Needs): readonly ProposalRow[] | undefined {
    const queues = [...needs.queue].map(([source, limit]) => this.#queues.recall(source, limit));
    const known = queues.filter((jobs) => jobs !== undefined);
    return known.length === queues.length ? known.flat() : undefined;
  }

  /** One that has ended is hardly ever asked for again. */
  #keepProposal(row: ProposalRow): void {
    if (row.lane === null) {
      this.#proposals.delete(row.proposal_id);
      this.#submissions.delete(row.seq);
    } else {
      this.#proposals.set(row.proposal_id, row);
    }
  }

  #keepSubmission({ entry, bodyText }: Sealed): void {
    if (entry.type === 'proposal.submitted' && bodyText.length <= LARGEST_SUBMISSION) {
      this.#submissions.set(entry.seq, bodyText);
    }
  }
}

/** The rows of all these keys, or undefined when one is not there. */
function all<Key, Row>(keys: ReadonlySet<Key>, rows: Bounded<Key, Row>): Row[] | undefined {
  const found = [...keys].map((key) => rows.get(key)).filter((row) => row !== undefined);
  return found.length === keys.size ? found : undefined;
}
