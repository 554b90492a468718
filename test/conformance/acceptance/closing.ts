import { strict as assert } from 'node:assert';
import { digestOf } from '../canonical.ts';
import { passes, reads, refuses } from '../checks.ts';
import { contractDocument } from '../documents.ts';
import { recordRead } from '../doing.ts';
import { activityAnswer, exportAnswer, pushAnswer, switchAnswer } from '../reads.ts';
import { DOCTOR, projectPath, run, type Step, versions } from './run.ts';

/** Steps 21 to 27: the proof, another version of the contract, and the end of the credentials. */
export const closing: readonly Step[] = [
  [
    '21',
    'the activity of the first proposal has its five kinds of events, its receipt, and a chain that holds',
    async (stand) => {
      await recordRead(run.working.get(), stand.source, run.proposal.get());
      const path = `${projectPath(stand)}/runner-activity/${run.proposal.get()}`;
      const { events, integrity, job } = reads(activityAnswer, await run.service.get().service.get(path));
      const types = events.map(({ event_type }) => event_type);
      for (const type of [
        'proposal.submitted',
        'proposal.approved',
        'writeback.result',
        'evidence.recorded',
        'query_audit.recorded',
      ])
        assert.ok(types.includes(type), type);
      const result = events.find(({ event_type }) => event_type === 'writeback.result');
      assert.match(result?.receipt_id ?? '', /^sha256:[0-9a-f]{64}$/);
      assert.ok(result?.replay_id?.includes(run.proposal.get()));
      assert.ok(events.some(({ evidence_ids }) => (evidence_ids ?? []).length > 0));
      assert.ok(events.some(({ query_audit_ids }) => (query_audit_ids ?? []).length > 0));
      assert.ok(job?.job_id);
      assert.equal(integrity.ok, true);
    },
  ],
  [
    '22',
    'its export has a digest, holds, and has nothing that stays with the runner',
    async (stand) => {
      const path = `${projectPath(stand)}/runner-activity/${run.proposal.get()}/export`;
      const answer = await run.service.get().service.get(path);
      const { export: exported, export_digest } = reads(exportAnswer, answer);
      assert.equal(exported.integrity.ok, true);
      assert.equal(export_digest, digestOf(exported));
      assert.doesNotMatch(JSON.stringify(exported), /card_number|syn_run_|postgres(ql)?:\/\//);
    },
  ],
  [
    '23, 24',
    'a wider version is staged and compared; without a reason it cannot be activated',
    async (stand) => {
      const contract = contractDocument(['late_fee_cents', 'status', 'hosted_e2e_review_marker']);
      const body = {
        schema_version: 'synapsor.cloud-contract-push.v0.1',
        contract,
        source: 'hosted_acceptance',
        workspace: stand.project,
        pushed_at: new Date().toISOString(),
        activate: false,
        idempotency_key: 'acceptance-2',
      };
      const path = `${projectPath(stand)}/agent-contracts`;
      const made = reads(pushAnswer, await run.service.get().service.post(path, body));
      assert.equal(made.contract_id, run.first.get().contract_id);
      assert.notEqual(made.contract_version_id, run.first.get().contract_version_id);
      assert.equal(made.version.risk_increasing, true);
      const changes = made.version.semantic_diff.changes.map(({ change }) => change);
      assert.ok(changes.includes('visible_fields_widened'));
      run.staged.set(made.contract_version_id);
      const activate = `${versions(stand)}/${made.contract_version_id}/activate`;
      const { error } = refuses(await run.service.get().service.post(activate, {}), 400);
      assert.equal(error, 'agent_contract_activation_reason_required');
    },
  ],
  [
    '25',
    'the person activates it with a reason, and goes back to the first',
    async (stand) => {
      const reason = { reason: 'reviewed' };
      const on = await stand.human.post(`${versions(stand)}/${run.staged.get()}/activate`, reason);
      assert.equal(reads(switchAnswer, on).contract.active_version_id, run.staged.get());
      const { contract_version_id } = run.first.get();
      const back = await stand.human.post(`${versions(stand)}/${contract_version_id}/rollback`, reason);
      assert.equal(reads(switchAnswer, back).contract.active_version_id, contract_version_id);
    },
  ],
  [
    '26',
    'the token is revoked: doctor, register, claim and result are refused at once, whatever their body',
    async (stand) => {
      const { runner, tokenId } = run.token.get();
      passes(await stand.human.post(`${projectPath(stand)}/runner-tokens/${tokenId}/revoke`, {}));
      refuses(await runner.get(DOCTOR), 401, 403);
      for (const path of ['runner/register', 'writeback/jobs/claim', 'writeback/jobs/wbj_none/result'])
        refuses(await runner.post(`/v1/${path}`, {}), 401, 403);
    },
  ],
  [
    '27',
    'the key is revoked',
    async ({ human, project }) => {
      const { keyId, service: key } = run.service.get();
      passes(await human.post('/v1/control/api-keys/revoke', { project_id: project, key_id: keyId }));
      refuses(await key.get('/v1/control/sessions/self'), 401);
    },
  ],
];
