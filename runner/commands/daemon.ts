import * as z from 'zod';
import type { HttpConfig } from '../config/runner-config.ts';

const PATIENCE_MS = 5_000;

const readinessSchema = z.object({
  ready: z.boolean(),
  draining: z.boolean(),
  frozen: z.boolean(),
  control_plane: z.string(),
  databases: z.record(z.string(), z.string()),
});
export type DaemonReadiness = z.infer<typeof readinessSchema>;

/** What a running daemon still has in hand. */
export interface Held {
  /** Jobs, by source. */
  readonly jobs: Readonly<Record<string, number>>;
  /** Results that it has not got rid of. */
  readonly reports: number;
}

/** The daemon on this machine, by the http server of its configuration. Undefined is: nothing answers there. */
export class Daemon {
  readonly url: string;

  private constructor(url: string) {
    this.url = url;
  }

  /** Undefined where the configuration says no port, or leaves it to chance. */
  static of(http: HttpConfig | undefined): Daemon | undefined {
    if (http === undefined || http.port === 0) return undefined;
    return new Daemon(`http://${hostOf(http.host)}:${http.port}`);
  }

  async readiness(): Promise<DaemonReadiness | undefined> {
    const parsed = readinessSchema.safeParse(parseJson(await this.#get('/readyz')));
    return parsed.success ? parsed.data : undefined;
  }

  /** Whether it is alive, as whoever would restart it asks. */
  async isHealthy(): Promise<boolean> {
    return (await this.#ask('/healthz'))?.ok === true;
  }

  async held(): Promise<Held | undefined> {
    const metrics = await this.#get('/metrics');
    return metrics === undefined ? undefined : heldIn(metrics);
  }

  async #get(path: string): Promise<string | undefined> {
    return (await this.#ask(path))?.text;
  }

  async #ask(path: string): Promise<{ readonly ok: boolean; readonly text: string } | undefined> {
    try {
      const answer = await fetch(`${this.url}${path}`, {
        signal: AbortSignal.timeout(PATIENCE_MS),
        redirect: 'manual',
      });
      return { ok: answer.ok, text: await answer.text() };
    } catch {
      return undefined;
    }
  }
}

/** A server that listens everywhere is found on this machine. */
function hostOf(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

const LANES = /^countersign_runner_lanes_taken\{(.*)\} (\d+)$/gm;
const REPORTS = /^countersign_runner_reports_waiting (\d+)$/m;

/** Undefined for what is not this runner's metrics. */
function heldIn(metrics: string): Held | undefined {
  const reports = REPORTS.exec(metrics)?.[1];
  if (reports === undefined) return undefined;
  const jobs = [...metrics.matchAll(LANES)].map(([, labels = '', taken]): [string, number] => [
    /(?:^|,)source="([^"]*)"/.exec(labels)?.[1] ?? '',
    Number(taken),
  ]);
  return { jobs: Object.fromEntries(jobs), reports: Number(reports) };
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
