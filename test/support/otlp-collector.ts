import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import * as z from 'zod';

const attributeSchema = z.object({
  key: z.string(),
  value: z.object({ stringValue: z.string().optional(), intValue: z.number().optional() }),
});
const spanSchema = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  attributes: z.array(attributeSchema),
  status: z.object({ code: z.number(), message: z.string().optional() }),
});
const exportSchema = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: z.array(attributeSchema) }),
      scopeSpans: z.array(z.object({ spans: z.array(spanSchema) })),
    }),
  ),
});

type Attributes = Readonly<Record<string, string | number | undefined>>;

export interface CollectedSpan extends Omit<z.infer<typeof spanSchema>, 'attributes'> {
  readonly attributes: Attributes;
  readonly resource: Attributes;
}

/** An OTLP collector that takes spans over HTTP as JSON, and keeps everything that it was ever sent. */
export class OtlpCollector {
  readonly #server: Server;
  readonly spans: CollectedSpan[] = [];
  readonly headers: IncomingHttpHeaders[] = [];
  /** All bodies and headers, to look for secrets in. */
  text = '';
  /** How many exports have begun. */
  exports = 0;
  connections = 0;
  /** What it answers with; `silent`: nothing, ever. */
  mood: number | 'silent' = 200;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<OtlpCollector> {
    const server = createServer();
    const collector = new OtlpCollector(server);
    server.on('connection', () => {
      collector.connections += 1;
    });
    server.on('request', async (request, response) => {
      let body = '';
      for await (const piece of request) body += piece;
      collector.exports += 1;
      collector.text += `${request.url} ${JSON.stringify(request.headers)}\n${body}\n`;
      collector.headers.push(request.headers);
      if (collector.mood === 'silent') return;
      if (collector.mood === 200) collector.#keep(JSON.parse(body));
      response.writeHead(collector.mood, { 'content-type': 'application/json' }).end('{}');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return collector;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the collector does not listen');
    return address.port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The spans of one job, by their names. */
  of(jobId: string): ReadonlyMap<string, CollectedSpan> {
    const job = this.spans.find(({ attributes }) => attributes['countersign.job_id'] === jobId);
    const family = this.spans.filter((span) => span === job || span.parentSpanId === job?.spanId);
    return new Map(family.map((span) => [span.name, span]));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #keep(body: unknown): void {
    for (const { resource, scopeSpans } of exportSchema.parse(body).resourceSpans) {
      for (const span of scopeSpans.flatMap(({ spans }) => spans))
        this.spans.push({
          ...span,
          attributes: valuesOf(span.attributes),
          resource: valuesOf(resource.attributes),
        });
    }
  }
}

function valuesOf(attributes: readonly z.infer<typeof attributeSchema>[]): Attributes {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue] as const),
  );
}
