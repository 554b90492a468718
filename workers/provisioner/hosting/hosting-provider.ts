/**
 * Why something was not done, or is not known to be. `mayPass`: whether the same call may succeed later, by itself.
 * `retryAfterMs`: how long to wait before it, at least; 0 where nobody said.
 */
export type Trouble =
  /** The name belongs to somebody else: an app or a machine without our tenant's mark. It was not touched. */
  | { readonly code: 'name_taken'; readonly mayPass: false }
  /** The hosting token is not valid, or may not do this. */
  | { readonly code: 'not_allowed'; readonly mayPass: false }
  /** Refused, and surely not done. `word` is the provider's, or one of ours; never a sentence, which may quote secrets. */
  | { readonly code: 'rejected'; readonly word: string; readonly mayPass: boolean }
  /** There is too much to do, or what was asked is still under way. */
  | { readonly code: 'busy'; readonly mayPass: true; readonly retryAfterMs: number }
  /** The provider, or its host of the machine, cannot be asked; nothing was written. */
  | { readonly code: 'unreachable'; readonly mayPass: true; readonly retryAfterMs: number }
  /** The machine does not answer its checks; one that has gone never will. */
  | { readonly code: 'unhealthy'; readonly mayPass: boolean }
  /** A write of this call may have happened, or may happen yet. The same call finds out. */
  | { readonly code: 'unknown'; readonly mayPass: true; readonly retryAfterMs: number };

export type Hosted<Found = unknown> =
  | ({ readonly ok: true } & Found)
  | { readonly ok: false; readonly trouble: Trouble };

/** The machine that a runner is to have. */
export interface MachineSpec {
  /** Best with its digest: a tag can be moved to another image. */
  readonly image: string;
  /** Where a new machine is made. One that is there already stays where it is. */
  readonly region: string;
  readonly size: {
    readonly cpuKind: 'shared' | 'performance';
    readonly cpus: number;
    readonly memoryMb: number;
  };
  /** Without secrets: whoever may look at the machine reads this. */
  readonly environment: Readonly<Record<string, string>>;
  /** The text of the runner's configuration file, which names its secrets and holds none. */
  readonly configuration: string;
  /**
   * Where the runner answers `/healthz` and `/readyz`: `http.port` of that configuration. Its `http.host` must be
   * `0.0.0.0`, since the checks come from outside of the machine.
   */
  readonly healthPort: number;
  /** What `ensureSecret` gave: the machine starts with secrets as new as that. */
  readonly secretsVersion: number;
}

/** `changing` also stands for a state that the provider has and we do not know; `going`: it is being removed. */
export type MachineState = 'changing' | 'running' | 'stopping' | 'stopped' | 'failed' | 'going';

export interface HostedMachine {
  readonly machineId: string;
  readonly state: MachineState;
  /** It runs, and answers its checks. */
  readonly isHealthy: boolean;
}

export interface HostedApp {
  /** Those of this tenant. */
  readonly machines: readonly HostedMachine[];
  /** Values are never read. */
  readonly secretNames: readonly string[];
}

/**
 * A place where the machines of one tenant's runner are made and removed. Each call looks at what is there before it
 * writes, so it may be repeated after a crash or a lost answer, and ends in the same: one app, one machine. What is there
 * is taken over only when it bears the tenant's mark. Calls about one app must not run at the same time.
 */
export interface HostingProvider {
  /** Done when the app can be seen: the calls below then find it. */
  ensureApp(name: string): Promise<Hosted>;
  /** Sets a secret of the app, also to the value that it has. For the runner's token alone. */
  ensureSecret(
    app: string,
    name: string,
    value: string,
  ): Promise<Hosted<{ readonly secretsVersion: number }>>;
  /** Makes the app's one machine, or brings it to this spec, and starts it; does not wait for it. */
  ensureMachine(app: string, spec: MachineSpec): Promise<Hosted<{ readonly machineId: string }>>;
  /** Waits until the machine runs and answers its checks, for so many milliseconds at most. */
  awaitHealthy(app: string, machineId: string, timeoutMs: number): Promise<Hosted>;
  /** Lets the runner finish, then ends it. Done as well when there is no such machine. */
  stopMachine(app: string, machineId: string): Promise<Hosted>;
  /**
   * Removes the app and all that is in it. Done when nothing can be seen of it any more. A creation whose answer was lost
   * may still land after that; so whoever gave up one looks again later.
   */
  removeApp(app: string): Promise<Hosted>;
  /** What there is; `found` is undefined when there is no such app. */
  lookAt(app: string): Promise<Hosted<{ readonly found: HostedApp | undefined }>>;
}
