import { FakeProvider } from '@countersign/runner/executors/fake-provider';
import { actionFailpoints } from '@countersign/runner/failpoints';
import { SMTPServer } from 'smtp-server';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { approveAction, intend, letAct, mail, notice, readAction, refund } from '../support/action-flow.ts';
import { EVENTS, MAILER, TARGET } from '../support/contract.ts';
import { eventually } from '../support/eventually.ts';
import { must } from '../support/must.ts';
import type { RunnerProcess } from '../support/runner-process.ts';
import { type SharedClockedPlane, sharedClockedPlane } from '../support/shared-planes.ts';
import type { TestTenant } from '../support/tenant.ts';
import { useRunners } from '../support/use-runners.ts';

/** Actions on real parts: the control plane, the runner as a process that is killed, and providers on this machine. */

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const CLAIM_MS = 61_000;

let plane: SharedClockedPlane;
let tenant: TestTenant;
let hooks: FakeProvider;
let stripe: FakeProvider;
let mails: string[];
let mailServer: SMTPServer;
let mailPort: number;
const runners = useRunners();

beforeAll(async () => {
  plane = await sharedClockedPlane();
});

beforeEach(async () => {
  [tenant, hooks, stripe] = await Promise.all([
    plane.tenantWithOwnRows().then((made) => letAct(made)),
    FakeProvider.start(),
    FakeProvider.start(),
  ]);
  stripe.behave = () => ({ body: { id: 're_1', object: 'refund', status: 'succeeded', metadata: {} } });
  mails = [];
  mailServer = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, _session, done) => {
      let text = '';
      stream.on('data', (chunk) => {
        text += String(chunk);
      });
      stream.on('end', () => {
        mails.push(text);
        done();
      });
    },
  });
  mailPort = await new Promise<number>((resolve) => {
    const listening = mailServer.listen(0, '127.0.0.1', () => {
      const address = listening.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
});
afterEach(async () => {
  await runners.kill();
  await Promise.all([hooks.stop(), stripe.stop()]);
  await new Promise<void>((resolve) => mailServer.close(() => resolve()));
});

function config() {
  return {
    control_plane: { url: plane.origin, token: { env: 'TOKEN' } },
    runner_id: 'runner-1',
    executors: {
      [EVENTS]: {
        provider: 'webhook',
        url: `http://127.0.0.1:${hooks.port}/hook`,
        secrets: [{ env: 'HOOK_SECRET' }],
        allow_private: true,
      },
      [TARGET]: {
        provider: 'stripe.refund',
        secret_key: { env: 'STRIPE_KEY' },
        url: `http://127.0.0.1:${stripe.port}`,
        allow_private: true,
      },
      [MAILER]: {
        provider: 'email.message',
        host: '127.0.0.1',
        port: mailPort,
        tls: 'none',
        from: 'desk@example.com',
      },
    },
  };
}

function start(failpoint?: string): RunnerProcess {
  const secrets = { TOKEN: tenant.runner.token, HOOK_SECRET: SECRET, STRIPE_KEY: 'sk_test_1' };
  return runners.start(config(), { secrets, failpoint });
}

const until = (id: string, status: string) =>
  eventually(
    () => readAction(tenant.olivia, id),
    (action) => action.status === status,
  );

/** A runner takes an action and dies there; its claim runs out. */
async function lostAt(failpoint: string, id: string): Promise<void> {
  const runner = start(`${failpoint}:kill`);
  await runner.exit();
  expect(await readAction(tenant.olivia, id)).toMatchObject({ status: 'claimed' });
  await plane.advance(tenant, CLAIM_MS);
}

describe('a runner', () => {
  test('performs what was let go, and nothing else', async () => {
    const runner = start();
    const [event, message, money] = [
      await intend(tenant.agent, notice()),
      await intend(tenant.agent, mail()),
      await intend(tenant.agent, refund()),
    ];
    expect(await until(event, 'succeeded')).toMatchObject({ attempts: 1 });
    await until(message, 'succeeded');
    expect(hooks.requests).toHaveLength(1);
    expect(JSON.parse(hooks.requests[0]?.body ?? '')).toMatchObject({
      type: 'notices.send',
      data: { parcel: 'P-1', event: 'held', on_behalf_of: 'support_agent_17' },
    });
    expect(mails).toHaveLength(1);
    expect(stripe.requests).toEqual([]);
    must(await approveAction(tenant.ada, money));
    expect(await until(money, 'succeeded')).toMatchObject({ result: { result: { reference: 're_1' } } });
    const key = (await readAction(tenant.olivia, money)).idempotency_key;
    expect(stripe.requests[0]?.headers['idempotency-key']).toBe(key);
    runner.process.kill('SIGTERM');
    expect(await runner.exit()).toBe(0);
    for (const secret of [SECRET, 'sk_test_1', tenant.runner.token]) {
      expect(runner.text).not.toContain(secret);
    }
  });

  test('waits for a provider that is away, and delivers when it is back', async () => {
    hooks.behave = () => ({ status: 503 });
    start();
    const id = await intend(tenant.agent, notice());
    await eventually(
      () => readAction(tenant.olivia, id),
      ({ attempts }) => attempts === 1,
    );
    await until(id, 'queued');
    hooks.behave = () => ({ status: 204 });
    await plane.advance(tenant, 10_000);
    expect(await until(id, 'succeeded')).toMatchObject({ attempts: 2 });
    expect(new Set(hooks.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });
});

describe('a runner that is killed', () => {
  test.each(actionFailpoints)(
    'at %s of a call that its receiver drops when it is repeated: the next one ends it, under the same id',
    async (failpoint) => {
      const id = await intend(tenant.agent, notice());
      await lostAt(failpoint, id);
      start();
      // The dead runner's next poll may have been given it meanwhile, and it came back from there.
      await until(id, 'succeeded');
      const ids = hooks.requests.map(({ headers }) => headers['webhook-id']);
      expect(ids).toHaveLength(failpoint === 'before_perform' ? 1 : 2);
      expect(new Set(ids).size).toBe(1);
    },
  );

  test.each(actionFailpoints)('at %s of a refund: one refund, by one key', async (failpoint) => {
    const id = await intend(tenant.agent, refund());
    must(await approveAction(tenant.ada, id));
    await lostAt(failpoint, id);
    start();
    await until(id, 'succeeded');
    const keys = stripe.requests.map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys).size).toBe(1);
  });

  test.each([
    ['before_perform', 0],
    ['after_perform', 1],
    ['before_confirm', 1],
  ])(
    'at %s of a mail: nobody can tell, which is what it says, and no second one is ever sent',
    async (failpoint, sent) => {
      const id = await intend(tenant.agent, mail());
      await lostAt(failpoint, id);
      expect(await readAction(tenant.olivia, id)).toMatchObject({
        status: 'unknown',
        waiting: { why: 'nobody can tell whether it has happened' },
      });
      start();
      const other = await intend(tenant.agent, mail('Another one'));
      await until(other, 'succeeded');
      await plane.advance(tenant, 86_400_000);
      expect(await readAction(tenant.olivia, id)).toMatchObject({ status: 'unknown', attempts: 1 });
      expect(mails).toHaveLength(sent + 1);
    },
  );
});
