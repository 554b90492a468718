import { applyD1Migrations, type D1Migration } from 'cloudflare:test';
import { env } from 'cloudflare:workers';

declare global {
  namespace Cloudflare {
    interface Env {
      DB: D1Database;
      TEST_MIGRATIONS: D1Migration[];
    }
  }
}

// Storage is kept apart by test file, and this runs before each: it applies what that file's database lacks.
await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
