/** Why there is no answer to a request, or none that may be used. */
export type HttpFaultCode =
  /** The URL is not of the one place that is configured. */
  | 'url_refused'
  /** The name leads to an address that is not of the public network. */
  | 'address_refused'
  | 'name_not_resolved'
  | 'connect_failed'
  | 'tls_failed'
  | 'timed_out'
  /** By us, who were told to stop. */
  | 'stopped'
  | 'connection_lost'
  | 'answer_too_large'
  | 'answer_invalid'
  | 'redirect_refused';

interface HttpFaultFacts extends ErrorOptions {
  /** Whether anything of the request may have reached the server. */
  readonly wasSent: boolean;
  /** Of the answer, where its head arrived. */
  readonly status?: number | undefined;
}

/** A request that got no answer of use. Its message holds nothing of the request. */
export class HttpFault extends Error {
  override readonly name = 'HttpFault';
  readonly code: HttpFaultCode;
  readonly wasSent: boolean;
  readonly status: number | undefined;

  constructor(code: HttpFaultCode, { wasSent, status, ...options }: HttpFaultFacts) {
    super(code, options);
    this.code = code;
    this.wasSent = wasSent;
    this.status = status;
  }
}
