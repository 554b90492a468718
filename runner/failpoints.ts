/**
 * Places where a test can make the process die, fail or hang. They exist only in a build made for that: the
 * production build replaces `globalThis.COUNTERSIGN_FAILPOINTS` by the constant false and drops what stands behind it.
 */
export const jobFailpoints = [
  'before_write',
  'in_transaction',
  'after_commit',
  'before_report',
  'after_report',
] as const;

/** The same in the life of an action. */
export const actionFailpoints = ['before_perform', 'after_perform', 'before_confirm'] as const;

export type Failpoint = (typeof jobFailpoints)[number] | (typeof actionFailpoints)[number];

declare global {
  var COUNTERSIGN_FAILPOINTS: boolean | undefined;
}

/** Does what the environment asks for at this place: `COUNTERSIGN_FAILPOINT=<name>:kill|throw|hang`. */
export async function reach(name: Failpoint): Promise<void> {
  if (globalThis.COUNTERSIGN_FAILPOINTS !== true) return;
  const [wanted, action] = (process.env.COUNTERSIGN_FAILPOINT ?? '').split(':');
  if (wanted !== name) return;
  process.stderr.write(`failpoint ${name}\n`);
  if (action === 'throw') throw new FailpointError(name);
  if (action === 'kill') process.kill(process.pid, 'SIGKILL');
  // A signal to oneself takes a moment too, so both wait here, with something that keeps the process alive.
  await new Promise<never>(() => setInterval(() => undefined, 60_000));
}

/** What a failpoint throws; nothing in the product knows it. */
class FailpointError extends Error {
  override readonly name = 'FailpointError';
  readonly code = 'failpoint';
}
