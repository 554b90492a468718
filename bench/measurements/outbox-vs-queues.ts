import type { Bench, Measured } from '../support/bench.ts';
import { startDurablePostgres } from '../support/durable-postgres.ts';
import { startGraphileQueue } from '../support/graphile-queue.ts';
import { type HttpConnection, withConnection, withConnections } from '../support/http-connection.ts';
import { type OutboxPlane, startOutboxPlane } from '../support/outbox-plane.ts';
import { AT_ONCE, startOutboxRunner } from '../support/outbox-runner.ts';
import type { PeerQueue } from '../support/peer-queue.ts';
import { startPgBossQueue } from '../support/pgboss-queue.ts';
import { interleaved, ratios, samples, until } from '../support/rounds.ts';
import { percentile, spreadOf } from '../support/statistics.ts';
import { spreadLine } from '../support/table.ts';
import { type WebhookJob, WebhookPosts } from '../support/webhook-posts.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';

const COUNTS = {
  quick: { ours: 200, peer: 1_000, wakes: 10 },
  full: { ours: 600, peer: 5_000, wakes: 40 },
} as const;
/** Agents at work at once. */
const CLIENTS = 64;
const LOOK_EVERY_MS = 10;

interface Part {
  /** Webhooks a second, from the first request until the last is received and recorded as done. */
  readonly rate: number;
  /** Milliseconds from the request of one, with nothing else to do, until it is received: the middle, and the worst. */
  readonly wake: { readonly median: number; readonly p95: number };
}
type Parts = Record<'ours' | 'graphile' | 'pgboss', Part[]>;

/**
 * The outbox, from an agent's request over HTTP until the receiver has the webhook and the record says so, against
 * queues that a team would otherwise build on, which send the same signed POST to the same receiver. They have no HTTP,
 * no contract and no ledger between the request and the work.
 */
export async function outboxVsQueues(bench: Bench): Promise<Measured> {
  const counts = COUNTS[bench.isQuick ? 'quick' : 'full'];
  const receiver = await startWebhookReceiver();
  const outbox = await startOutboxPlane(bench);
  const runner = await startOutboxRunner(outbox, receiver);
  const postgres = await startDurablePostgres();
  const graphile = await startGraphileQueue<WebhookJob>(postgres, new WebhookPosts(receiver.url));
  const pgboss = await startPgBossQueue<WebhookJob>(postgres, new WebhookPosts(receiver.url));
  const ids = idsFrom();
  try {
    const parts: Parts = await interleaved<keyof Parts, Part>(bench.rounds, {
      ours: () => ourPart(outbox, receiver, ids, counts),
      graphile: () => peerPart(graphile, receiver, ids, counts),
      pgboss: () => peerPart(pgboss, receiver, ids, counts),
    });
    return measured(parts, counts);
  } finally {
    await graphile.stop();
    await pgboss.stop();
    await runner.stop();
    await outbox.plane.stop();
    await postgres.stop();
    await receiver.stop();
  }
}

type NextId = () => string;

function idsFrom(): NextId {
  let last = 0;
  return () => {
    last += 1;
    return `webhook-${last}`;
  };
}

type Counts = (typeof COUNTS)['quick' | 'full'];

async function ourPart(
  outbox: OutboxPlane,
  receiver: WebhookReceiver,
  nextId: NextId,
  { ours, wakes }: Counts,
): Promise<Part> {
  receiver.clear();
  const startedAt = performance.now();
  await withConnections(outbox.origin, CLIENTS, async (connections) => {
    let left = ours;
    const work = async (connection: HttpConnection) => {
      while (left > 0) {
        left -= 1;
        await outbox.intend(connection, nextId());
      }
    };
    await Promise.all(connections.map(work));
  });
  await receiver.reached(ours);
  await until('all actions have ended', async () => (await outbox.waiting()) === 0, LOOK_EVERY_MS);
  const seconds = (performance.now() - startedAt) / 1_000;
  const wake = await withConnection(outbox.origin, (connection) =>
    wakeOf(receiver, wakes, () => outbox.intend(connection, nextId())),
  );
  return { rate: ours / seconds, wake };
}

async function peerPart(
  queue: PeerQueue<WebhookJob>,
  receiver: WebhookReceiver,
  nextId: NextId,
  { peer, wakes }: Counts,
): Promise<Part> {
  await queue.clear();
  receiver.clear();
  const jobs = Array.from({ length: peer }, () => ({ id: nextId() }));
  const startedAt = performance.now();
  await queue.enqueue(jobs);
  await queue.done(peer);
  const seconds = (performance.now() - startedAt) / 1_000;
  const wake = await wakeOf(receiver, wakes, () => queue.enqueue([{ id: nextId() }]));
  return { rate: peer / seconds, wake };
}

/** One at a time: how long from asking until the receiver has it. */
async function wakeOf(
  receiver: WebhookReceiver,
  count: number,
  ask: () => Promise<void>,
): Promise<Part['wake']> {
  const taken = await samples(count, async () => {
    receiver.clear();
    const arrived = receiver.reached(1);
    const askedAt = performance.now();
    await ask();
    return (await arrived) - askedAt;
  });
  return { median: percentile(taken, 0.5), p95: percentile(taken, 0.95) };
}

function measured({ ours, graphile, pgboss }: Parts, counts: Counts): Measured {
  const rateOf = (parts: readonly Part[]) => parts.map(({ rate }) => rate);
  const wakeOfAll = (parts: readonly Part[]) => parts.map(({ wake }) => wake.median);
  const against = (peer: readonly Part[]) => ({
    rate: spreadOf(ratios(rateOf(ours), rateOf(peer))),
    wake: spreadOf(ratios(wakeOfAll(ours), wakeOfAll(peer))),
  });
  const shown = (parts: readonly Part[]) => ({
    per_second: spreadOf(rateOf(parts)),
    wake_ms: spreadOf(wakeOfAll(parts)),
    wake_p95_ms: spreadOf(parts.map(({ wake }) => wake.p95)),
  });
  const [own, g, p] = [shown(ours), shown(graphile), shown(pgboss)];
  const [toGraphile, toPgBoss] = [against(graphile), against(pgboss)];
  return {
    results: {
      outbox_vs_queues: {
        ratio: toGraphile.rate.median,
        ours: own,
        graphile_worker: { ...g, ratio_of_rates: toGraphile.rate, ratio_of_wakes: toGraphile.wake },
        pg_boss: { ...p, ratio_of_rates: toPgBoss.rate, ratio_of_wakes: toPgBoss.wake },
        jobs: counts,
        at_once: AT_ONCE,
      },
    },
    lines: [
      spreadLine('webhooks/s, intended over HTTP to confirmed', own.per_second),
      spreadLine('graphile-worker webhooks/s, enqueued to done', g.per_second),
      spreadLine('pg-boss webhooks/s, enqueued to done', p.per_second),
      spreadLine('outbox / graphile-worker', toGraphile.rate),
      spreadLine('outbox / pg-boss', toPgBoss.rate),
      spreadLine('ms from intended to received, alone', own.wake_ms),
      spreadLine('graphile-worker ms, alone', g.wake_ms),
      spreadLine('pg-boss ms, alone', p.wake_ms),
    ],
  };
}
