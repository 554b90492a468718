import { PgBoss } from 'pg-boss';
import type { DurablePostgres } from './durable-postgres.ts';
import type { PeerQueue, PeerWork } from './peer-queue.ts';
import { until } from './rounds.ts';

const QUEUE = 'guarded_write';
/** Full batches follow each other without a pause, and a new job is announced. */
const WORK = { batchSize: 100, localConcurrency: 4, burstWhenBatchFull: true } as const;

/** Starts pg-boss on a server, waiting for jobs. */
export async function startPgBossQueue<Job extends object>(
  { url }: DurablePostgres,
  work: PeerWork,
): Promise<PeerQueue<Job>> {
  const boss = new PgBoss({ connectionString: url, useListenNotify: true, schedule: false });
  const faults: unknown[] = [];
  boss.on('error', (fault) => faults.push(fault));
  await boss.start();
  await boss.createQueue(QUEUE, { notify: true });
  await boss.work<Job>(QUEUE, WORK, async (jobs) => {
    await Promise.all(jobs.map(({ data }) => work.carryOut(data)));
  });
  return {
    clear: async () => {
      work.clear();
      await boss.deleteAllJobs(QUEUE);
    },
    enqueue: async (jobs) => {
      await boss.insert(
        QUEUE,
        jobs.map((data) => ({ data })),
      );
    },
    done: async (count) => {
      await work.reached(count);
      await until('pg-boss has completed its jobs', async () => {
        if (faults.length > 0) throw new Error('pg-boss failed', { cause: faults[0] });
        const { rows } = await boss
          .getDb()
          .executeSql(`SELECT count(*)::integer AS completed FROM pgboss.job WHERE state = 'completed'`);
        return rows[0]?.completed === count;
      });
    },
    stop: async () => {
      await boss.stop({ graceful: false });
      await work.close();
    },
  };
}
