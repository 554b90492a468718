import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** Answers as the control plane behind it does. */
export interface RawJobRelay {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Stands before a control plane and puts every claimed job that is a text into the answer as it is, so that a job
 * can be JSON that no object is ever serialized to: with one field twice, or with a number that is no double.
 */
export async function startRawJobRelay(planeUrl: string): Promise<RawJobRelay> {
  const server = createServer((request, response) => {
    relay(planeUrl, request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the relay does not listen');
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function relay(planeUrl: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  let body = '';
  for await (const piece of request) body += piece;
  const answer = await fetch(`${planeUrl}${request.url}`, {
    method: request.method ?? 'GET',
    headers: { authorization: request.headers.authorization ?? '' },
    ...(body === '' ? {} : { body }),
    signal: gone.signal,
  });
  const text = withRawJobs(await answer.text());
  response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
}

function withRawJobs(answer: string): string {
  const { jobs, ...others }: { jobs?: unknown[] } = JSON.parse(answer);
  if (jobs === undefined) return answer;
  const texts = jobs.map((job) => (typeof job === 'string' ? job : JSON.stringify(job)));
  return `{"jobs":[${texts.join(',')}],${JSON.stringify(others).slice(1)}`;
}
