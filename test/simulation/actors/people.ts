import type { Ask, Caller, Key } from '@countersign/durable-objects/tenant/turn/command';
import type { Reply } from '@countersign/durable-objects/tenant/turn/reply';
import { digest } from '@countersign/protocol/canonical-json';
import { newProcess, type Process } from '../schedule.ts';
import { admin, approvers, auditor, operator } from '../tenant.ts';
import type { Known, World } from '../world.ts';

const NO_FILTER = { limit: 20 } as const;

/** People decide, all at once and on the same proposals; operators settle; an auditor reads. */
export function startPeople(world: World): void {
  for (const caller of [...approvers, admin]) void runApprover(world, newProcess('approver'), caller);
  void runOperator(world, newProcess('operator'));
  if (world.random.chance(0.3)) void runAuditor(world, newProcess('auditor'));
}

async function runApprover(world: World, self: Process, caller: Caller): Promise<void> {
  const { random, schedule, network } = world;
  const pace = random.pick([50, 300, 2_000]);
  while (!world.isCalm) {
    if (world.undecided.length === 0) await world.news(self);
    await schedule.think(self, random.between(5, pace), 'approver looks');
    if (world.isCalm) return;
    const known = random.anyOf(random.chance(0.9) ? world.undecided : world.board);
    if (known === undefined) continue;
    const ask = random.chance(0.2) ? inquiryAbout(world, known) : decisionOn(world, known);
    const call = { caller, ask, key: keyFor(world, caller, ask) };
    const reply = await network.insist(self, call, random.between(1, 4));
    if (reply?.ok !== false || reply.refusal.code !== 'look_required') continue;
    const look = { type: 'look', proposalId: known.proposalId } as const;
    await network.insist(self, { caller, ask: look, key: null }, 2);
  }
}

/** Before deciding: a question to the proposer, or a fresh look at the row. */
function inquiryAbout({ random }: World, { proposalId, effectDigest }: Known): Ask {
  if (random.chance(0.6)) return { type: 'look', proposalId };
  return {
    type: 'send-back',
    proposalId,
    question: 'why?',
    effectDigest: random.chance(0.5) ? effectDigest : null,
  };
}

function decisionOn({ random }: World, { proposalId, effectDigest }: Known): Ask {
  return {
    type: 'decide',
    proposalId,
    verdict: random.chance(0.85) ? 'approved' : 'rejected',
    reason: null,
    effectDigest: random.chance(0.9) ? effectDigest : null,
  };
}

/** Sometimes the same key again, for whatever is decided the second time. */
function keyFor({ random }: World, caller: Caller, ask: Ask): Key | null {
  if (random.chance(0.5)) return null;
  const name = caller.kind === 'person' ? caller.person : '';
  return { key: `${ask.type} ${name} ${random.chance(0.2) ? 'often' : random.text()}`, request: digest(ask) };
}

/** An export of everything. */
const NOTHING_LEFT_OUT = { status: null, capability: null, source: null, from: null, to: null };

async function runOperator(world: World, self: Process): Promise<void> {
  const { random, schedule, network } = world;
  while (!world.isCalm) {
    await schedule.think(self, random.between(1_000, 50_000), 'operator looks');
    if (world.isCalm) return;
    const known = random.anyOf(world.board);
    if (known !== undefined && !world.isDeadly && random.chance(0.3)) {
      const ask = { type: 'cancel', proposalId: known.proposalId, reason: 'no longer wanted' } as const;
      await network.insist(self, { caller: operator, ask, key: keyFor(world, operator, ask) }, 3);
    }
    await settleDeadLetters(world, self);
  }
}

async function settleDeadLetters(world: World, self: Process): Promise<void> {
  const { random, network } = world;
  const look = { type: 'list-proposals', query: { ...NO_FILTER, job_status: 'dead_letter' } } as const;
  const dead = await network.insist(self, { caller: operator, ask: look, key: null }, 2);
  for (const jobId of jobIdsIn(dead)) {
    const type = random.pick(['requeue', 'requeue', 'discard']);
    const ask = { type, jobId, reason: null } as const;
    await network.insist(self, { caller: operator, ask, key: keyFor(world, operator, ask) }, 3);
  }
}

function jobIdsIn(reply: Reply | undefined): string[] {
  if (!reply?.ok || !Array.isArray(reply.body.proposals)) return [];
  const listed: readonly { readonly job: { readonly job_id: string } | null }[] = reply.body.proposals;
  return listed.flatMap(({ job }) => (job === null ? [] : [job.job_id]));
}

/** Reads whatever there is to read; what it is told is judged with everything else. */
async function runAuditor(world: World, self: Process): Promise<void> {
  const { random, schedule, network } = world;
  while (!world.isCalm) {
    await schedule.think(self, random.between(100, 4_000), 'auditor looks');
    const proposalId = random.anyOf(world.board)?.proposalId ?? 'none';
    const ask = random.pick([
      { type: 'replay-proposal', proposalId } as const,
      { type: 'read-proposal', proposalId } as const,
      { type: 'read-ledger', limit: 50, cursor: null } as const,
      { type: 'list-proposals', query: NO_FILTER } as const,
      { type: 'list-runners', limit: 10, cursor: null } as const,
      { type: 'engine-health', hasDetails: false } as const,
      { type: 'request-export', format: 'jsonl', filter: NOTHING_LEFT_OUT } as const,
      { type: 'engine-history' } as const,
    ]);
    await network.insist(self, { caller: auditor, ask, key: null }, 1);
  }
}
