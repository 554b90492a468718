import { Refused } from '@countersign/protocol/problem';

/** What a plane is told that asks nobody who they are. */
export interface InsecureLocalhost {
  /** Where it listens, on 127.0.0.1 alone. */
  readonly port: number;
  /** The project of requests without a token, and the person that they are of. */
  readonly project: string;
  readonly person: string;
}

declare global {
  /**
   * Stands before the bundle's first line where `countersign serve --insecure-localhost` starts it. No setting, secret or
   * binding of a deployed Worker can say it: what is deployed does not have this line.
   */
  var COUNTERSIGN_INSECURE_LOCALHOST: InsecureLocalhost | undefined;
}

/** Undefined everywhere but on a plane that was started to ask nobody who they are. */
export function insecureLocalhost(): InsecureLocalhost | undefined {
  return globalThis.COUNTERSIGN_INSECURE_LOCALHOST;
}

/** Says on every answer, and so on every page, that nobody is asked who they are. */
export const INSECURE_HEADERS: Readonly<Record<string, string>> = {
  'x-countersign-authentication': 'disabled; insecure localhost',
};

export const INSECURE_WARNING =
  'authentication is disabled: whoever reaches this port of this machine is the owner of the project';

/**
 * Only programs of this machine are answered. A page in a browser of this machine is not one: its own name can be made to
 * lead here, which the host shows, and it can send requests here, which origin and site show. Throws `Refused`.
 */
export function assertFromHere({ headers, url }: Request, { port }: InsecureLocalhost): void {
  const own = ['127.0.0.1', 'localhost'].map((name) => new URL(`http://${name}:${port}`));
  const { host } = new URL(url);
  const origin = headers.get('origin');
  const site = headers.get('sec-fetch-site');
  const isHere = own.some((one) => one.host === host && (origin === null || origin === one.origin));
  if (isHere && (site === null || site === 'same-origin' || site === 'none')) return;
  throw new Refused({
    code: 'origin_refused',
    message:
      'this plane asks nobody who they are, so it answers programs of its own machine and no pages of others',
    next: `ask http://127.0.0.1:${port} without an origin, or start the plane without --insecure-localhost`,
  });
}
