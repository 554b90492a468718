/**
 * A statement or a connection failed. `code` is PostgreSQL's SQLSTATE, or, where the server said nothing,
 * `cannot_connect` (nothing was sent) or `connection_lost` (what was sent may have been done).
 * The server's message stays in `cause`, which is never logged: it may quote values of rows.
 */
export class DatabaseFault extends Error {
  override readonly name = 'DatabaseFault';
  readonly code: string;
  /** The constraint that the server says was violated. */
  readonly constraint: string | undefined;
  /** `schema.table` of the object that the server says is at fault. */
  readonly table: string | undefined;

  constructor(
    code: string,
    options?: ErrorOptions & { constraint?: string | undefined; table?: string | undefined },
  ) {
    super(`database fault ${code}`, options);
    this.code = code;
    this.constraint = options?.constraint;
    this.table = options?.table;
  }
}
