import type { DatabaseServer } from './database-server.ts';
import type { TestEngine } from './engines.ts';
import { PostgresServer } from './postgres-server.ts';
import { shared } from './shared.ts';

const isRunning = (server: DatabaseServer) => server.isRunning;
const servers = new Map<string, () => Promise<DatabaseServer>>();

/**
 * The one server of a kind for tests that keep to databases of their own on it: what they did to the server itself,
 * others would meet.
 */
export function sharedServer({ name, start }: TestEngine): Promise<DatabaseServer> {
  const server = servers.get(name) ?? shared(start, isRunning);
  servers.set(name, server);
  return server();
}

/** The same of the PostgreSQL that needs not be fetched. */
export const sharedPostgres = shared(() => PostgresServer.start(), isRunning);
