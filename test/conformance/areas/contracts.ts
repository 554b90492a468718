import { strict as assert } from 'node:assert';
import { canonicalText, digestOf } from '../canonical.ts';
import { reads, refuses } from '../checks.ts';
import { CONTRACT_NAME, contractDocument } from '../documents.ts';
import { createKey, pushActive, pushBody } from '../doing.ts';
import { contractAnswer, contractRow, listOf, pushAnswer, switchAnswer, versionAnswer } from '../reads.ts';
import { scenariosOf } from '../scenario.ts';
import type { Stand } from '../stand.ts';

const contractsOf = ({ project }: Stand) => `/v1/control/projects/${project}/agent-contracts`;
/** Shows one field more: it permits more than the first. */
const widened = () => contractDocument(['late_fee_cents', 'status', 'review_marker']);

/** What the runner's `cloud push` sends: the same document with other members beside it, and its digest as the key. */
function runnerPush(contract: ReturnType<typeof contractDocument>) {
  const { source_versions: _, ...body } = pushBody(contract, { source: 'runner', name: CONTRACT_NAME });
  return body;
}

export const contractScenarios = scenariosOf(
  'contracts',
  [
    'a push by the CLI and one by the runner, under one key, are one version',
    '1.5, 2.3.1; 6.2 steps 6 and 7',
    async (stand) => {
      const { service } = await createKey(stand);
      const contract = contractDocument();
      const key = digestOf(contract);
      const first = reads(
        pushAnswer,
        await service.post(contractsOf(stand), pushBody(contract, { activate: true }), { key }),
      );
      assert.equal(first.digest, key);
      const second = reads(pushAnswer, await service.post(contractsOf(stand), runnerPush(contract), { key }));
      assert.equal(second.contract_version_id, first.contract_version_id);
      assert.equal(second.digest, first.digest);
      const path = `${contractsOf(stand)}/${first.contract_id}`;
      const { versions } = reads(contractAnswer, await service.get(path));
      assert.deepEqual(
        versions.map(({ status }) => status),
        ['active'],
        'and it is still in force',
      );
    },
  ],
  [
    'the order of members makes no difference to a digest',
    '2.3.1, 3.1',
    async (stand) => {
      const contract = contractDocument();
      const first = reads(pushAnswer, await stand.human.post(contractsOf(stand), pushBody(contract)));
      const sorted = JSON.parse(canonicalText(contract));
      const again = reads(pushAnswer, await stand.human.post(contractsOf(stand), pushBody(sorted)));
      assert.equal(again.contract_version_id, first.contract_version_id);
    },
  ],
  [
    'a digest that is not that of the document is refused by name',
    '1.4, 2.3.1',
    async (stand) => {
      const body = pushBody(contractDocument(), { local_digest: `sha256:${'0'.repeat(64)}` });
      const { error } = refuses(await stand.human.post(contractsOf(stand), body), 409);
      assert.equal(error, 'contract_digest_mismatch');
    },
  ],
  [
    'another document of the same name is the next version of the same contract, and says what it widens',
    '2.3.1, 6.3; 6.2 step 23',
    async (stand) => {
      const first = await pushActive(stand);
      const { service } = await createKey(stand);
      // As the acceptance run sends it: no digest, no key in a header, and members of its own.
      const body = {
        schema_version: 'synapsor.cloud-contract-push.v0.1',
        contract: widened(),
        source: 'hosted-e2e',
        workspace: 'acceptance',
        pushed_at: new Date().toISOString(),
        activate: false,
        idempotency_key: 'in the body alone',
      };
      const staged = reads(pushAnswer, await service.post(contractsOf(stand), body));
      assert.equal(staged.contract_id, first.contract_id);
      assert.notEqual(staged.contract_version_id, first.contract_version_id);
      assert.equal(staged.version.risk_increasing, true);
      const changes = staged.version.semantic_diff.changes.map(({ change }) => change);
      assert.ok(changes.includes('visible_fields_widened'));
      const again = reads(pushAnswer, await service.post(contractsOf(stand), body));
      assert.deepEqual(
        again.version.semantic_diff,
        staged.version.semantic_diff,
        'a known version says it too',
      );
    },
  ],
  [
    'contracts are listed and shown, their versions oldest first, each with its document',
    '2.3; 8 (12)',
    async (stand) => {
      const first = await pushActive(stand);
      const staged = reads(pushAnswer, await stand.human.post(contractsOf(stand), pushBody(widened())));
      const { items } = reads(
        listOf('contracts', contractRow),
        await stand.human.get(`${contractsOf(stand)}?limit=100`),
      );
      assert.deepEqual(
        items.map(({ name }) => name),
        [CONTRACT_NAME],
      );
      const path = `${contractsOf(stand)}/${first.contract_id}`;
      const { versions } = reads(contractAnswer, await stand.human.get(path));
      assert.deepEqual(
        versions.map(({ contract_version_id }) => contract_version_id),
        [first.contract_version_id, staged.contract_version_id],
      );
      for (const { contract_version_id, digest } of versions) {
        const { version } = reads(
          versionAnswer,
          await stand.human.get(`${path}/versions/${contract_version_id}`),
        );
        assert.equal(version.digest, digest);
        assert.equal(digestOf(version.contract), digest, 'the client computes it anew');
      }
    },
  ],
  [
    'to activate what permits more needs a reason, which a service is told with 400 and the code',
    '2.3.2; 6.2 steps 24 and 25',
    async (stand) => {
      const first = await pushActive(stand);
      const { service } = await createKey(stand);
      const staged = reads(pushAnswer, await service.post(contractsOf(stand), pushBody(widened())));
      const versions = `${contractsOf(stand)}/${first.contract_id}/versions`;
      const activate = `${versions}/${staged.contract_version_id}/activate`;
      const { error } = refuses(await service.post(activate, {}), 400);
      assert.equal(error, 'agent_contract_activation_reason_required');
      const blank = refuses(await stand.human.post(activate, { reason: ' ' }), 400);
      assert.equal(blank.error, error);
      const active = reads(switchAnswer, await stand.human.post(activate, { reason: 'reviewed' }));
      assert.equal(active.contract.active_version_id, staged.contract_version_id);
      const rollback = `${versions}/${first.contract_version_id}/rollback`;
      const back = reads(switchAnswer, await stand.human.post(rollback, { reason: 'back' }));
      assert.equal(back.contract.active_version_id, first.contract_version_id);
    },
  ],
  [
    'what is not a contract is 422 with its faults, and what is not there 404',
    '1.4, 2.3.1',
    async (stand) => {
      const { errors = [] } = refuses(
        await stand.human.post(contractsOf(stand), pushBody({ ...contractDocument(), contexts: [] })),
        422,
      );
      assert.ok(errors.length > 0);
      refuses(await stand.human.get(`${contractsOf(stand)}/ctr_none/versions/ctv_none`), 404);
    },
  ],
);
