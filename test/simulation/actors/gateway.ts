import { type HeldClaim, heldIn } from '@countersign/durable-objects/tenant/hold';
import { answer, type Reply } from '@countersign/durable-objects/tenant/turn/reply';
import { wire } from '../network.ts';
import type { SocketEnd } from '../platform/socket.ts';
import { newProcess, type Process } from '../schedule.ts';
import { ADDRESS, type RunnerSeat } from '../tenant.ts';
import type { World } from '../world.ts';

/** How long a broken connection may take to show after jobs were written to it. */
const DELIVERY_MS = 100;
const CLIENT_PATIENCE_MS = 20_000;

/**
 * A claim that waits, held as the gateway holds it: jobs go to the runner at once, and are acknowledged to the
 * object only when the runner's connection still stands a moment later. Undefined: no answer came.
 */
export function holdClaim(
  world: World,
  client: Process,
  { caller }: RunnerSeat,
  claim: HeldClaim,
): Promise<Reply | undefined> {
  return new Promise((resolve) => {
    const { schedule, random, faults, network } = world;
    let isGone = false;
    const giveUp = () => {
      resolve(undefined);
      schedule.after(world.gateway, random.between(0, 5_000), 'client is gone', () => {
        isGone = true;
      });
    };
    const waitMs = claim.request.wait_seconds * 1_000;
    const patienceMs = faults.strikes('poll_abandoned')
      ? random.between(10, waitMs)
      : waitMs + CLIENT_PATIENCE_MS;
    const patience = schedule.after(client, patienceMs, 'poll is given up', giveUp);
    const reply = (sent: Reply) => {
      if (faults.strikes('answer_lost')) return;
      network.carry('answer_delayed', client, () => {
        patience.run = undefined;
        resolve(sent);
      });
    };
    if (faults.strikes('request_lost')) return;
    network.carry('request_delayed', wire, () => {
      const poll = { waitMs, reply, isGone: () => isGone || !client.isAlive };
      world.host.hold({ kind: 'claim', address: ADDRESS, caller, claim }, (socket) => {
        if (socket === undefined) reply(nothing(world));
        else listen(world, socket, poll);
      });
    });
  });
}

interface Poll {
  readonly waitMs: number;
  readonly reply: (sent: Reply) => void;
  readonly isGone: () => boolean;
}

function listen(world: World, socket: SocketEnd, { waitMs, reply, isGone }: Poll): void {
  const { schedule, gateway } = world;
  let isAnswered = false;
  const answerOnce = (sent: Reply) => {
    if (!isAnswered) reply(sent);
    isAnswered = true;
  };
  world.openPolls.add(socket);
  socket.addEventListener('message', ({ data }) => {
    if (data === undefined || heldIn(data) !== undefined || isAnswered) return;
    answerOnce(JSON.parse(data) as Reply);
    schedule.after(gateway, DELIVERY_MS, 'delivery', () => {
      if (isGone()) socket.close();
      else if (socket.readyState === WebSocketOpen) socket.send('ack');
    });
  });
  socket.addEventListener('close', () => {
    world.openPolls.delete(socket);
    answerOnce(nothing(world));
  });
  socket.accept();
  schedule.after(gateway, waitMs, 'poll ends', () => {
    if (isAnswered) return;
    answerOnce(nothing(world));
    socket.close();
  });
}

const WebSocketOpen = 1;

/** The gateway's process dies, with all polls that it holds; another takes its place. */
export function killGateway(world: World): void {
  if (!world.faults.strikes('gateway_died')) return;
  world.gateway.isAlive = false;
  for (const socket of world.openPolls) socket.break(undefined, world.random.between(0, 8_000));
  world.openPolls.clear();
  world.gateway = newProcess('gateway');
}

function nothing(world: World): Reply {
  return answer({
    ok: true,
    jobs: [],
    rehearsals: [],
    server_time: new Date(world.schedule.clock(world.gateway)).toISOString(),
  });
}
