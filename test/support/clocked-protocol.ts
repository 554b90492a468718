/** Where tenants' clocks stand at first, in Unix milliseconds: so far ahead that no alarm ever rings by itself. */
export const CLOCK_START = Date.parse('2040-01-01T00:00:00.000Z');

/** POST `/test/clock`: moves the clock of a tenant's object, or without a tenant that of the gateway's caches. */
export interface ClockRequest {
  readonly tenant?: string;
  readonly milliseconds: number;
}

/** POST `/test/tenants`: creates a tenant. With `migrations` its rows lie in its object, otherwise in D1. */
export interface CreateRequest {
  readonly tenant: string;
  readonly statements: readonly Sql[];
  readonly migrations?: readonly string[];
}
interface Sql {
  readonly sql: string;
  readonly params: readonly (string | number | null)[];
}

/**
 * A request with this header, naming a tenant, is answered with one of the same name: where every proposal of that
 * tenant then stands, read past the product, as a JSON list in the order in which they were made.
 */
export const STATES_HEADER = 'x-test-states';

export type Standing = readonly [
  proposalId: string,
  state: string,
  jobState: string | null,
  attempt: number,
  charged: number,
  notBefore: number | null,
];
