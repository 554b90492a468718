import '../require-node-24.mjs';
import { parseArgs } from 'node:util';
import { labelSchema } from '@countersign/protocol/provisioning/label';
import { type AdoptedTenant, adoptTenantStatement } from '@countersign/provisioner/adopt-tenant';
import { optionsOrUsage } from './options-or-usage.ts';
import { type Record, remoteRecord } from './record.ts';

const USAGE = `Makes room in a directory on Cloudflare for a record that is to be restored from a snapshot.

  npm run adopt -- --remote DATABASE --project ID --label LABEL --owner "ISSUER SUBJECT" [--shard BINDING]

  --remote DATABASE   the D1 database of the directory, with wrangler's login
  --shard BINDING     the binding of the database that will hold the rows; usual: DB

The project is closed, and its owner alone may bring the record back. For a plane of your own: countersign tenants adopt.
`;

/** Does it; what to tell whoever asked. */
export async function adopt(record: Record, wanted: AdoptedTenant): Promise<string> {
  const { label, tenant } = wanted;
  const taken = await record.read({
    sql: 'SELECT tenant FROM tenants WHERE tenant = ?1 OR label = ?2',
    params: [tenant, label],
  });
  if (taken.length > 0)
    return `the directory has a tenant ${tenant} or a label ${label} already; nothing was written`;
  await record.write([adoptTenantStatement(wanted)]);
  return `${tenant} is there and closed: countersign backup restore SNAPSHOT --project ${tenant} --reason TEXT`;
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      remote: { type: 'string' },
      project: { type: 'string' },
      label: { type: 'string' },
      owner: { type: 'string' },
      shard: { type: 'string', default: 'DB' },
    },
  });
  const { label, owner = '', project: tenant, remote, shard } = values;
  if (!tenant || !remote || !labelSchema.safeParse(label).success || !/^\S+ \S/.test(owner)) return undefined;
  return { remote, wanted: { tenant, label: label ?? '', owner, shard, region: '', now: Date.now() } };
}

async function main(): Promise<void> {
  const options = optionsOrUsage(USAGE, readOptions);
  if (options === undefined) return;
  process.stdout.write(`${await adopt(remoteRecord(options.remote), options.wanted)}\n`);
}

if (import.meta.main) await main();
