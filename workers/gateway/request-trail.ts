import type { Caller } from '@countersign/durable-objects/tenant/turn/command';
import type { ErrorCode } from '@countersign/protocol/error-codes';
import { errorCodes } from '@countersign/protocol/error-codes';
import { log } from '@countersign/protocol/log/log';
import type { LogEvent } from '@countersign/protocol/log/log-events';
import { type LogFields, loggableId } from '@countersign/protocol/log/log-line';

/** These answer a stranger as if there were nothing: they are denials all the same. */
const HIDDEN: ReadonlySet<ErrorCode> = new Set(['project_not_found', 'invitation_not_found']);

/** What becomes known of a request while it is answered, and in the end its one line in the log. */
export class RequestTrail {
  readonly requestId = `req_${crypto.randomUUID()}`;
  readonly #begunAt = Date.now();
  readonly #method: string;
  #route: string | undefined;
  #tenant: string | undefined;
  #actor: string | undefined;
  #subject: string | undefined;

  constructor(method: string) {
    this.#method = method;
  }

  /** The route is ours; the first of its parameters that is no project is what the request is about. */
  follow(route: string, params: Readonly<Record<string, string>>): void {
    this.#route = route.replace(/:(\w+)/g, '{$1}');
    const [subject] = Object.entries(params).flatMap(([name, value]) =>
      name === 'project_id' ? [] : [value],
    );
    this.#subject = loggableId(subject);
  }

  knows(caller: Caller): void {
    this.#actor =
      caller.kind === 'person'
        ? `person:${caller.person}`
        : `${caller.kind}:${'credentialId' in caller ? caller.credentialId : ''}`;
  }

  /** Which project a request means is its sender's word until the tenant has judged it. */
  means(tenant: string): void {
    this.#tenant = loggableId(tenant);
  }

  answered(status: number): void {
    this.#log('request.answered', { status });
  }

  refused(code: ErrorCode, fault: LogFields = {}): void {
    const { status } = errorCodes[code];
    this.#log(eventOf(code), { ...fault, status, code });
  }

  #log(event: LogEvent, fields: LogFields): void {
    log(event, {
      tenant: this.#tenant,
      actor: this.#actor,
      subject: this.#subject,
      request_id: this.requestId,
      method: this.#method,
      route: this.#route,
      duration_ms: Math.max(0, Date.now() - this.#begunAt),
      ...fields,
    });
  }
}

function eventOf(code: ErrorCode): LogEvent {
  const { status } = errorCodes[code];
  if (status === 401 || status === 403 || HIDDEN.has(code)) return 'request.denied';
  if (status === 503) return 'request.unavailable';
  return status >= 500 ? 'request.failed' : 'request.refused';
}
