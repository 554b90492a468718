import { parseArgs } from 'node:util';
import { announceReady } from '@countersign/serve/ready-line';
import * as z from 'zod';
import { startCustomerDatabase } from './customer-database/customer-database.ts';
import { portArgumentSchema } from './ports.ts';

/* The customer's database as a process of its own: customer-database/customer-database-child.ts starts it. */

const { values } = parseArgs({
  options: {
    'state-folder': { type: 'string' },
    port: { type: 'string' },
    'extra-sql': { type: 'string', multiple: true, default: [] },
  },
});
const options = z
  .strictObject({
    'state-folder': z.string().min(1),
    port: portArgumentSchema,
    'extra-sql': z.array(z.string()),
  })
  .parse(values);

const database = await startCustomerDatabase({
  stateFolder: options['state-folder'],
  port: options.port,
  extraSql: options['extra-sql'],
});
process.once('SIGTERM', () => database.close());
announceReady(database.url);
