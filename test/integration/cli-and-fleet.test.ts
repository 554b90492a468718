import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { intend, letAct, notice, readAction } from '../support/action-flow.ts';
import { SOURCE } from '../support/change-set.ts';
import { EVENTS } from '../support/contract.ts';
import { eventually } from '../support/eventually.ts';
import { claimOne, queueJob, RUNNER, renew, report } from '../support/flow.ts';
import { must } from '../support/must.ts';
import type { RunnerProcess } from '../support/runner-process.ts';
import type { SharedPlane } from '../support/shared-planes.ts';
import type { TestTenant } from '../support/tenant.ts';
import { useCli } from '../support/use-cli.ts';
import { useRunners } from '../support/use-runners.ts';

/* The operator's side of the fleet: the command line at the real control plane, and a real runner at the other end. */

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

let plane: SharedPlane;
const { at, user } = useCli((started) => {
  plane = started;
});
const runners = useRunners();

/** The id of what a command has just placed. */
async function placed(cli: ReturnType<typeof user>, ...args: string[]): Promise<string> {
  return String(Object((await cli.json('fleet', ...args, '--reason', 'it looks wrong')).freeze).freeze_id);
}

function register({ runner }: TestTenant, runner_id: string) {
  return runner.post('/v1/runner/register', {
    schema_version: 'synapsor.runner-registration.v1',
    runner_id,
    runner_version: '1.0.0',
    engines: ['postgres'],
    capabilities: ['single_row_update'],
    scope: { project_id: 'token_scope', source_ids: [SOURCE] },
    registered_at: '2027-01-15T08:00:00.000Z',
  });
}

describe('an operator', () => {
  test('freezes the project or a part of it, sees what is frozen, and lifts it', async () => {
    const tenant = await plane.tenant();
    const otto = user(tenant, tenant.otto.token);
    const olivia = user(tenant, tenant.olivia.token);
    const { contracts } = await olivia.json('contracts', 'list');
    const [contract] = contracts as readonly { readonly contract_id: string }[];
    const bound = ['--bind', 'tenant_id=acme', '--bind', 'principal=ops', '--source', SOURCE];
    await olivia.does('agents', 'create', 'bot', ...bound, '--save', at('bot.token'));
    const { agents } = await olivia.json('agents', 'list');
    const bot = (agents as readonly { readonly name: string; readonly agent_id: string }[]).find(
      ({ name }) => name === 'bot',
    );
    must(await register(tenant, RUNNER));
    const ids = [
      await placed(otto, 'freeze', 'source', SOURCE, '--for', '2h'),
      await placed(otto, 'freeze', 'contract', contract?.contract_id ?? ''),
      await placed(otto, 'freeze', 'agent', bot?.agent_id ?? ''),
      await placed(otto, 'freeze', 'runner', RUNNER, '--until', '2099-01-01'),
      await placed(otto, 'freeze', 'project'),
    ];
    const listed = await otto.does('fleet', 'freezes');
    for (const id of ids) expect(listed).toContain(id);
    expect(await otto.does('fleet', 'status')).toMatch(/^FROZEN: no work is handed out/);
    for (const id of ids) {
      expect(await otto.ends(2, 'fleet', 'lift', id, '--reason', 'agreed')).toContain('--yes');
      await otto.does('fleet', 'lift', id, '--reason', 'agreed', '--yes');
    }
    await eventually(
      () => otto.does('fleet', 'freezes'),
      (text) => text === 'nothing\n',
    );
    expect(await otto.ends(1, 'fleet', 'freeze', 'source', 'src_none', '--reason', 'r')).toContain(
      'source_not_found',
    );
  });

  test('stops everything, and is told from when on no write begins', async () => {
    const tenant = await plane.tenant();
    const [ada, otto] = [user(tenant, tenant.ada.token), user(tenant, tenant.otto.token)];
    await queueJob(tenant);
    await queueJob(tenant);
    const job = await claimOne(tenant.runner);
    const stopped = await ada.json('fleet', 'stop', '--reason', 'the refunds look wrong');
    expect(Date.parse(String(stopped.no_write_begins_after))).toBeGreaterThanOrEqual(
      Date.parse(job.write_by ?? ''),
    );
    expect(await otto.does('fleet', 'status')).toMatch(/^STOPPED: no work is handed out/);
    expect((await renew(tenant.runner, job)).status).toBe(409);
    must(await report(tenant.runner, job));
    const { freeze_id: id } = Object(stopped.freeze);
    expect(await ada.ends(3, 'fleet', 'lift', id, '--reason', 'r', '--yes')).toContain('forbidden');
    await otto.does('fleet', 'lift', id, '--reason', 'a false alarm', '--yes');
    await claimOne(tenant.runner);
  });

  test('sees a runner that is gone, cannot ping it, and takes it off the list', async () => {
    const tenant = await plane.tenant();
    const otto = user(tenant, tenant.otto.token);
    must(await register(tenant, 'billing-old'));
    await placed(otto, 'stop', '--instance', 'billing-old');
    expect(await otto.does('fleet', 'show', 'billing-old')).toMatch(/^online, STOPPED$/m);
    expect(await otto.ends(1, 'fleet', 'ping', 'billing-old')).toContain('holds no poll');
    expect(await otto.ends(1, 'fleet', 'drain', 'billing-none')).toContain('runner_not_found');
    await otto.does('fleet', 'archive', 'billing-old', '--reason', 'sold');
    expect(await otto.does('fleet', 'runners')).toMatch(/^billing-old +archived/m);
    expect(await otto.does('fleet', 'status')).toContain('1 archived');
  });
});

