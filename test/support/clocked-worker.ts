import {
  TenantObject as RealTenantObject,
  type TenantEnv,
} from '@countersign/durable-objects/tenant/tenant-object';
import { createApp } from '@countersign/gateway/app';
import type { GatewayEnv } from '@countersign/gateway/settings';
import { CLOCK_START, type ClockRequest, type CreateRequest, STATES_HEADER } from './clocked-protocol.ts';
import { RowStatement, TenantRows } from './tenant-rows.ts';

const realNow = Date.now.bind(Date);
let gatewayOffset = 0;
/** The gateway's caches (issuers' keys, the directory) go by this; tokens are judged by `new Date()`, which stays. */
Date.now = () => realNow() + gatewayOffset;

const OFFSET = 'test-clock-offset';
/** What is stored, at hand: the clock is looked at before the object's own fields are there. */
const offsets = new WeakMap<object, number>();

const STATES =
  'SELECT json_group_array(json_array(proposal_id, state, job_state, attempt, charged, not_before) ORDER BY seq) AS states ' +
  'FROM proposals WHERE tenant = ?1';

/** The tenant object with a clock that stands still until a test moves it. */
export class TenantObject extends RealTenantObject {
  readonly #rows: TenantRows;

  constructor(state: DurableObjectState, env: TenantEnv & { readonly DB: D1Database }) {
    const DB = new TenantRows(state.storage, env.DB);
    super(state, { DB });
    this.#rows = DB;
  }

  protected override now(): number {
    const known = offsets.get(this.ctx) ?? this.ctx.storage.kv.get<number>(OFFSET) ?? 0;
    offsets.set(this.ctx, known);
    return CLOCK_START + known;
  }

  /** Moves the clock; what the alarm would have done by then is done when this returns the states. */
  async advance(tenant: string, milliseconds: number): Promise<string> {
    const offset = this.now() - CLOCK_START + milliseconds;
    this.ctx.storage.kv.put(OFFSET, offset);
    offsets.set(this.ctx, offset);
    while (await this.#isAlarmDue()) {
      await this.ctx.storage.deleteAlarm();
      await this.alarm();
    }
    return this.states(tenant);
  }

  async createOwnRows({ migrations = [], statements }: CreateRequest): Promise<void> {
    this.#rows.keepOwn();
    const all = [...migrations.map((sql) => ({ sql, params: [] })), ...statements];
    await this.#rows.batch(all.map(({ sql, params }) => new RowStatement(sql, params)));
  }

  /** Where every proposal stands, read past the product: JSON, one list each. */
  async states(tenant: string): Promise<string> {
    const [found] = await this.#rows.batch([this.#rows.prepare(STATES).bind(tenant)]);
    return String(found?.results[0]?.states);
  }

  async #isAlarmDue(): Promise<boolean> {
    const at = await this.ctx.storage.getAlarm();
    return at !== null && at <= this.now();
  }
}

type Env = Omit<GatewayEnv, 'TENANT'> & { readonly TENANT: DurableObjectNamespace<TenantObject> };

async function moveClock({ TENANT }: Env, { tenant, milliseconds }: ClockRequest): Promise<string> {
  if (tenant !== undefined) return TENANT.getByName(tenant).advance(tenant, milliseconds);
  gatewayOffset += milliseconds;
  return '';
}

async function createTenant({ DB, TENANT }: Env, wanted: CreateRequest): Promise<void> {
  const isOwn = wanted.migrations !== undefined;
  const inD1 = isOwn
    ? wanted.statements.filter(({ sql }) => sql.startsWith('INSERT INTO tenants '))
    : wanted.statements;
  await DB.batch(inD1.map(({ sql, params }) => DB.prepare(sql).bind(...params)));
  if (isOwn) await TENANT.getByName(wanted.tenant).createOwnRows(wanted);
}

const app = createApp();

async function answer(request: Request, env: Env, context: ExecutionContext): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname === '/test/clock') return new Response(await moveClock(env, await request.json()));
  if (pathname !== '/test/tenants') return app.fetch(request, env, context);
  await createTenant(env, await request.json());
  return new Response('');
}

const worker = {
  async fetch(request: Request, env: Env, context: ExecutionContext): Promise<Response> {
    const response = await answer(request, env, context);
    const tenant = request.headers.get(STATES_HEADER);
    if (tenant === null) return response;
    const watched = new Response(response.body, response);
    watched.headers.set(STATES_HEADER, await env.TENANT.getByName(tenant).states(tenant));
    return watched;
  },
};

// biome-ignore lint/style/noDefaultExport: workerd takes the handlers of a Worker from its default export.
export { worker as default };
