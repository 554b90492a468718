import { runnerConfigSchema } from '@countersign/runner/config/runner-config';
import { connectDatabase } from '@countersign/runner/databases/connect-database';
import { verifyJob } from '@countersign/runner/verify/verify-job';
import * as z from 'zod';
import { ACME } from '../stack/acme.ts';
import { runnerConfig } from '../stack/runner-child.ts';
import type { Cast } from './people.ts';
import { approved, asked, ended, rehearsed, waiver } from './proposing.ts';

const INVOICE = 'INV-3005';
const CUT_OFF = 'runner-that-is-cut-off';
const LEASE_SECONDS = 5;

/** The same job twice: a runner commits and is cut off before it can report, so another one gets the job again. */
export async function retriedJob(cast: Cast, runner: { stop(): Promise<void> }): Promise<void> {
  const { facts, customer } = cast;
  facts.chapter('The same job, retried');
  const before = await customer.invoice(INVOICE);
  const { id, isNew } = await asked(cast, 'retried', waiver(INVOICE, 'the payment crossed our reminder'));
  await rehearsed(cast, id);
  await runner.stop();
  await approved(cast, id);
  if (isNew) {
    await writeWithoutReporting(cast);
    const written = await customer.invoice(INVOICE);
    facts.equal(
      'a runner wrote it, and was cut off before it could report',
      written.version,
      before.version + 1,
    );
  }
  const [receipt, ...more] = await customer.receipts(id);
  await cast.stack.startRunner();
  const done = await ended(cast, id);
  const result = done.result as { readonly receipt_id: string; readonly status: string };
  facts.equal('its lease lapsed, the next runner found the job done', result.status, 'already_applied');
  facts.equal('the retry gave the same receipt', result.receipt_id, receipt?.result_hash);
  facts.equal(
    'and there is one receipt, not two',
    [more.length, (await customer.receipts(id)).length],
    [0, 1],
  );
  if (isNew) facts.equal('no second write', (await customer.invoice(INVOICE)).version, before.version + 1);
}

const leasedSchema = z.looseObject({
  writeback_job: z.looseObject({}),
  write_by: z.string(),
});

/** Claims and writes with the runner's own code, then says nothing, like a process that was killed there. */
async function writeWithoutReporting({ runner, stack }: Cast): Promise<void> {
  const request = {
    source_id: ACME.source_id,
    runner_id: CUT_OFF,
    limit: 1,
    lease_seconds: LEASE_SECONDS,
    wait_seconds: 20,
  };
  const { jobs } = await runner.claim(request);
  const { writeback_job } = leasedSchema.parse(jobs[0]);
  const wanted = runnerConfig({ url: stack.url, projectId: ACME.project_id, sourceId: ACME.source_id });
  const source = runnerConfigSchema.parse(wanted).sources[ACME.source_id];
  if (source === undefined) throw new TypeError('the local runner has no source');
  const verified = verifyJob({ sourceId: ACME.source_id, projectId: ACME.project_id, source }, writeback_job);
  if (!verified.ok) throw new Error(`the job was refused: ${verified.reason}`);
  const database = connectDatabase(source, stack.databaseUrl);
  try {
    const facts = { runnerId: CUT_OFF, leaseId: verified.lease.lease_id, attempt: verified.lease.attempt };
    const authority = { holds: () => true, regain: async () => true };
    await database.apply(verified.plan, facts, authority, new AbortController().signal);
  } finally {
    await database.close();
  }
}
