import type { HostingMeans } from '@countersign/provisioner/hosting/hosting-means';

/** Real requests in a time that passes only when it is slept or waited through, and chance that a test chooses. */
export class VirtualMeans implements HostingMeans {
  #now = Date.parse('2026-11-21T12:00:00Z');
  readonly #deadlines = new Map<AbortController, number>();
  /** What was slept, in milliseconds. */
  readonly pauses: number[] = [];
  /** When which request was sent, without its query. */
  readonly sent: { readonly at: number; readonly what: string }[] = [];

  /** What is drawn, each time. */
  chance = 0;
  /** What happens while somebody sleeps. */
  onSleep: () => void = () => undefined;

  readonly now = (): number => this.#now;
  readonly random = (): number => this.chance;

  readonly fetch = async (url: string, request: RequestInit): Promise<Response> => {
    this.sent.push({ at: this.#now, what: `${request.method} ${new URL(url).pathname}` });
    return fetch(url, request);
  };

  readonly sleep = async (milliseconds: number): Promise<void> => {
    this.pauses.push(milliseconds);
    this.#now += milliseconds;
    this.onSleep();
  };

  readonly deadline = (milliseconds: number): AbortSignal => {
    const controller = new AbortController();
    this.#deadlines.set(controller, milliseconds);
    return controller.signal;
  };

  /** Lets the time of the latest request pass. */
  readonly expire = (): void => {
    const [controller, milliseconds] = [...this.#deadlines].at(-1) ?? [];
    this.#now += milliseconds ?? 0;
    controller?.abort(new DOMException('no answer in time', 'TimeoutError'));
  };
}
