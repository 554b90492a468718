import { readFile, writeFile } from 'node:fs/promises';
import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { SOURCE } from '../support/change-set.ts';
import { ADJUST, testContract } from '../support/contract.ts';
import { eventually } from '../support/eventually.ts';
import { claimOne, leaseJob, rehearse, report, requestAndRehearse } from '../support/flow.ts';
import { must } from '../support/must.ts';
import { type SharedPlane, sharedClockedPlane } from '../support/shared-planes.ts';
import { useCli } from '../support/use-cli.ts';

/* What the command line asks, and what the control plane answers, are one language: every command, once, for real. */

let plane: SharedPlane;
const { at, file, secretIn, user } = useCli((started) => {
  plane = started;
});

test('contracts are pushed, compared, put in force and rolled back', async () => {
  const tenant = await plane.unheardTenant();
  const olivia = user(tenant, tenant.olivia.token);
  const narrow = await file('narrow.json', testContract());
  const wide = await file(
    'wide.json',
    JSON.stringify(testContract()).replaceAll('"maximum":1000000', '"maximum":2000000'),
  );
  const allowed = ['--allow', 'approval_absent'];
  expect(await olivia.ends(12, 'contracts', 'push', narrow)).toContain('nothing was pushed');
  const first = await olivia.json('contracts', 'push', narrow, ...allowed, '--activate', '--reason', 'begin');
  const id = String(first.contract_id);
  expect(await olivia.does('contracts', 'list')).toContain('billing');
  expect(await olivia.does('contracts', 'diff', `${id}@active`, narrow)).toBe('no change\n');
  expect(await olivia.ends(11, 'contracts', 'diff', `${id}@active`, wide)).toContain('!!');
  const second = await olivia.json('contracts', 'push', wide, ...allowed);
  const [old, newer] = [String(first.contract_version_id), String(second.contract_version_id)];
  expect(await olivia.ends(11, 'contracts', 'diff', `${id}@${old}`, `${id}@${newer}`)).toContain('!!');
  expect(await olivia.ends(3, 'contracts', 'activate', id, newer)).toContain('reason');
  expect(await olivia.does('contracts', 'activate', id, newer, '--reason', 'agreed')).toContain(newer);
  expect(await olivia.does('contracts', 'history', id)).toMatch(new RegExp(`${newer}.*in force`));
  expect(await olivia.does('contracts', 'rollback', id, old)).toContain(`${old} is in force`);
  expect(await olivia.does('contracts', 'show', id)).toMatch(new RegExp(`in force +${old}`));
  await olivia.does('contracts', 'pull', id, newer, '-o', at('pulled.json'));
  expect(JSON.parse(await readFile(at('pulled.json'), 'utf8'))).toEqual(
    JSON.parse(await readFile(wide, 'utf8')),
  );
  const pack = ['contracts', 'bundle', id, '--source', SOURCE];
  expect(await olivia.ends(2, ...pack)).toContain('-o FILE');
  expect(await olivia.does(...pack, '-o', at('runner.zip'))).toContain(`for ${SOURCE}`);
  const files = unzipSync(await readFile(at('runner.zip')));
  const text = (name: string) => JSON.parse(strFromU8(files[name] ?? new Uint8Array()));
  expect(text('synapsor.contract.json')).toEqual(JSON.parse(await readFile(narrow, 'utf8')));
  expect(text('synapsor.cloud.json').cloud).toMatchObject({ source_id: SOURCE, contract_version_id: old });
  const nowhere = ['contracts', 'bundle', id, '--source', 'src_none', '-o', at('none.zip')];
  expect(await olivia.ends(1, ...nowhere)).toContain('source_not_found');
});

