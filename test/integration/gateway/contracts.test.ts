import { contractDigest } from '@countersign/protocol/contract/contract-digest';
import { strFromU8, unzipSync } from 'fflate';
import { beforeAll, describe, expect, test } from 'vitest';
import { changeSet, SOURCE } from '../../support/change-set.ts';
import {
  ADJUST,
  CONTRACT,
  lateFeeCapability,
  pushRequest,
  testContract,
  WAIVE,
} from '../../support/contract.ts';
import { expectProblem } from '../../support/expect-problem.ts';
import { approve, claimRehearsals, propose, read, reportRehearsal, request } from '../../support/flow.ts';
import { must } from '../../support/must.ts';
import { type SharedPlane, sharedPlane } from '../../support/shared-planes.ts';
import type { TestTenant } from '../../support/tenant.ts';

let plane: SharedPlane;

beforeAll(async () => {
  plane = await sharedPlane();
}, 60_000);

const contracts = ({ project }: TestTenant) => `/v1/control/projects/${project}/agent-contracts`;
const version = (tenant: TestTenant, id: string, verb = '') =>
  `${contracts(tenant)}/${CONTRACT.contract_id}/versions/${id}${verb}`;

/** The contract of the tests, showing one field more. */
function wider() {
  const contract = testContract();
  return {
    ...contract,
    metadata: { name: 'billing', version: '2.0.0' },
    capabilities: contract.capabilities.map((capability) => ({
      ...capability,
      visible_fields: [...capability.visible_fields, 'customer_name'],
    })),
  };
}

/** The contract of the tests with half the bound. */
function narrower() {
  const contract = testContract();
  return {
    ...contract,
    capabilities: contract.capabilities.map((capability) => ({
      ...capability,
      args: {
        ...capability.args,
        late_fee_cents: { type: 'number' as const, minimum: 0, maximum: 500_000 },
      },
    })),
  };
}

async function push(tenant: TestTenant, contract: object, changes = {}) {
  const body = { ...pushRequest(), contract, activate: false, ...changes };
  return must(await tenant.olivia.post(contracts(tenant), body)).body;
}

describe('a push', () => {
  test('of the same document is the same version, whoever sends it, and leaves no second entry', async () => {
    const tenant = await plane.tenant();
    const again = must(await tenant.service.post(contracts(tenant), pushRequest())).body;
    expect(again).toMatchObject({ ...CONTRACT, version_number: 1, status: 'active' });
    const { entries } = must(await tenant.olivia.get('/v1/ledger?limit=500')).body;
    expect(entries?.filter(({ type }) => type === 'contract.pushed')).toHaveLength(1);
  });

  test('does not bring a version out of force, or into it, unasked', async () => {
    const tenant = await plane.tenant();
    const staged = await push(tenant, wider());
    expect(staged).toMatchObject({ contract_id: CONTRACT.contract_id, version_number: 2, status: 'staged' });
    const known = must(await tenant.olivia.get(`${contracts(tenant)}/${CONTRACT.contract_id}`)).body;
    expect(known).toMatchObject({ contract: { active_version_id: CONTRACT.contract_version_id } });
  });

  test('says what it would permit more, and what is dangerous in it', async () => {
    const tenant = await plane.tenant();
    const { version: pushed } = await push(tenant, wider());
    expect(pushed).toMatchObject({
      risk_increasing: true,
      semantic_diff: {
        changes: expect.arrayContaining([expect.objectContaining({ change: 'visible_fields_widened' })]),
      },
      lint: { findings: expect.any(Array) },
    });
  });

  test('of a document with another digest than its sender computed is refused', async () => {
    const tenant = await plane.tenant();
    const body = { ...pushRequest(wider()), local_digest: contractDigest(testContract()) };
    expectProblem(await tenant.olivia.post(contracts(tenant), body), 'contract_digest_mismatch');
  });

  test('of what is no contract says everything that is wrong', async () => {
    const tenant = await plane.tenant();
    const [first, ...others] = testContract().capabilities;
    const broken = {
      ...testContract(),
      capabilities: [{ ...first, visible_fields: ['status'], lookup: { id_from_arg: 'nosuch' } }, ...others],
    };
    const answer = await tenant.olivia.post(contracts(tenant), { ...pushRequest(), contract: broken });
    expectProblem(answer, 'contract_invalid');
    expect(answer.body.errors?.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['UNKNOWN_LOOKUP_ARG', 'PATCH_COLUMN_NOT_VISIBLE']),
    );
  });

  test('with a capability that another contract in force has is refused', async () => {
    const tenant = await plane.tenant();
    const other = { ...testContract(), metadata: { name: 'other', version: '1' } };
    expectProblem(await tenant.olivia.post(contracts(tenant), pushRequest(other)), 'capability_taken');
  });
});

