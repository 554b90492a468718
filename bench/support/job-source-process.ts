import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { claimRequestSchema, resultRequestSchema } from '@countersign/protocol/job-requests';
import { announceReady } from '@countersign/serve/ready-line';
import { claimedWrite, invoiceWrite } from './guarded-write.ts';

/*
 * A control plane as far as one runner needs one to work: jobs, as many as were ordered, and an answer to each result.
 * job-source.ts is how to start it, and asks it `POST /order?count=N`, which is answered when all are applied.
 */

/** A runner that has applied nothing for so long will not: whoever waits for the order is told. */
const LONGEST_SILENCE_MS = 30_000;

interface Order {
  readonly count: number;
  given: number;
  applied: number;
  readonly silence: NodeJS.Timeout;
  readonly response: ServerResponse;
}
interface HeldClaim {
  readonly limit: number;
  readonly response: ServerResponse;
}

const server = createServer((request, response) => {
  serve(request, response).catch((fault: unknown) => {
    response.writeHead(500).end(String(fault));
    end(500, String(fault));
  });
});
let order: Order | undefined;
let held: HeldClaim | undefined;

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
  const body = await bodyOf(request);
  // There are no rehearsals. A claim of them is held for as long as it takes, and does not take the place of one of jobs.
  if (pathname === '/v1/rehearsals/claim') return;
  if (pathname === '/order') {
    const silence = setTimeout(() => end(500, 'no more of them was applied'), LONGEST_SILENCE_MS);
    order = { count: Number(searchParams.get('count')), given: 0, applied: 0, silence, response };
    give();
  } else if (pathname === '/v1/writeback/jobs/claim') {
    held = { limit: claimRequestSchema.parse(body).limit, response };
    response.once('close', () => {
      if (held?.response === response) held = undefined;
    });
    give();
  } else {
    if (pathname.endsWith('/result')) take(resultRequestSchema.parse(body).status);
    else if (pathname.endsWith('/release')) end(500, 'the runner gave a job back');
    answer(response);
  }
}

/** Answers the held claim as soon as there is something to give. Between orders it is held for as long as it takes. */
function give(): void {
  if (order === undefined || held === undefined || order.given === order.count) return;
  const { limit, response } = held;
  held = undefined;
  const count = Math.min(limit, order.count - order.given);
  const first = order.given;
  order.given += count;
  const jobs = Array.from({ length: count }, (_, place) =>
    claimedWrite(invoiceWrite(0, 1, first + place), `wrp_bench_${first + place}`),
  );
  answer(response, { jobs });
}

function take(status: string): void {
  if (order === undefined) return;
  order.applied += 1;
  order.silence.refresh();
  if (status !== 'applied') end(500, `a job ended as ${status}`);
  else if (order.applied === order.count) end(200, '');
}

/** Answers the order. */
function end(status: number, text: string): void {
  if (order === undefined) return;
  clearTimeout(order.silence);
  order.response.writeHead(status).end(text);
  order = undefined;
}

function answer(response: ServerResponse, more: object = {}): void {
  const body = JSON.stringify({ ok: true, server_time: new Date().toISOString(), ...more });
  response.writeHead(200, { 'content-type': 'application/json' }).end(body);
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const piece of request) text += piece;
  return text === '' ? undefined : JSON.parse(text);
}

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('the job source has no port');
  announceReady(`http://127.0.0.1:${address.port}`);
});
process.once('SIGTERM', () => process.exit(0));