test('people are invited, become members, and are what they are made', async () => {
  const tenant = await plane.tenant();
  const olivia = user(tenant, tenant.olivia.token);
  const issuer = plane.issuers.get('members');
  const noor = user(tenant, await issuer.sign('noor'));
  const invite = ['invitations', 'create', 'Noor', '--role', 'viewer', '--idempotency-key', 'k-1'];
  await olivia.does(...invite, '--days', '30', '--save', at('code'));
  const again = await olivia.ends(4, ...invite, '--days', '30');
  expect(again).toContain('shown once');
  expect(await noor.ends(1, 'members', 'list')).toContain('project_not_found');
  expect(await noor.run(['invitations', 'accept'], await readFile(at('code'), 'utf8'))).toMatchObject({
    code: 0,
    out: 'you are a member now\n',
  });
  const person = issuer.personOf('noor');
  await olivia.does('members', 'roles', person, '--role', 'approver', '--approval-role', 'billing_lead');
  expect(await noor.json('whoami')).toMatchObject({ context: { roles: ['approver'] } });
  expect(await olivia.does('members', 'list')).toContain('noor');
  expect(await olivia.does('members', 'remove', person, '--reason', 'left')).toContain('no member');
  await noor.ends(1, 'members', 'list');
  const { invitation_id: other } = await olivia.json('invitations', 'create', 'Nobody', '--role', 'viewer');
  expect(await olivia.does('invitations', 'revoke', String(other))).toContain('counts no more');
  expect(await olivia.does('invitations', 'list')).toMatch(/Nobody.*revoked/);
  const mappings = [
    { issuer: issuer.issuer, value: 'leads', roles: ['approver'], approval_roles: ['billing_lead'] },
  ];
  expect(await olivia.does('claims', 'show')).toBe('none\n');
  expect(await olivia.does('claims', 'save', await file('claims.json', mappings))).toContain('1 mapping is');
  expect(await olivia.json('claims', 'show')).toEqual({ ok: true, mappings });
});

describe('a credential', () => {
  const kinds = [
    {
      noun: 'agents',
      create: ['bot', '--bind', 'tenant_id=acme', '--bind', 'principal=ops', '--source', SOURCE],
      idIn: /"agent_id": "(.+)"/,
    },
    {
      noun: 'services',
      create: ['desk', '--scope', 'proposals:write', '--source', SOURCE, '--expires-at', '2099-01-01'],
      idIn: /"key_id": "(.+)"/,
    },
    { noun: 'runner-tokens', create: ['west', '--source', SOURCE], idIn: /"token_id": "(.+)"/ },
  ];

  test.each(kinds)('of $noun is made, shown, rotated and revoked', async ({ noun, create, idIn }) => {
    const tenant = await plane.tenant();
    const olivia = user(tenant, tenant.olivia.token);
    const made = async (...args: string[]) =>
      idIn.exec(await olivia.does(noun, ...args, '--json'))?.[1] ?? 'none';
    const keyed = ['create', ...create, '--idempotency-key', 'k-1'];
    const id = await made(...keyed, '--save', at(`${noun}.token`));
    expect(await olivia.ends(4, noun, ...keyed)).toContain(`countersign ${noun} rotate ${id}`);
    expect(await olivia.does(noun, 'list')).toContain(id);
    expect(await olivia.does(noun, 'show', id)).toContain(SOURCE);
    const first = user(tenant, await secretIn(`${noun}.token`));
    expect(await first.json('whoami')).toMatchObject({ context: { source_ids: [SOURCE] } });
    const next = await made('rotate', id, '--overlap', '86400', '--save', at(`${noun}.new`));
    const second = user(tenant, await secretIn(`${noun}.new`));
    await first.does('whoami');
    await second.does('whoami');
    expect(await olivia.does(noun, 'revoke', next, '--reason', 'unused')).toContain('is revoked');
    expect(await second.ends(3, 'whoami')).toContain('token_revoked');
    expect(await olivia.does(noun, 'show', next)).toMatch(/status +revoked/);
  });
});

const twoPeople = {
  name: 'two-people',
  applies_to: [ADJUST],
  when: 'after.late_fee_cents < 100',
  effect: 'ask',
  requires: { approvals: 2 },
  tests: [{ name: 'small', given: { capability: ADJUST, after: { late_fee_cents: 0 } }, expect: 'ask' }],
};

test('policies are tried, saved, put in force, replayed and retired', async () => {
  const tenant = await plane.tenant();
  const olivia = user(tenant, tenant.olivia.token);
  const path = await file('policy.json', twoPeople);
  expect(await olivia.does('policies', 'test', path)).toContain('passes its 1 test');
  const wrong = await file('wrong.json', { ...twoPeople, when: 'after.late_fee_cents < 0' });
  expect(await olivia.ends(3, 'policies', 'test', wrong)).toContain('policy_invalid');
  expect(await olivia.does('policies', 'save', path)).toContain('draft');
  expect(await olivia.does('policies', 'replay', 'two-people')).toContain('would have approved 0');
  const activate = ['policies', 'activate', 'two-people', '--reason', 'agreed'];
  expect(await olivia.ends(2, ...activate)).toContain('after.late_fee_cents < 100');
  const outdated = `sha256:${'0'.repeat(64)}`;
  expect(await olivia.ends(4, ...activate, '--digest', outdated)).toContain('decision_outdated');
  expect(await olivia.does('policies', 'list')).toMatch(/two-people +draft/);
  expect(await olivia.does(...activate, '--yes')).toMatch(/\ntwo-people is in force\n$/);
  expect(await olivia.does('policies', 'list')).toMatch(/two-people +active/);
  expect(JSON.parse(await olivia.does('policies', 'show', 'two-people'))).toMatchObject({ effect: 'ask' });
  expect(await olivia.does('policies', 'retire', 'two-people')).toContain('out of force');
  expect(await olivia.does('policies', 'list')).toMatch(/two-people +retired/);
});

