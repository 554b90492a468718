import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { FakeControlPlane } from './fake-control-plane.ts';
import type { PostgresServer, TestDatabase } from './postgres-server.ts';
import { sharedPostgres } from './shared-servers.ts';

/** What a command of the runner meets: a database and a control plane of each test's own, and a folder for its files. */
export interface ShopAndPlane {
  readonly server: PostgresServer;
  readonly db: TestDatabase;
  readonly plane: FakeControlPlane;
  readonly folder: string;
}

/**
 * Makes them for each test of a file, on one server, and takes them away again.
 *
 * @param sql makes the database
 * @param given gets them before each test
 */
export function useShopAndPlane(sql: string, given: (shop: ShopAndPlane) => void): void {
  let server: PostgresServer;
  let folder: string;
  let db: TestDatabase;
  let plane: FakeControlPlane;

  beforeAll(async () => {
    server = await sharedPostgres();
    await server.template('shop', sql);
    folder = await mkdtemp(join(tmpdir(), 'countersign-command-'));
  }, 60_000);
  afterAll(async () => {
    await rm(folder, { recursive: true });
  }, 30_000);
  beforeEach(async () => {
    plane = await FakeControlPlane.start();
    db = await server.clone('shop');
    given({ server, db, plane, folder });
  });
  afterEach(async () => {
    await plane.stop();
    await db.drop();
  });
}
