import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import type { LocalD1 } from './apply-migrations.ts';

/** The record of a plane that is not running. */
export interface OpenStore {
  readonly database: LocalD1;
  close(): Promise<void>;
}

/** Opens what a plane keeps in a folder, without serving it. */
export async function openStore(persist: string): Promise<OpenStore> {
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      name: 'countersign',
      modules: true,
      script: 'export default {}',
      d1Databases: { DB: 'countersign' },
      cf: false,
      resourcePersistencePath: persist,
    }),
  );
  return { database: await miniflare.getD1Database('DB'), close: () => miniflare.dispose() };
}
