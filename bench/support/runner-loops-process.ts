import { createServer } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { announceReady } from '@countersign/serve/ready-line';
import { JobFeed } from './job-feed.ts';
import { startRunnerLoops } from './runner-loops.ts';

/*
 * The loops of a runner in a process that does nothing else. Asked `POST /order?count=N`, it applies so many jobs, from
 * the first invoice on, and then answers; asked `GET /heap`, it says how many bytes are in use.
 */

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const { BENCH_DATABASE_URL = '', BENCH_LANES, BENCH_CONNECTIONS } = process.env;
const lanes = Number(BENCH_LANES);
const feed = new JobFeed(lanes);
const loops = startRunnerLoops(feed, BENCH_DATABASE_URL, { lanes, connections: Number(BENCH_CONNECTIONS) });

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
  if (pathname === '/heap') {
    collectGarbage();
    response.end(String(process.memoryUsage().heapUsed));
    return;
  }
  feed.restart();
  feed.order(Number(searchParams.get('count'))).then(
    () => response.end(),
    (fault: unknown) => response.writeHead(500).end(String(fault)),
  );
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('the server has no port');
  announceReady(`http://127.0.0.1:${address.port}`);
});
process.once('SIGTERM', async () => {
  await loops.stop();
  process.exit(0);
});