describe('a runner at work', () => {
  let tenant: TestTenant;
  let otto: ReturnType<typeof user>;
  let hook: Server;
  let calls: ServerResponse[];
  let runner: RunnerProcess;

  beforeEach(async () => {
    tenant = await letAct(await plane.tenant());
    otto = user(tenant, tenant.otto.token);
    calls = [];
    hook = createServer((_request, response) => calls.push(response)).listen(0, '127.0.0.1');
    await once(hook, 'listening');
    const secrets = { TOKEN: tenant.runner.token, HOOK_SECRET: SECRET };
    runner = runners.start(configOf(hook), { secrets });
    await eventually(
      () => otto.json('fleet', 'status'),
      ({ runners }) => JSON.stringify(runners).includes('"is_polling":true'),
    );
  });
  afterEach(async () => {
    await runners.kill();
    hook.closeAllConnections();
    hook.close();
  });

  function configOf(server: Server): object {
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const hooks = {
      provider: 'webhook',
      url: `http://127.0.0.1:${port}/hook`,
      secrets: [{ env: 'HOOK_SECRET' }],
      allow_private: true,
    };
    return {
      control_plane: { url: plane.origin, token: { env: 'TOKEN' } },
      runner_id: 'desk-1',
      executors: { [EVENTS]: hooks },
    };
  }

  const isCalled = (count: number) =>
    eventually(
      async () => calls.length,
      (made) => made === count,
    );
  const succeeded = (id: string) =>
    eventually(
      () => readAction(tenant.olivia, id),
      ({ status }) => status === 'succeeded',
    );

  test('answers pings, drains until it is safe to stop, and comes back', async () => {
    expect(await otto.does('fleet', 'ping', 'desk-1')).toMatch(/^desk-1 answered in \d+ ms\n$/);
    expect(await otto.does('fleet', 'status')).toMatch(/^desk-1 +online .* now /m);
    const id = await intend(tenant.agent, notice());
    await isCalled(1);
    expect(await otto.ends(1, 'fleet', 'drain', 'desk-1', '--wait', '--timeout', '0')).toContain('1 action');
    const told: string[] = [];
    const drain = ['fleet', 'drain', 'desk-1', '--wait', '--json'];
    const drained = await otto.run(drain, '', (text) => {
      told.push(text);
      if (text.includes('1 action')) for (const call of calls) call.end();
    });
    expect(drained).toMatchObject({ code: 0 });
    expect(JSON.parse(drained.out)).toMatchObject({ runner: { safe_to_stop: true, status: 'draining' } });
    expect(told).toEqual(['desk-1 holds 1 action\n', 'desk-1 holds nothing\n']);
    await succeeded(id);
    await otto.does('fleet', 'drain', 'desk-1', '--undo');
    const next = await intend(tenant.agent, notice('P-2'));
    await isCalled(2);
    calls[1]?.end();
    await succeeded(next);
  });

  test('does nothing while everything is stopped, says so, and goes on when that is lifted', async () => {
    const stop = await placed(otto, 'stop');
    expect(await runner.logged('work_frozen')).toMatchObject({ freeze_id: stop, is_stop: true });
    const id = await intend(tenant.agent, notice());
    expect(await readAction(tenant.olivia, id)).toMatchObject({ status: 'queued' });
    await otto.does('fleet', 'lift', stop, '--reason', 'a false alarm', '--yes');
    await runner.logged('work_thawed');
    await isCalled(1);
    calls[0]?.end();
    await succeeded(id);
  });
});
