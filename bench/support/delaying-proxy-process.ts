import { createConnection, createServer, type Socket } from 'node:net';
import { announceReady } from '@countersign/serve/ready-line';

/* A TCP proxy whose answers come late, as over a network: delaying-proxy.ts is how to start it. */

interface Piece {
  readonly due: number;
  readonly data: Buffer;
  readonly client: Socket;
}

const { BENCH_PROXY_TARGET_PORT, BENCH_PROXY_DELAY_MS } = process.env;
const target = { host: '127.0.0.1', port: Number(BENCH_PROXY_TARGET_PORT) };
const delayMs = Number(BENCH_PROXY_DELAY_MS);

/** All wait equally long, so whatever came first is due first. */
const pieces: Piece[] = [];
let isTimed = false;

const server = createServer((client) => {
  const upstream = createConnection(target);
  const end = () => {
    client.destroy();
    upstream.destroy();
  };
  for (const socket of [client, upstream]) {
    socket.setNoDelay(true);
    socket.on('error', end);
    socket.on('close', end);
  }
  client.on('data', (data) => upstream.write(data));
  upstream.on('data', (data) => {
    pieces.push({ due: performance.now() + delayMs, data, client });
    deliver();
  });
});

/** Hands on what is due. Timers go off a little late and never early, so that nothing arrives before its time. */
function deliver(): void {
  const now = performance.now();
  let count = 0;
  for (const { due, data, client } of pieces) {
    if (due > now) break;
    if (client.writable) client.write(data);
    count += 1;
  }
  pieces.splice(0, count);
  if (pieces.length === 0 || isTimed) return;
  isTimed = true;
  setTimeout(() => {
    isTimed = false;
    deliver();
  }, 1);
}

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('the proxy has no port');
  announceReady(`tcp://127.0.0.1:${address.port}`);
});
process.once('SIGTERM', () => process.exit(0));
