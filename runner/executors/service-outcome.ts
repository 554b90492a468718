import { HttpFault } from './http-fault.ts';
import { wordOf } from './outcomes.ts';
import { retryAfterMs } from './read-answer.ts';
import { type Service, ServiceFault } from './service-fault.ts';

/** 409: somebody is at the same thing just now, which is over soon. */
const LATER = [408, 409, 425, 429];

/**
 * What a request without an answer of use means where repeating it does no harm, so that nobody has to know whether it
 * arrived. Rethrows what is no `HttpFault`.
 */
export function serviceFaultOf(service: Service, cause: unknown): ServiceFault {
  if (!(cause instanceof HttpFault)) throw cause;
  const { code } = cause;
  switch (code) {
    case 'url_refused':
    case 'address_refused':
    case 'tls_failed':
    case 'redirect_refused':
    case 'answer_too_large':
    case 'answer_invalid':
      return new ServiceFault(service, { outcome: 'failed', code, cause });
    case 'name_not_resolved':
    case 'connect_failed':
    case 'connection_lost':
    case 'timed_out':
    case 'stopped':
      return new ServiceFault(service, { outcome: 'retry', code, cause });
  }
}

/** What an answer means that says no. `word` is the service's own for it, where it has one. */
export function serviceFaultOfStatus(
  service: Service,
  { headers, status }: Pick<Response, 'headers' | 'status'>,
  word: unknown,
): ServiceFault {
  const areCredentialsRefused = status === 401 || status === 403;
  const code = wordOf(word) ?? (areCredentialsRefused ? 'credentials_refused' : `http_${status}`);
  return LATER.includes(status) || status >= 500
    ? new ServiceFault(service, {
        outcome: 'retry',
        code,
        retryAfterMs: retryAfterMs(headers.get('retry-after')),
      })
    : new ServiceFault(service, { outcome: 'failed', code });
}