test('a proposal is asked about, revised, looked at again, countersigned by two, and written', async () => {
  const tenant = await plane.tenant();
  const olivia = user(tenant, tenant.olivia.token);
  const saved = await olivia.json('policies', 'save', await file('policy.json', twoPeople));
  await olivia.does('policies', 'activate', 'two-people', '--digest', String(saved.digest));
  const bound = ['--bind', 'tenant_id=acme', '--bind', 'principal=ops', '--source', SOURCE];
  await olivia.does('agents', 'create', 'bot', ...bound, '--save', at('story.token'));
  const [agent, ada, aron] = [
    user(tenant, await secretIn('story.token')),
    user(tenant, tenant.ada.token),
    user(tenant, tenant.aron.token),
  ];
  expect(await agent.does('proposals', 'capabilities')).toContain(ADJUST);
  const args = ['--arg', 'invoice_id=INV-3001', '--arg', 'late_fee_cents:=0', '--reason', 'goodwill'];
  const asked = await agent.json('proposals', 'propose', ADJUST, ...args, '--expires-in', '3600');
  const id = String(asked.proposal_id);
  expect(await ada.ends(4, 'proposals', 'approve', id, '--yes')).toContain('no exact change');
  await rehearse(tenant, id);
  expect(await ada.does('proposals', 'list', '--status', 'pending_review')).toContain(id);
  const shown = await ada.does('proposals', 'show', id);
  for (const fact of ['5500', '2 approvals', 'goodwill', '0 to 1000000']) expect(shown).toContain(fact);
  const answer = ['proposals', 'revise', id, '--answer', 'ticket 42'];
  expect(await agent.ends(4, ...answer)).toContain('proposal_not_revisable');
  expect(await ada.does('proposals', 'send-back', id, 'Which ticket?')).toBe('changes_requested\n');
  expect(await agent.does('proposals', 'explain', id)).toContain('changes_requested');
  const elsewhere = await file('elsewhere.json', { invoice_id: 'INV-3002', late_fee_cents: 50 });
  expect(await agent.ends(4, ...answer, '--args', elsewhere)).toContain('proposal_not_revisable');
  await agent.does(
    ...answer,
    '--args',
    await file('args.json', { invoice_id: 'INV-3001', late_fee_cents: 50 }),
  );
  await rehearse(tenant, id, { after: { late_fee_cents: 50, status: 'open' } });
  expect(await ada.does('proposals', 'show', id)).toContain('ticket 42');
  expect(await ada.does('proposals', 'look', id)).toContain('fresh look');
  await rehearse(tenant, id, { after: { late_fee_cents: 5400, status: 'open' } });
  const lied = await ada.does('proposals', 'show', id);
  expect(lied).toMatch(/^late_fee_cents +5500 +-> +50$/m);
  expect(lied).toContain('!! late_fee_cents: the rehearsal gave 5400, the proposal writes 50\n');
  const approve = ['proposals', 'approve', id, '--yes', '--reason', 'agreed'];
  expect(await ada.does(...approve)).toMatch(/pending_review\n$/);
  expect(await aron.does(...approve)).toMatch(/approved\n$/);
  expect(await ada.does('proposals', 'wait', id, '--until', 'approved', '--timeout', '0')).toMatch(
    /^approved/,
  );
  must(await report(tenant.runner, await claimOne(tenant.runner)));
  expect(await ada.does('proposals', 'wait', id, '--timeout', '0')).toMatch(/^applied/);
});