describe('an activation that permits more', () => {
  test('needs a reason, and a person', async () => {
    const tenant = await plane.tenant();
    const staged = await push(tenant, wider());
    const activate = version(tenant, String(staged.contract_version_id), '/activate');
    expectProblem(await tenant.service.post(activate, {}), 'agent_contract_activation_reason_required');
    expectProblem(await tenant.service.post(activate, { reason: 'so that it works' }), 'forbidden');
    expectProblem(
      await tenant.olivia.post(activate, { reason: ' ' }),
      'agent_contract_activation_reason_required',
    );
    const { body } = must(await tenant.olivia.post(activate, { reason: 'support must see the name' }));
    expect(body).toMatchObject({
      contract: { active_version_id: staged.contract_version_id },
      version: { status: 'active' },
    });
  });

  test('is another matter than one that permits less', async () => {
    const tenant = await plane.tenant();
    const staged = await push(tenant, narrower());
    must(await tenant.service.post(version(tenant, String(staged.contract_version_id), '/activate'), {}));
  });

  test('can be rolled back, and the registry shows all of it', async () => {
    const tenant = await plane.tenant();
    const staged = await push(tenant, narrower(), { activate: true });
    must(
      await tenant.olivia.post(version(tenant, CONTRACT.contract_version_id, '/rollback'), {
        reason: 'support needs more room',
      }),
    );
    const { body } = must(await tenant.olivia.get(`${contracts(tenant)}/${CONTRACT.contract_id}`));
    expect(body).toMatchObject({
      contract: { active_version_id: CONTRACT.contract_version_id },
      versions: [
        { version_number: 1, status: 'active' },
        { version_number: 2, status: 'staged' },
      ],
    });
    const one = must(await tenant.olivia.get(version(tenant, String(staged.contract_version_id)))).body;
    expect(one.version).toMatchObject({ contract: narrower(), digest: contractDigest(narrower()) });
    const diff = must(
      await tenant.olivia.get(
        `${contracts(tenant)}/${CONTRACT.contract_id}/diff?from=${String(staged.contract_version_id)}&to=${CONTRACT.contract_version_id}`,
      ),
    ).body;
    expect(diff).toMatchObject({ risk_increasing: true });
  });
});

describe('the bundle of a runner', () => {
  const bundle = (tenant: TestTenant, sourceId: string, query = '') =>
    `${version(tenant, CONTRACT.contract_version_id, '/runner-bundle')}?source_id=${sourceId}${query}`;

  test('is an archive with a runner of its own each time, for whoever may read the version', async () => {
    const tenant = await plane.tenant();
    const [first, second] = await Promise.all(
      [tenant.olivia, tenant.service].map(async ({ token }) => {
        const response = await fetch(plane.origin + bundle(tenant, SOURCE, '&download=1'), {
          headers: { authorization: `Bearer ${token}` },
        });
        expect(response.headers.get('content-type')).toBe('application/zip');
        const files = unzipSync(new Uint8Array(await response.arrayBuffer()));
        return JSON.parse(strFromU8(files['synapsor.cloud.json'] ?? new Uint8Array())).cloud;
      }),
    );
    expect(first).toMatchObject({
      source_id: SOURCE,
      project_id: tenant.project,
      contract_digest: contractDigest(testContract()),
    });
    expect(first.runner_id).not.toBe(second.runner_id);
  });

  test('is refused for a source that is not there, and to an agent', async () => {
    const tenant = await plane.tenant();
    expectProblem(await tenant.olivia.get(bundle(tenant, 'src_none')), 'source_not_found');
    expectProblem(await tenant.agent.get(bundle(tenant, SOURCE)), 'forbidden');
    expectProblem(await tenant.olivia.get(bundle(tenant, SOURCE, '&path=etc')), 'unknown_field');
  });
});

