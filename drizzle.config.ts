import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'sqlite',
  schema: ['./durable-objects/tenant/schema.ts', './durable-objects/tenant/governance-schema.ts'],
  out: './migrations',
});
