const WILDCARDS: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '[::]': '[::1]' };

/** The address that a plane listens on, as a URL. */
export function addressOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** The same as it is reached from this machine: nobody connects to "every address". */
export function fromHere(address: string): string {
  const url = new URL(address);
  url.hostname = WILDCARDS[url.hostname] ?? url.hostname;
  return url.origin;
}
