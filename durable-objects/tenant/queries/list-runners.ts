import { type Freeze, freezeSetting, isInForce } from '../freezes/freeze.ts';
import { freezeMark } from '../freezes/freeze-view.ts';
import { settings } from '../governance-schema.ts';
import { type RunnerRow, runners } from '../schema.ts';
import type { RawRow, Statement } from '../storage/database.ts';
import { byKey } from '../storage/read.ts';
import { decodeRow, selectList } from '../storage/rows.ts';
import type { LookOf } from '../turn/command.ts';
import { answer, refuse } from '../turn/reply.ts';
import { decodeCursor } from './cursor.ts';
import type { LookPlan } from './look.ts';
import { time } from './proposal-view.ts';

/** A runner that said nothing for this long, and holds no poll, is shown as stale. */
export const STALE_AFTER_MS = 150_000;

/** What a runner holds that has not ended. */
interface Leases {
  readonly jobs: number;
  readonly actions: number;
  readonly tasks: number;
}

interface Standing {
  readonly leases: ReadonlyMap<string, Leases>;
  readonly freezes: readonly Freeze[];
  readonly polling: ReadonlySet<string>;
  readonly now: number;
}

/** The tenant's runners. Who holds a poll right now is online whatever its last written sign of life. */
export function listRunners(
  tenant: string,
  look: LookOf<'list-runners'>,
  polling: ReadonlySet<string>,
): LookPlan {
  const { limit } = look;
  const { cursorOf, statement } = look.order === 'newest' ? newestFirst(tenant, look) : byId(tenant, look);
  return {
    statements: [statement, ...standingOf(tenant)],
    answer: ([rows = [], ...rest], { now }) => {
      const found = rows.map((raw) => decodeRow(runners, raw));
      const standing = standingIn(rest, polling, now);
      const last = found.length < limit ? undefined : found.at(-1);
      const next_cursor = last === undefined ? null : cursorOf(last);
      return answer({ ok: true, runners: found.map((row) => runnerView(row, standing)), next_cursor });
    },
  };
}

interface RunnerPage {
  readonly statement: Statement;
  /** Where the page that ends with this runner is gone on with. */
  cursorOf(last: RunnerRow): string;
}

function byId(tenant: string, { cursor, limit }: LookOf<'list-runners'>): RunnerPage {
  const sql = `SELECT ${selectList(runners, 'r')} FROM runners r WHERE r.tenant = ?1 AND r.runner_id > ?2 ORDER BY r.runner_id LIMIT ?3`;
  return {
    statement: { sql, params: [tenant, cursor ?? '', limit] },
    cursorOf: ({ runner_id }) => runner_id,
  };
}

/** As existing tools need them: they look at the first page alone (PROTOCOL 1.6). Each page reads all of the tenant's runners. */
function newestFirst(tenant: string, { cursor, limit }: LookOf<'list-runners'>): RunnerPage {
  const [before, id] = placeIn(cursor);
  const sql =
    `SELECT ${selectList(runners, 'r')} FROM runners r WHERE r.tenant = ?1 ` +
    'AND (r.registered_at < ?2 OR r.registered_at = ?2 AND r.runner_id > ?3) ' +
    'ORDER BY r.registered_at DESC, r.runner_id LIMIT ?4';
  return {
    statement: { sql, params: [tenant, before, id, limit] },
    cursorOf: ({ registered_at, runner_id }) => `${registered_at}.${runner_id}`,
  };
}

/** A time and an id, which may have points in it. Throws `Refused` for a cursor that was not given out. */
function placeIn(cursor: string | null): [before: number, id: string] {
  if (cursor === null) return [Number.MAX_SAFE_INTEGER, ''];
  const point = cursor.indexOf('.');
  const [before = 0] = decodeCursor(cursor.slice(0, Math.max(point, 0)) || '?', 1) ?? [];
  return [before, cursor.slice(point + 1)];
}

/** One runner, and whether it may be stopped: it is out of service and holds nothing. */
export function readRunner(
  tenant: string,
  { runnerId }: LookOf<'read-runner'>,
  polling: ReadonlySet<string>,
): LookPlan {
  return {
    statements: [byKey(runners, 'runners', 'runner_id', tenant, [runnerId]), ...standingOf(tenant)],
    answer: ([rows = [], ...rest], { now }) => {
      const [raw] = rows;
      if (raw === undefined) return refuse('runner_not_found', `there is no runner ${runnerId}`);
      return answer({
        ok: true,
        runner: runnerView(decodeRow(runners, raw), standingIn(rest, polling, now)),
      });
    },
  };
}

/** Leases of all runners, counted where they wait for their end: as many as are under way. */
function standingOf(tenant: string): Statement[] {
  const count = (table: string, runner: string) => ({
    sql: `SELECT t.${runner} AS runner, COUNT(*) AS leases FROM ${table} t INDEXED BY ${table}_by_lane WHERE t.tenant = ?1 AND t.lane = 'lease' GROUP BY t.${runner}`,
    params: [tenant],
  });
  return [
    byKey(settings, 'settings', 'name', tenant, ['freezes']),
    count('proposals', 'lease_runner'),
    count('actions', 'claim_runner'),
    count('steps', 'claim_runner'),
  ];
}

function standingIn(
  [set = [], jobs = [], actions = [], tasks = []]: readonly (readonly RawRow[])[],
  polling: ReadonlySet<string>,
  now: number,
): Standing {
  const [raw] = set;
  const { freezes } = freezeSetting(raw === undefined ? undefined : decodeRow(settings, raw));
  const counted = [jobs, actions, tasks].map(
    (rows) => new Map(rows.map(({ leases, runner }) => [String(runner), Number(leases)])),
  );
  const [ofJobs, ofActions, ofTasks] = counted;
  const names = new Set(counted.flatMap((one) => [...one.keys()]));
  const leases = new Map(
    [...names].map((name) => [
      name,
      {
        jobs: ofJobs?.get(name) ?? 0,
        actions: ofActions?.get(name) ?? 0,
        tasks: ofTasks?.get(name) ?? 0,
      },
    ]),
  );
  return { leases, freezes, polling, now };
}

function runnerView(row: RunnerRow, { freezes, leases, now, polling }: Standing) {
  const status = statusOf(row, polling.has(row.runner_id), now);
  const held = leases.get(row.runner_id) ?? { jobs: 0, actions: 0, tasks: 0 };
  const isIdle = held.jobs + held.actions + held.tasks === 0;
  const freeze = freezes.find(
    (one) => isInForce(one, now) && one.scope.kind === 'runner' && one.scope.id === row.runner_id,
  );
  return {
    runner_id: row.runner_id,
    status,
    runner_version: row.version,
    engines: row.engines,
    source_ids: row.sources,
    capabilities: row.capabilities,
    control_digest: row.control_digest,
    registered_at: time(row.registered_at),
    started_at: row.started_at === null ? null : time(row.started_at),
    last_seen_at: time(polling.has(row.runner_id) ? now : row.last_seen_at),
    is_polling: polling.has(row.runner_id),
    active_leases: held,
    safe_to_stop: row.status !== 'online' && isIdle,
    drained: row.drained === null ? null : { ...row.drained, at: time(row.drained.at) },
    frozen: freeze === undefined ? null : freezeMark(freeze),
  };
}

function statusOf(row: RunnerRow, isPolling: boolean, now: number): string {
  if (row.status !== 'online') return row.status;
  return isPolling || now - row.last_seen_at < STALE_AFTER_MS ? 'online' : 'stale';
}
