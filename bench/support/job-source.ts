import { imageFacts } from '@countersign/runner/deploy/dockerfile';
import { type ChildServer, startChildServer } from './child-server.ts';
import type { PostgresAddress } from './durable-postgres.ts';
import type { JobOrigin, RunnerSettings } from './runner-process.ts';

/** Something that lets a runner work, and knows when that is done. */
export interface Orders {
  /** Has so many jobs applied, from the first invoice on; throws unless all end so. */
  order(count: number): Promise<void>;
  stop(): Promise<void>;
}

/** Gives one runner work, and nothing but work: what a control plane costs is not in what is measured then. */
export interface JobSource extends Orders {
  /** What a runner is given to reach it. */
  readonly jobs: JobOrigin;
}

export async function startJobSource(): Promise<JobSource> {
  const child = await startChildServer('job-source', {});
  return { ...ordersOf(child), jobs: { url: child.url.origin, token: 'not looked at' } };
}

export interface LoopsProcess extends Orders {
  readonly pid: number;
  /** What is in use of its heap when all that can be let go has been, in MB. */
  liveHeapMb(): Promise<number>;
}

/** The loops of a runner, without a network between them and their jobs, as a process of their own. */
export async function startLoopsProcess(
  { url }: PostgresAddress,
  { lanes, connections }: Required<RunnerSettings>,
): Promise<LoopsProcess> {
  const child = await startChildServer('runner-loops', {
    BENCH_DATABASE_URL: url,
    BENCH_LANES: String(lanes),
    BENCH_CONNECTIONS: String(connections),
    NODE_OPTIONS: shippedFlags(),
  });
  const liveHeapMb = async () => {
    const answer = await fetch(new URL('/heap', child.url));
    return Number(await answer.text()) / 1_024 ** 2;
  };
  return { ...ordersOf(child), pid: child.pid, liveHeapMb };
}

/** The bounds of memory that the image and the unit give Node. */
function shippedFlags(): string {
  return imageFacts()
    .entrypoint.filter((word) => word.startsWith('--'))
    .join(' ');
}

function ordersOf({ url, stop }: ChildServer): Orders {
  return {
    order: async (count) => {
      const answer = await fetch(new URL(`/order?count=${count}`, url), { method: 'POST' });
      if (!answer.ok) throw new Error(`the jobs did not all end as applied: ${await answer.text()}`);
    },
    stop,
  };
}
