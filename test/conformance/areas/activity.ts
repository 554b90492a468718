import { strict as assert } from 'node:assert';
import { digestOf } from '../canonical.ts';
import { passes, reads, refuses } from '../checks.ts';
import {
  createKey,
  decide,
  keyed,
  leasedJob,
  recordRead,
  report,
  resultOf,
  startWork,
  submit,
} from '../doing.ts';
import { activityAnswer, activityRow, exportAnswer, listOf } from '../reads.ts';
import { scenariosOf } from '../scenario.ts';
import type { Stand } from '../stand.ts';

const ACTIVITY = '/v1/runner/activity';
const activityOf = ({ project }: Stand) => `/v1/control/projects/${project}/runner-activity`;

/** A proposal that was applied, with what was read for it. */
async function applied(stand: Stand) {
  const working = await startWork(stand);
  const job = await leasedJob(stand, working);
  passes(await report(working, job, resultOf(job, working.runnerId)));
  await recordRead(working, stand.source, job.proposal_id);
  return { ...working, proposalId: job.proposal_id, job };
}

export const activityScenarios = scenariosOf(
  'activity',
  [
    'what a runner read is recorded, and again as often as its outbox sends it',
    '2.2, 3.11; 8 (5)',
    async (stand) => {
      const working = await startWork(stand);
      const proposalId = await submit(working, stand.source);
      for (let turn = 0; turn < 2; turn += 1) await recordRead(working, stand.source, proposalId);
      const path = `${activityOf(stand)}/${proposalId}`;
      const { events } = reads(activityAnswer, await stand.human.get(path));
      const types = events.map(({ event_type }) => event_type);
      assert.deepEqual(types, ['proposal.submitted', 'evidence.recorded', 'query_audit.recorded']);
    },
  ],
  [
    'an event that lacks what must be there, or has what nobody knows, is 422',
    '3.11',
    async (stand) => {
      const { runner, runnerId } = await startWork(stand);
      const event = {
        schema_version: 'synapsor.runner-activity.v1',
        event_id: 'worker:1',
        event_type: 'worker.diagnostic',
        runner_id: runnerId,
        source_id: stand.source,
      };
      refuses(await keyed(runner, ACTIVITY, { ...event, event_type: 'anything' }), 422);
      refuses(await keyed(runner, ACTIVITY, { ...event, surprise: 1 }), 422);
      passes(await keyed(runner, ACTIVITY, event));
    },
  ],
  [
    'a counter of one runner names another event than the same counter of another',
    '3.11',
    async (stand) => {
      const working = await startWork(stand);
      for (const [name, status] of [
        ['runner_a', 'one'],
        ['runner_b', 'two'],
      ]) {
        const event = {
          schema_version: 'synapsor.runner-activity.v1',
          event_id: 'query-audit:1',
          event_type: 'query_audit.recorded',
          runner_id: name,
          source_id: stand.source,
          query_audit_ids: ['1'],
          status,
        };
        passes(await keyed(working.runner, ACTIVITY, event));
      }
    },
  ],
  [
    'all about a proposal is found by its id: events with receipt and replay, evidence, decisions, the job',
    '2.3; 6.2 step 21',
    async (stand) => {
      const { job, proposalId } = await applied(stand);
      const { service } = await createKey(stand);
      const path = `${activityOf(stand)}/${proposalId}`;
      const found = reads(activityAnswer, await service.get(path));
      const types = new Set(found.events.map(({ event_type }) => event_type));
      for (const type of [
        'proposal.submitted',
        'proposal.approved',
        'writeback.result',
        'evidence.recorded',
        'query_audit.recorded',
      ])
        assert.ok(types.has(type), type);
      const result = found.events.find(({ event_type }) => event_type === 'writeback.result');
      assert.match(result?.receipt_id ?? '', /^sha256:[0-9a-f]{64}$/);
      assert.ok(result?.replay_id?.includes(proposalId));
      assert.ok(found.events.some(({ evidence_ids }) => (evidence_ids ?? []).length > 0));
      assert.ok(found.events.some(({ query_audit_ids }) => (query_audit_ids ?? []).length > 0));
      assert.equal(found.job?.job_id, job.job_id);
      assert.equal(found.integrity.ok, true);
      assert.equal(found.proposal?.evidence_metadata.payload_uploaded, false);
      assert.deepEqual(
        found.decisions?.map(({ status }) => status),
        ['approved'],
      );
      assert.equal(found.receipts?.length, 1);
      assert.ok(found.replay);
    },
  ],
  [
    'the same is found by the id of one of its events, of its job or of its replay',
    '2.3',
    async (stand) => {
      const { job, proposalId } = await applied(stand);
      const { human } = stand;
      const whole = reads(activityAnswer, await human.get(`${activityOf(stand)}/${proposalId}`));
      const ids = whole.events.map(({ event_id }) => event_id);
      const replay = whole.events.find(({ replay_id }) => replay_id != null)?.replay_id ?? '';
      for (const id of [...ids, job.job_id, replay]) {
        const path = `${activityOf(stand)}/${encodeURIComponent(id)}`;
        assert.deepEqual(reads(activityAnswer, await human.get(path)), whole, id);
      }
      refuses(await human.get(`${activityOf(stand)}/wrp_none`), 404);
    },
  ],
  [
    'events are listed newest first, page by page, and narrowed as the CLI asks',
    '1.6, 2.3',
    async (stand) => {
      const working = await applied(stand);
      const rejected = await submit(working, stand.source);
      passes(await decide(stand, rejected, 'reject'));
      const { service } = await createKey(stand);
      const list = (query: string) => service.get(`${activityOf(stand)}?limit=50${query}`);
      const rows = listOf('events', activityRow);
      const { items: all } = reads(rows, await list(''));
      assert.deepEqual(all[0]?.proposal_id, rejected);
      assert.equal(new Set(all.map(({ event_id }) => event_id)).size, all.length);
      const ids = async (query: string) => {
        const { items } = reads(rows, await list(query));
        return new Set(items.map(({ proposal_id }) => proposal_id));
      };
      assert.deepEqual(await ids('&status=rejected'), new Set([rejected]));
      assert.deepEqual(await ids('&status=applied'), new Set([working.proposalId]));
      assert.deepEqual(await ids(`&lookup=${rejected}`), new Set([rejected]));
      assert.deepEqual(await ids('&capability=billing.nothing'), new Set());
      assert.equal((await ids(`&capability=billing.waive_late_fee&source_id=${stand.source}`)).size, 2);
      assert.deepEqual(await ids('&from_time=2100-01-01T00:00:00Z'), new Set());
      assert.deepEqual(await ids('&to_time=2000-01-01T00:00:00Z'), new Set());
      assert.equal((await ids('&from_time=2000-01-01&to_time=')).size, 2);
      refuses(await list('&from_time=yesterday'), 422);
    },
  ],
  [
    'pages of events are one list',
    '1.6',
    async (stand) => {
      await applied(stand);
      const { human } = stand;
      const rows = listOf('events', activityRow);
      const whole = reads(rows, await human.get(`${activityOf(stand)}?limit=500`));
      assert.equal(whole.next, undefined);
      const found = [];
      for (let cursor = ''; found.length < 100; ) {
        const page = reads(rows, await human.get(`${activityOf(stand)}?limit=2${cursor}`));
        found.push(...page.items);
        if (page.next === undefined) break;
        cursor = `&cursor=${encodeURIComponent(page.next)}`;
      }
      assert.deepEqual(found, whole.items);
    },
  ],
  [
    'an activity is exported, with the digest of what is exported',
    '2.3; 6.2 step 22',
    async (stand) => {
      const { proposalId } = await applied(stand);
      const { service } = await createKey(stand);
      const path = `${activityOf(stand)}/${proposalId}/export`;
      const { export: exported, export_digest } = reads(exportAnswer, await service.get(path));
      assert.equal(exported.integrity.ok, true);
      assert.equal(export_digest, digestOf(exported), 'the canonical digest of the object');
      const again = reads(exportAnswer, await service.get(path));
      assert.equal(again.export_digest, export_digest, 'the same record has the same digest');
    },
  ],
  [
    'a key reads what its scopes say: activity, or exports',
    '1.3',
    async (stand) => {
      const working = await startWork(stand);
      const path = `${activityOf(stand)}/${await submit(working, stand.source)}`;
      const reader = await createKey(stand, ['activity:read']);
      passes(await reader.service.get(path));
      refuses(await reader.service.get(`${path}/export`), 403);
      const exporter = await createKey(stand, ['exports:read']);
      passes(await exporter.service.get(`${path}/export`));
      refuses(await exporter.service.get(path), 403);
      refuses(await exporter.service.get(activityOf(stand)), 403);
    },
  ],
);
