import { appendFile } from 'node:fs/promises';
import { type Plane, type PlaneOptions, startPlane } from '@countersign/serve/start-plane';
import { eventually } from '../../support/eventually.ts';
import { send } from '../../support/http.ts';
import { childrenNamed } from './child-processes.ts';

const MAC_KEY = 'the key that signs the tokens of a campaign';
const LONGEST_START_MS = 30_000;
const BETWEEN_MS = 25;

export interface ChaosPlaneOptions extends Pick<PlaneOptions, 'code' | 'issuers'> {
  /** The folder of its stored state. */
  readonly persist: string;
  readonly logPath: string;
}

/** The control plane on an address that stays, however often its process is killed. */
export class ChaosPlane {
  static readonly macKey = MAC_KEY;
  readonly origin: string;
  readonly #options: PlaneOptions;
  #plane: Plane;

  private constructor(plane: Plane, options: PlaneOptions) {
    this.#plane = plane;
    this.#options = options;
    this.origin = plane.url;
  }

  static async start({ code, issuers, persist, logPath }: ChaosPlaneOptions): Promise<ChaosPlane> {
    const onLog = (line: string) => void appendFile(logPath, `${line}\n`).catch(() => undefined);
    const options: PlaneOptions = { code, issuers, persist, port: 0, macKeys: [MAC_KEY], onLog };
    const plane = await startPlane(options);
    return new ChaosPlane(plane, { ...options, port: Number(new URL(plane.url).port) });
  }

  get port(): number {
    return this.#options.port;
  }

  createTenant: Plane['createTenant'] = (tenant) => this.#plane.createTenant(tenant);

  /** Kills workerd in whatever it does; resolves when another one, which miniflare starts, serves the same state. */
  async kill(): Promise<void> {
    const pids = await childrenNamed('workerd');
    if (pids.length === 0) throw new Error('there is no workerd to kill');
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    // Until the kill has arrived the old process would answer for the new one.
    await eventually(
      () => childrenNamed('workerd'),
      (left) => !pids.some((pid) => left.includes(pid)),
    );
    if (!(await this.#serves())) await this.restart();
  }

  /** Ends it in order, and starts it on the same state. */
  async restart(): Promise<void> {
    await this.#plane.stop();
    this.#plane = await startPlane(this.#options);
  }

  async stop(): Promise<void> {
    await this.#plane.stop();
  }

  async #serves(): Promise<boolean> {
    const until = Date.now() + LONGEST_START_MS;
    while (Date.now() < until) {
      const signal = AbortSignal.timeout(LONGEST_START_MS);
      const status = await send(this.origin, { method: 'GET', path: '/health', signal }).then(
        (answer) => answer.status,
        () => undefined,
      );
      if (status === 200) return true;
      // There is nothing to wait on in a process of somebody else: it is asked until it answers.
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS));
    }
    return false;
  }
}
