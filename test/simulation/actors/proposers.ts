import type { Caller, Key } from '@countersign/durable-objects/tenant/turn/command';
import { digest } from '@countersign/protocol/canonical-json';
import type { ProposeRequest } from '@countersign/protocol/proposal-requests';
import { MOST_FEE } from '../law.ts';
import { newProcess, type Process } from '../schedule.ts';
import { admin, agents, runnerSeats, SOURCES, service } from '../tenant.ts';
import type { World } from '../world.ts';
import { runAgent } from './agents.ts';
import { agentChangeSet, type Change, runnerChangeSet } from './change.ts';

const RARELY_MS = 600_000;

/** Agents, services and people propose, and repeat a request that got no answer, word for word. */
export function startProposers(world: World): void {
  const { random, isDeadly, hasAgents } = world;
  if (hasAgents) {
    const count = random.between(1, agents.length);
    for (const caller of agents.slice(0, count)) void runAgent(world, newProcess('agent'), caller);
  }
  if (!hasAgents || random.chance(0.4)) void runService(world, newProcess('service'), service);
  if (!isDeadly && random.chance(0.25)) void runService(world, newProcess('admin'), admin);
  if (random.chance(0.3)) void runSubmitter(world, newProcess('submitter'));
}

/** Somebody who sends complete change sets. */
async function runService(world: World, self: Process, caller: Caller): Promise<void> {
  const { random, schedule } = world;
  const pace = world.isDeadly ? RARELY_MS : random.pick([1_000, 6_000, 30_000]);
  await schedule.think(self, random.between(5, 200), 'service begins');
  while (!world.isCalm) {
    while (world.isCrowded) await schedule.think(self, pace, 'service waits');
    const isKeyed = random.chance(0.7);
    const request = requestOf(world, drawChange(world), random.text());
    const key: Key | null = isKeyed ? { key: `propose ${request.reason}`, request: digest(request) } : null;
    const call = { caller, ask: { type: 'propose', request }, key } as const;
    const reply = await world.network.insist(self, call, random.between(1, 4));
    if (reply?.ok) world.announce(String(reply.body.proposal_id));
    await schedule.think(self, random.between(5, pace), 'service thinks');
  }
}

/** A runner that submits complete change sets under ids of its own, and tells what it read. */
async function runSubmitter(world: World, self: Process): Promise<void> {
  const { random, schedule } = world;
  const [seat] = runnerSeats;
  if (seat === undefined) return;
  const { caller, runnerId } = seat;
  for (let place = 1; !world.isCalm; place += 1) {
    await schedule.think(self, random.between(200, 5_000), 'submitter thinks');
    const proposalId = `${random.chance(0.1) ? 'same' : `own-${place}`}.p`;
    const change = { ...drawChange(world), proposalId };
    const change_set = runnerChangeSet(change, new Date(schedule.clock(self)).toISOString());
    const request = {
      schema_version: 'synapsor.runner-proposal.v1',
      runner_id: runnerId,
      source_id: change.sourceId,
      contract: world.contractInForce,
      change_set,
    } as const;
    const reply = await world.network.insist(
      self,
      { caller, ask: { type: 'submit', request }, key: null },
      3,
    );
    if (reply?.ok) world.announce(String(reply.body.proposal_id));
    const about = random.chance(0.5) ? { proposal_id: proposalId } : {};
    const event = {
      schema_version: 'synapsor.runner-activity.v1',
      event_id: `evt-${place}`,
      event_type: 'evidence.recorded',
      runner_id: runnerId,
      source_id: change.sourceId,
      ...about,
    } as const;
    await world.network.insist(self, { caller, ask: { type: 'record', request: event }, key: null }, 3);
  }
}

function requestOf({ random }: World, change: Change, reason: string): ProposeRequest {
  const expiry = random.pick([undefined, undefined, undefined, 20, 60]);
  return {
    source_id: change.sourceId,
    change_set: agentChangeSet(change),
    reason,
    ...(expiry === undefined ? {} : { expires_in_seconds: expiry }),
  };
}

/** A change of some row at the version that it has now, or of one that somebody saw a while ago. */
function drawChange(world: World): Change {
  const { random, customer } = world;
  const row = random.anyOf(customer.rows);
  const version = row?.version ?? 1;
  return {
    sourceId: world.isDeadly ? SOURCES[0] : random.pick(SOURCES),
    row: row?.id ?? 'row-0',
    version: random.chance(0.1) ? Math.max(1, version - 1) : version,
    // Sometimes more than the contract bears.
    value: random.chance(0.05) ? MOST_FEE + 1 : random.between(1, 700),
    approvals: random.pick([1, 1, 1, 1, 2]),
    mode: random.chance(0.05) ? 'shadow' : 'review_required',
  };
}
