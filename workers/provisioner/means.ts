import type { SqlStatement } from './create-tenant.ts';
import type { HostedRunners } from './hosted-runners.ts';
import type { Saga } from './saga/saga.ts';

type Row = Readonly<Record<string, unknown>>;

/** A D1 database, as far as the provisioner uses one. */
export interface SqlDatabase {
  /** One transaction; the rows of each statement. */
  batch(statements: readonly SqlStatement[]): Promise<readonly (readonly Row[])[]>;
}

/** A database that may hold tenants. */
export interface Shard {
  /** The name of its D1 binding, which the gateway has as well. */
  readonly binding: string;
  /** Regions that it is near to; any where nothing is said. */
  readonly regions?: readonly string[] | undefined;
  /** Tenants with this jurisdiction, and no others. */
  readonly jurisdiction?: string | undefined;
  /** How many tenants it takes. */
  readonly most: number;
}

/** What the steps of a provisioning need from outside. */
export interface Means {
  /** Where the line of each tenant stands. */
  readonly directory: SqlDatabase;
  shard(binding: string): SqlDatabase;
  readonly shards: readonly Shard[];
  readonly tenantsPerOwner: number;
  /** Undefined where no hosting provider is configured. */
  readonly hostedRunners: HostedRunners | undefined;
  /** The newest key of tokens, by its id. */
  readonly macKey: string;
  /** The token of the runner that is hosted: the same one however often it is asked for. */
  tokenOf(saga: Saga): string;
}
