import type { Caller, Key } from '@countersign/durable-objects/tenant/turn/command';
import { digest } from '@countersign/protocol/canonical-json';
import type { RequestChange, Revise } from '@countersign/protocol/contract-requests';
import { ADJUST, CLOSE, MOST_FEE, SMALL } from '../law.ts';
import type { Process } from '../schedule.ts';
import type { World } from '../world.ts';

/** An agent: it names a capability and its arguments, answers what it is asked, and thinks better of things. */
export async function runAgent(world: World, self: Process, caller: Caller): Promise<void> {
  const { random, schedule, network } = world;
  const pace = world.isGreedy ? 1_000 : random.pick([1_000, 6_000, 30_000]);
  await schedule.think(self, random.between(5, 200), 'agent begins');
  while (!world.isCalm) {
    while (world.isCrowded) {
      await schedule.think(self, pace, 'agent waits');
      await tend(world, self, caller);
    }
    const request = requestOf(world, random.text());
    const key: Key | null = random.chance(0.7)
      ? { key: `request ${request.reason}`, request: digest(request) }
      : null;
    const call = { caller, ask: { type: 'request', request }, key } as const;
    const reply = await network.insist(self, call, random.between(1, 4));
    if (reply?.ok) {
      const proposalId = String(reply.body.proposal_id);
      world.announce(proposalId);
      if (random.chance(0.05)) await withdraw(world, self, caller, proposalId);
      else if (random.chance(0.15)) await revise(world, self, caller, proposalId);
    }
    await schedule.think(self, random.between(5, pace), 'agent thinks');
    await tend(world, self, caller);
  }
}

async function withdraw(world: World, self: Process, caller: Caller, proposalId: string): Promise<void> {
  const ask = { type: 'cancel', proposalId, reason: null } as const;
  await world.network.insist(self, { caller, ask, key: null }, 3);
}

/** Turns to whatever was sent back with a question; seldom, to something that nobody asked about. */
async function tend(world: World, self: Process, caller: Caller): Promise<void> {
  const { random } = world;
  const asked = random.anyOf(world.questioned);
  const other = random.chance(0.3) ? random.anyOf(world.undecided)?.proposalId : undefined;
  const proposalId = asked ?? other;
  if (proposalId !== undefined && !world.isCalm) await revise(world, self, caller, proposalId);
}

async function revise(world: World, self: Process, caller: Caller, proposalId: string): Promise<void> {
  const { random, network } = world;
  const args = { row: rowOf(world), fee: random.between(1, 700) };
  const request: Revise = random.pick([{ answer: 'so be it' }, { args }, { args, answer: 'better so' }]);
  await network.insist(self, { caller, ask: { type: 'revise', proposalId, request }, key: null }, 2);
}

function requestOf(world: World, reason: string): RequestChange {
  const { random, isGreedy } = world;
  const expiry = random.pick([undefined, undefined, undefined, 12, 40]);
  return {
    capability: isGreedy ? SMALL : random.pick([ADJUST[0], ADJUST[1], ADJUST[1], CLOSE, SMALL]),
    args: {
      row: rowOf(world),
      fee: random.chance(0.05) ? MOST_FEE + 1 : random.between(1, 700),
      // Whose rows they are is the credential's to say.
      ...(random.chance(0.03) ? { tenant_id: 'other' } : {}),
    },
    reason,
    ...(expiry === undefined ? {} : { expires_in_seconds: expiry }),
  };
}

/** Now and then a row that there is not. */
function rowOf({ random, customer }: World): string {
  return random.chance(0.05) ? 'row-nowhere' : (random.anyOf(customer.rows)?.id ?? 'row-0');
}
