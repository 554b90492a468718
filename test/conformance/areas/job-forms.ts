import { strict as assert } from 'node:assert';
import { ALIAS } from '../documents.ts';
import { leasedJob, startWork } from '../doing.ts';
import { scenariosOf } from '../scenario.ts';

/** How a job looks to a worker, by the version of its form. */
export const jobFormScenarios = scenariosOf('job forms', [
  'a job "1.0" is what a linked worker checks: the alias of the source, the hash, the contract, both leases',
  '3.2, 3.3, 3.4; 8 (1)',
  async (stand) => {
    const working = await startWork(stand);
    const job = await leasedJob(stand, working);
    assert.equal(job.source_id, ALIAS, 'not the id that the plane has for it');
    assert.deepEqual(job.contract, working.contract);
    assert.ok(job.job_id.endsWith(job.proposal_id));
    assert.match(job.approval_id, /^sha256:[0-9a-f]{64}$/);
    assert.deepEqual([job.lease.lease_id, job.lease.attempt], [job.lease_id, job.attempt_count]);
    assert.equal(job.lease.expires_at, job.lease_expires_at);
    assert.ok(Date.parse(job.lease_expires_at) > Date.now(), 'not over by the clock of the worker');
    const keys = [job.target.primary_key.column, job.target.tenant_guard.column];
    assert.ok(job.allowed_columns.every((column) => !keys.includes(column)));
    assert.ok(Object.keys(job.patch).every((column) => job.allowed_columns.includes(column)));
    assert.deepEqual(job.conflict_guard, { kind: 'version_column', column: 'version', expected_value: 7 });
  },
]);
