import type { HttpConnection } from './http-connection.ts';

/** Who asks: at which host, and with which token. */
export interface Asking {
  readonly host: string;
  readonly token: string;
}

/** An answer whatever it is: the caller says what its JSON looks like. */
export interface JsonAnswer<Body> {
  readonly status: number;
  readonly body: Body;
}

/** Reads something; throws unless the answer is 200. */
export async function getJson<Body>(connection: HttpConnection, asking: Asking, path: string): Promise<Body> {
  const { status, body } = await connection.send(head('GET', path, asking));
  if (status !== 200) throw new Error(`${path} answered ${status}: ${body}`);
  return JSON.parse(body);
}

/** Sends something; throws when it is refused. */
export async function postJson<Body>(
  connection: HttpConnection,
  asking: Asking,
  path: string,
  request: object,
  headers = '',
): Promise<Body> {
  const { status, body } = await tryPost<Body>(connection, asking, path, request, headers);
  if (status !== 200 && status !== 201)
    throw new Error(`${path} answered ${status}: ${JSON.stringify(body)}`);
  return body;
}

/** Sends something that may be refused. */
export async function tryPost<Body>(
  connection: HttpConnection,
  asking: Asking,
  path: string,
  request: object,
  headers = '',
): Promise<JsonAnswer<Body>> {
  const start = `${head('POST', path, asking)}content-type: application/json\r\n${headers}`;
  const { status, body } = await connection.send(start, JSON.stringify(request));
  return { status, body: JSON.parse(body) };
}

function head(method: string, path: string, { host, token }: Asking): string {
  return `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${token}\r\n`;
}
