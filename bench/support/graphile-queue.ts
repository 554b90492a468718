import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import type { DurablePostgres } from './durable-postgres.ts';
import type { PeerQueue, PeerWork } from './peer-queue.ts';
import { until } from './rounds.ts';

const TASK = 'guarded_write';
const CONCURRENT = 24;
/** Room for each job in flight, and for the queue's own fetching, completing and listening. */
const POOL = CONCURRENT + 6;

/** As its documentation tunes it for throughput: jobs are fetched and completed many at a time. */
const TUNED = {
  concurrentJobs: CONCURRENT,
  maxPoolSize: POOL,
  localQueue: { size: 500 },
  completeJobBatchDelay: 0,
};

/** Starts graphile-worker on a server, waiting for jobs. */
export async function startGraphileQueue<Job extends object>(
  { url }: DurablePostgres,
  work: PeerWork,
): Promise<PeerQueue<Job>> {
  const logger = new Logger(() => () => undefined);
  const utils = await makeWorkerUtils({ connectionString: url, logger });
  const runner = await run({
    preset: { worker: TUNED },
    connectionString: url,
    logger,
    noHandleSignals: true,
    crontab: '',
    taskList: { [TASK]: (payload) => work.carryOut(payload) },
  });
  return {
    clear: async () => work.clear(),
    enqueue: async (jobs) => {
      await utils.addJobs(jobs.map((payload) => ({ identifier: TASK, payload })));
    },
    // A completed job is deleted.
    done: async (count) => {
      await work.reached(count);
      await until('graphile-worker has completed its jobs', async () => {
        const { rows } = await utils.withPgClient((client) => client.query<{ left: boolean }>(LEFT_SQL));
        return rows[0]?.left === false;
      });
    },
    stop: async () => {
      await runner.stop();
      await utils.release();
      await work.close();
    },
  };
}

const LEFT_SQL = 'SELECT EXISTS (SELECT 1 FROM graphile_worker._private_jobs) AS left';
