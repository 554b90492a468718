import { parseArgs } from 'node:util';
import { announceReady } from '@countersign/serve/ready-line';
import * as z from 'zod';
import { startIssuer } from './issuer/issuer.ts';
import { serveTokens } from './issuer/token-channel.ts';
import { portArgumentSchema } from './ports.ts';

/* The local issuer as a process of its own: issuer/issuer-child.ts is how to start it. */

const { values } = parseArgs({
  options: {
    'state-folder': { type: 'string' },
    port: { type: 'string' },
    'dashboard-url': { type: 'string' },
  },
});
const options = z
  .strictObject({ 'state-folder': z.string().min(1), port: portArgumentSchema, 'dashboard-url': z.url() })
  .parse(values);

const issuer = await startIssuer({
  stateFolder: options['state-folder'],
  port: options.port,
  dashboardUrl: options['dashboard-url'],
});
serveTokens(issuer.mintToken);
process.once('SIGTERM', () => issuer.close());
announceReady(issuer.url);