describe('proposals of a version that is in force no more', () => {
  test('cannot be approved, can be rejected; what was approved goes on', async () => {
    const tenant = await plane.tenant();
    const [approved, open, rejected] = [
      await propose(tenant.service),
      await propose(tenant.service),
      await propose(tenant.service),
    ];
    await approve(tenant.ada, approved);
    await push(tenant, narrower(), { activate: true });
    expectProblem(await tenant.ada.post(`/v1/proposals/${open}/approve`), 'contract_not_active');
    must(await tenant.ada.post(`/v1/proposals/${rejected}/reject`, { reason: 'no' }));
    expect(await read(tenant.olivia, approved)).toMatchObject({
      status: 'approved',
      job: { status: 'queued' },
    });
    must(
      await tenant.olivia.post(version(tenant, CONTRACT.contract_version_id, '/rollback'), {
        reason: 'back',
      }),
    );
    await approve(tenant.ada, open);
  });
});

describe('what the contract does not allow', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['another column', { patch: { status: 'void' }, after: { status: 'void' } }, 'column_not_allowed'],
    [
      'a value beyond its bounds',
      { patch: { late_fee_cents: -1 }, after: { late_fee_cents: -1 } },
      'bound_exceeded',
    ],
    ['a field that is kept out', { before: { late_fee_cents: 5_500, card_number: 'x' } }, 'outside_contract'],
    [
      'another guard',
      { guards: { ...changeSet().guards, expected_version: { column: 'etag', value: 1 } } },
      'outside_contract',
    ],
    ['a capability that there is not', { action: 'billing.nosuch' }, 'capability_unknown'],
  ])('%s cannot be proposed by a complete change set', async (_name, changes, code) => {
    const tenant = await plane.tenant();
    const body = { source_id: 'src_billing', change_set: changeSet(changes) };
    const answer = await tenant.service.post('/v1/proposals', body);
    expect(answer.body.error_code, answer.text).toBe(code);
    expect(answer.text).not.toContain('"x"');
  });

  test.each<[string, object, string]>([
    ['an argument that there is not', { amount: 1 }, 'argument_invalid'],
    ['an argument of another type', { late_fee_cents: '0' }, 'argument_invalid'],
    ['a value beyond its bounds', { late_fee_cents: 1_000_001 }, 'bound_exceeded'],
  ])('%s cannot be asked for, and the answer says what would pass', async (_name, args, code) => {
    const tenant = await plane.tenant();
    const wanted = { invoice_id: 'INV-1', late_fee_cents: 0, ...args };
    const answer = await tenant.agent.post('/v1/proposals', { capability: ADJUST, args: wanted });
    expect(answer.body.error_code, answer.text).toBe(code);
    expect(answer.body.next).toEqual(expect.any(String));
  });

  test('an agent cannot send a change set, nor name its tenant; the attempt to is on record', async () => {
    const tenant = await plane.tenant();
    expectProblem(
      await tenant.agent.post('/v1/proposals', { source_id: 'src_billing', change_set: changeSet() }),
      'forbidden',
    );
    const args = { invoice_id: 'INV-1', late_fee_cents: 0, tenant_id: 'globex' };
    expectProblem(await tenant.agent.post('/v1/proposals', { capability: ADJUST, args }), 'hidden_binding');
    const { entries } = must(await tenant.olivia.get('/v1/ledger?limit=500')).body;
    const [recorded] = entries?.filter(({ type }) => type === 'attempt.refused') ?? [];
    expect(recorded).toMatchObject({ body: { hidden: ['tenant_id'], capability: ADJUST } });
    expect(JSON.stringify(recorded)).not.toContain('globex');
  });

  test('a capability that is gone with a new version can be asked for no more', async () => {
    const tenant = await plane.tenant();
    const only = { ...testContract(), capabilities: [lateFeeCapability(WAIVE)] };
    await push(tenant, only, { activate: true });
    const answer = await tenant.agent.post('/v1/proposals', { capability: ADJUST, args: {} });
    expectProblem(answer, 'capability_unknown');
    const { capabilities } = must(await tenant.agent.get('/v1/capabilities')).body;
    expect((capabilities as { name: string }[]).map(({ name }) => name)).toEqual([WAIVE]);
  });

  test('a request that is being rehearsed when its contract changes ends with that reason', async () => {
    const tenant = await plane.tenant();
    const id = await request(tenant.agent);
    await push(tenant, narrower(), { activate: true });
    const [rehearsal] = await claimRehearsals(tenant.runner);
    if (rehearsal === undefined) throw new TypeError('there was no rehearsal');
    must(await reportRehearsal(tenant.runner, rehearsal));
    expect(await read(tenant.agent, id)).toMatchObject({
      status: 'rejected',
      cause: { code: 'contract_not_active' },
    });
  });
});
