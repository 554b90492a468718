import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { ClaimedTask } from '@countersign/protocol/run/task';
import * as z from 'zod';

const bodySchema = z.record(z.string(), z.json());
type Body = z.infer<typeof bodySchema>;

export interface PlaneRequest {
  /** The last part of its path, such as `claim` or `complete`. */
  readonly verb: string;
  readonly path: string;
  readonly body: Body;
}

/** A status and a body, or a connection that is cut when the request has been read. */
export type PlaneAnswer =
  | { readonly status?: number; readonly body?: object; readonly lateMs?: number }
  | 'cut'
  | 'hang';

const knownSchema = z.object({ plan: z.object({ handler: z.string() }) });

const LEASE_MS = 60_000;
export const DIGEST = `sha256:${'a'.repeat(64)}`;

/** For tests: an HTTP server with tasks to hand out, which answers as the control plane does, or as it is told. */
export class FakeTaskPlane {
  readonly requests: PlaneRequest[] = [];
  /** Handed out with the next claim that has room for them. */
  readonly waiting: unknown[] = [];
  control = { revision: 1, digest: DIGEST };
  /** How long what it hands out is held (ms). */
  leaseMs = LEASE_MS;
  /** In place of what it would answer, where there is something. */
  behave: (request: PlaneRequest) => PlaneAnswer | undefined = () => undefined;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer(async (incoming, response) => {
      let text = '';
      for await (const piece of incoming) text += piece;
      const path = incoming.url ?? '';
      const body = bodySchema.parse(text === '' ? {} : JSON.parse(text));
      const request = { verb: path.split('/').at(-1) ?? '', path, body };
      this.requests.push(request);
      await send(response, this.behave(request) ?? this.#usual(request, response));
    });
  }

  static async start(): Promise<FakeTaskPlane> {
    const plane = new FakeTaskPlane();
    plane.#server.listen(0, '127.0.0.1');
    await once(plane.#server, 'listening');
    return plane;
  }

  get url(): string {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
  }

  /** The bodies of all requests of a kind. */
  said(verb: string): readonly Body[] {
    return this.requests.filter((request) => request.verb === verb).map(({ body }) => body);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #usual({ body, verb }: PlaneRequest, response: ServerResponse): PlaneAnswer {
    const server_time = new Date().toISOString();
    const expires_at = new Date(Date.now() + this.leaseMs).toISOString();
    const { control } = this;
    switch (verb) {
      case 'claim': {
        const tasks = this.#take(body);
        if (tasks.length > 0 || body.wait_seconds === 0 || this.#hasMoved(body))
          return { body: { tasks, control, server_time } };
        this.#hold(response, body);
        return 'hang';
      }
      case 'renew':
        return { body: { expires_at, control, server_time } };
      case 'snapshot':
        return { body: { ...control, pieces: [] } };
      default:
        return { body: { status: verb, server_time } };
    }
  }

  #hasMoved({ control_revision }: Body): boolean {
    return control_revision !== undefined && control_revision !== this.control.revision;
  }

  /** What is no task of a known handler goes to whoever comes. */
  #take({ handlers, limit }: Body): unknown[] {
    const known = (one: unknown) => knownSchema.safeParse(one).data?.plan.handler;
    const named = z.array(z.string()).parse(handlers);
    const all = named.flatMap((name) => this.waiting.filter((one) => (known(one) ?? name) === name));
    const taken = [...new Set(all)].slice(0, Number(limit));
    for (const one of taken) this.waiting.splice(this.waiting.indexOf(one), 1);
    return taken;
  }

  /** Until there is something, or whoever asked has gone. */
  #hold(response: ServerResponse, body: Body): void {
    const look = setInterval(() => {
      const tasks = this.#take(body);
      if (tasks.length === 0 && !this.#hasMoved(body)) return;
      clearInterval(look);
      void send(response, { body: { tasks, control: this.control, server_time: new Date().toISOString() } });
    }, 5);
    response.on('close', () => clearInterval(look));
  }

  /** A task in the form in which it is handed out. */
  task(id: string, changes: Partial<ClaimedTask> = {}): ClaimedTask {
    return {
      task_id: id,
      run_id: 'run_1',
      claim_id: `tcl_${id}`,
      attempt: 1,
      task: 'summarize',
      title: null,
      command: 'review',
      input: {},
      parents: [],
      plan: { ...PLAN, ...changes.plan },
      documents: { prompt: null, skills: [], tools: [] },
      expires_at: new Date(Date.now() + this.leaseMs).toISOString(),
      ...changes,
    };
  }
}

export const PLAN = {
  handler: 'echo',
  route: null,
  provider: null,
  model: null,
  prompt: null,
  skills: [],
  tools: [],
  arbiter: null,
  snapshot: DIGEST,
} as const satisfies ClaimedTask['plan'];

/** A refusal in the form of the control plane. */
export function refusal(status: number, error_code: string, retryable = false): PlaneAnswer {
  return { status, body: { ok: false, error_code, message: error_code, retryable } };
}

async function send(response: ServerResponse, answer: PlaneAnswer): Promise<void> {
  if (answer === 'hang') return;
  if (answer === 'cut') {
    response.socket?.destroy();
    return;
  }
  const { body = {}, lateMs = 0, status = 200 } = answer;
  if (lateMs > 0) await new Promise((resolve) => setTimeout(resolve, lateMs));
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
