/** Services that tasks use along their way, and whose requests may be repeated. */
export type Service = 'artifact store' | 'model provider';

interface ServiceFaultFacts extends ErrorOptions {
  readonly outcome: 'retry' | 'failed';
  readonly code: string;
  readonly retryAfterMs?: number | undefined;
}

/** A service gave nothing of use. Its message holds nothing of the request, of the answer or of a secret. */
export class ServiceFault extends Error {
  override readonly name = 'ServiceFault';
  /** `retry`: the same request may get another answer later. `failed`: it will not, until a person mends something. */
  readonly outcome: 'retry' | 'failed';
  readonly code: string;
  /** How long the service asks to be left alone (ms), where it says so. */
  readonly retryAfterMs: number | undefined;

  constructor(service: Service, { outcome, code, retryAfterMs, ...options }: ServiceFaultFacts) {
    super(`${service}: ${code}`, options);
    this.outcome = outcome;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}