test('proposals are rejected by people, and withdrawn by whoever proposed', async () => {
  const tenant = await plane.tenant();
  const [ada, agent] = [user(tenant, tenant.ada.token), user(tenant, tenant.agent.token)];
  const [bad, odd] = [await requestAndRehearse(tenant), await requestAndRehearse(tenant)];
  expect(await ada.does('proposals', 'reject', bad, '--reason', 'no such agreement')).toBe('rejected\n');
  expect(await ada.ends(4, 'proposals', 'approve', bad, '--yes')).toContain('already_decided');
  expect(await agent.does('proposals', 'cancel', odd)).toBe('canceled\n');
  expect(await ada.ends(1, 'proposals', 'show', 'wrp_none')).toContain('proposal_not_found');
});

test('permission rules are saved, enforced and relaxed', async () => {
  const tenant = await plane.tenant();
  const olivia = user(tenant, tenant.olivia.token);
  const rules = [
    { name: 'owners-alone', asks: ['list-members'], effect: 'deny', when: "!('owner' in who.roles)" },
  ];
  const vera = user(tenant, tenant.vera.token);
  expect(await olivia.does('permission-rules', 'save', await file('rules.json', rules))).toContain(
    '1 rule is',
  );
  expect(await olivia.does('permission-rules', 'enforce', '--reason', 'agreed')).toContain('hold now');
  expect(await vera.ends(3, 'members', 'list')).toContain('denied_by_rule');
  expect(await olivia.does('permission-rules', 'show')).toMatch(/\nenforced\n$/);
  expect(await olivia.does('permission-rules', 'relax', '--reason', 'too strict')).toContain('no more');
  await vera.does('members', 'list');
});

test('what happened is found, replayed, exported and verified', async () => {
  const tenant = await plane.tenant();
  const audra = user(tenant, tenant.audra.token);
  const id = await requestAndRehearse(tenant, {}, { reason: 'goodwill towards zanzibar' });
  const found = await eventually(
    () => audra.does('search', 'zanzibar', '--kind', 'proposal'),
    (text) => text.includes(id),
  );
  expect(found).toContain('zanzibar');
  const story = await audra.does('replay', id);
  expect(story).toContain('proposal.requested');
  expect(story).toContain('the chain holds');
  for (const more of [[], ['--proposal', id]]) {
    const path = at(`ledger-${more.length}.ndjson`);
    await audra.does('ledger', 'export', '-o', path, ...more);
    const { manifest } = await audra.json('verify', path);
    expect(manifest).toMatchObject({ project_id: tenant.project });
    await writeFile(path, (await readFile(path, 'utf8')).replace('zanzibar', 'elsewhere'));
    expect(await audra.ends(1, 'verify', path)).toContain('edited');
  }
});

test('a login says who it is, how the plane is, and ends', async () => {
  const tenant = await plane.tenant();
  const token = await plane.issuers.get('members').sign('vera', { claims: { jti: 'once' } });
  const vera = user(tenant, token);
  expect(await vera.does('whoami')).toContain('vera');
  const lost = user({ ...tenant, project: '' }, token);
  expect(await lost.ends(2, 'agents', 'list')).toContain('say --project');
  expect(await vera.does('status')).toMatch(/state +ok/);
  expect(await vera.does('projects', 'list')).toContain(tenant.project);
  expect(await vera.does('sources', 'list')).toContain(SOURCE);
  expect(await vera.does('runners', 'list')).toBe('nothing\n');
  const profile = { url: plane.origin, project_id: tenant.project, tokens: { access_token: token } };
  await writeFile(at('profiles.json'), JSON.stringify({ current: 'p', profiles: { p: profile } }), {
    mode: 0o600,
  });
  expect(await vera.does('logout')).toContain('ended at the control plane');
  expect(await vera.ends(3, 'whoami')).toContain('sign in again');
});

test('dead letters are tried again, and given up', async () => {
  const clocked = await sharedClockedPlane();
  const tenant = await clocked.tenant();
  const otto = user(tenant, tenant.otto.token, clocked.origin);
  let job = await leaseJob(tenant);
  const dead = () => otto.json('proposals', 'list', '--job-status', 'dead_letter');
  const exhaust = async () => {
    for (;;) {
      await clocked.advance(tenant, 60_000);
      if (JSON.stringify(await dead()).includes(job.proposal_id)) return;
      job = await claimOne(tenant.runner);
    }
  };
  await exhaust();
  expect(await otto.does('jobs', 'requeue', job.job_id, '--reason', 'back')).toContain('queued');
  job = await claimOne(tenant.runner);
  await exhaust();
  expect(await otto.does('jobs', 'discard', job.job_id)).toContain('given up');
  expect(await otto.ends(4, 'jobs', 'requeue', job.job_id)).toContain('job_not_dead');
});
