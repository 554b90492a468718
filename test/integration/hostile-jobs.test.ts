import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { publicJobSchema } from '@countersign/protocol/writeback-job';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DatabaseServer, TestDatabase } from '../support/database-server.ts';
import { declareMissing, missingEngines, testEngines } from '../support/engines.ts';
import { eventually } from '../support/eventually.ts';
import { FakeControlPlane } from '../support/fake-control-plane.ts';
import { builtRunner } from '../support/runner-builds.ts';
import { type LogLine, RunnerProcess } from '../support/runner-process.ts';
import { goodClaim } from './hostile-jobs/claimed-text.ts';
import { casesOn, essenceOf, kindNames, type SentCase } from './hostile-jobs/every-case.ts';
import { expectedReceipts, expectedShop } from './hostile-jobs/expected-shop.ts';
import { type TargetRow, tables } from './hostile-jobs/hostile-case.ts';
import { type RawJobRelay, startRawJobRelay } from './hostile-jobs/raw-job-relay.ts';
import { hostileShops } from './hostile-jobs/shop.ts';
import type { Row, Snapshot } from './hostile-jobs/shop-snapshot.ts';
import { baitTables, configuredTables, INVOICE, ROLE, SEEDED_KEY } from './hostile-jobs/shop-tables.ts';

const RECEIPTS = 'public.countersign_receipts';
/** One of these is logged for each job, however it ends. */
const ENDS = new Set(['job_refused', 'job_dropped', 'job_settled', 'job_not_written', 'job_fault']);

const victim: TargetRow = { table: 'public.invoices', id: INVOICE };
declareMissing(test, await missingEngines());

describe.each(await testEngines())('$name:', (engine) => {
  const shop = hostileShops[engine.engine];
  const everyCase = casesOn(engine.engine);
  /** What every case differs from. */
  const unspoiled = [victim, { ...victim, id: 'ROW-0' }].map((row) => ({
    text: JSON.stringify(goodClaim(engine.engine, 'hostile_0', row)),
    row,
  }));

  let folder: string;
  let server: DatabaseServer;
  let db: TestDatabase;
  let plane: FakeControlPlane;
  let relay: RawJobRelay;
  let runner: RunnerProcess;
  let before: Snapshot;
  let after: Snapshot;
  let shapeBefore: readonly Row[];
  let shapeAfter: readonly Row[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-hostile-'));
    const bundle = await builtRunner();
    plane = await FakeControlPlane.start();
    relay = await startRawJobRelay(plane.url);
    const config = join(folder, 'runner.json');
    await writeFile(config, JSON.stringify(runnerConfig(relay.url)));
    server = await engine.start();
    const { stdout } = await promisify(execFile)(process.execPath, [
      bundle,
      'receipts-sql',
      '--config',
      config,
    ]);
    await server.template('hostile', shop.sql(stdout));
    db = await server.clone('hostile');
    const rows = everyCase.map(({ row }) => row);
    await shop.seed(db, [...rows, victim, ...kindNames.map(goodRow)]);
    [before, shapeBefore] = [await shop.snapshot(db), await shop.describe(db)];
    runner = new RunnerProcess(bundle, ['start', '--config', config], {
      TOKEN: plane.token,
      SHOP_DATABASE_URL: server.url(db.name, ROLE),
    });
    await runner.logged('ready');
    for (const kind of kindNames) await send(kind);
    await eventually(
      async () => unreported(),
      (jobs) => jobs.length === 0,
    );
    [after, shapeAfter] = [await shop.snapshot(db), await shop.describe(db)];
  });

  afterAll(async () => {
    runner?.process.kill('SIGKILL');
    await relay?.stop();
    await plane?.stop();
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  function runnerConfig(url: string) {
    return {
      control_plane: { url, token: { env: 'TOKEN' }, project_id: 'acme-prod' },
      runner_id: 'runner-1',
      lanes: 50,
      sources: {
        src_shop: {
          engine: engine.engine,
          receipts: { schema: 'public', table: 'countersign_receipts' },
          alias: 'shop',
          database_url: { env: 'SHOP_DATABASE_URL' },
          connections: 4,
          tables: configuredTables,
        },
      },
    };
  }

  /** Hands out the cases of a kind, waits until each has ended somehow, and then has an ordinary job carried out. */
  async function send(kind: string): Promise<void> {
    const from = runner.lines.length;
    const cases = everyCase.filter((sent) => sent.kind === kind);
    const texts = cases.flatMap((sent) => (isAnonymous(sent) ? [fenceOf(sent), sent.text] : [sent.text]));
    for (const text of texts) plane.queueRaw(text);
    await eventually(
      async () => runner.lines.slice(from).filter(({ event }) => ENDS.has(event)).length,
      (ended) => ended >= texts.length,
    );
    const { writeback_job } = goodClaim(engine.engine, goodIds(kind), goodRow(kind));
    plane.queue(publicJobSchema.parse(writeback_job));
    await plane.until(() => plane.resultsOf(`wbj_${goodIds(kind)}`).length > 0);
  }

  /** The jobs that ended with something to report, of which no report has been tried yet. */
  function unreported() {
    const isTry = ({ event }: LogLine) => event === 'reported' || event.startsWith('report_');
    const tried = new Set(runner.lines.filter(isTry).map(({ job_id }) => job_id));
    const ended = runner.lines.filter(({ event }) => event === 'job_refused' || event === 'job_settled');
    return ended.map(({ job_id }) => job_id).filter((jobId) => !tried.has(jobId));
  }

  describe('the cases', () => {
    test('are many, and no two are the same', () => {
      expect(everyCase.length).toBeGreaterThanOrEqual(200);
      expect(repeated(everyCase.map(({ name }) => name))).toEqual([]);
      expect(repeated([...everyCase, ...unspoiled].map(essenceOf))).toEqual([]);
      expect(repeated(everyCase.flatMap(({ jobId }) => jobId ?? []).filter((id) => id !== ''))).toEqual([]);
    });
  });

  describe.each(kindNames)('a job that is %s:', (kind) => {
    const cases = everyCase.filter((sent) => sent.kind === kind);

    test.each(cases.map((sent) => [sent.name, sent] as const))('%s', (_name, sent) => {
      expect(endOf(sent)).toEqual(expectedEnd(sent));
    });

    test('and an ordinary one after all of these is applied', () => {
      expect(plane.resultsOf(`wbj_${goodIds(kind)}`)).toMatchObject([
        { status: 'applied', affected_rows: 1 },
      ]);
    });
  });

  /** What the runner logged of a case, and what it reported. */
  function endOf(sent: SentCase): EndOfCase {
    const lines = isAnonymous(sent)
      ? [linesOfChecks()[linesOfChecks().findIndex(({ job_id }) => job_id === sent.fence) + 1]]
      : runner.lines.filter(({ event, job_id }) => ENDS.has(event) && job_id === sent.jobId);
    const results = isAnonymous(sent) ? [] : plane.resultsOf(sent.jobId ?? '');
    return {
      lines: lines.map((line) => [line?.event, line?.outcome, line?.reason ?? line?.code]),
      results: results.map(({ status, affected_rows, error_code }) => [status, affected_rows, error_code]),
    };
  }

  /** In the order in which the jobs were claimed: such a job is logged before the next one is looked at. */
  function linesOfChecks() {
    return runner.lines.filter(({ event, source_id }) => source_id !== undefined && ENDS.has(event));
  }

  describe('after all of them', () => {
    test('the runner is alive, and met no fault of its own', () => {
      expect(runner.process.exitCode).toBeNull();
      expect(runner.lines.filter(({ event }) => event.endsWith('_fault'))).toEqual([]);
    });

    test.each(tables)('%s holds what it held, and in the allowed rows the allowed changes', (name) => {
      expect(after[name]).toEqual(expectedShop(before, everyCase, kindNames.map(goodRow))[name]);
    });

    test.each(baitTables)('%s holds what it held', (name) => {
      expect(after[name]).toEqual(before[name]);
      expect(after[name]).toBeDefined();
    });

    test('there is a receipt for every outcome that the database decided, and no other', () => {
      const found = after[RECEIPTS] ?? [];
      const seeded = found.filter(({ idempotency_key }) => idempotency_key === SEEDED_KEY);
      expect(seeded).toEqual(before[RECEIPTS]);
      const ofCases = new Set(everyCase.map(({ jobId }) => jobId));
      const receipts = found
        .filter(({ job_id }) => ofCases.has(String(job_id)))
        .map(({ idempotency_key, job_id, target_table, target_key, status, reason, runner_id }) => ({
          idempotency_key,
          job_id,
          target_table,
          target_key,
          status,
          reason,
          runner_id,
        }));
      expect(receipts.sort(byKey)).toEqual([...expectedReceipts(everyCase)].sort(byKey));
      expect(found).toHaveLength(receipts.length + seeded.length + kindNames.length);
    });

    test('there are no other tables, columns, functions, triggers, roles or databases than before', () => {
      expect(shapeAfter).toEqual(shapeBefore);
      expect(Object.keys(after).sort()).toEqual([...tables, ...baitTables, RECEIPTS].sort());
    });

    test('no log line holds a value that a job brought', () => {
      expect(runner.text).not.toContain('DROP TABLE');
      expect(runner.text).not.toContain(server.url(db.name, ROLE));
    });
  });
});

interface EndOfCase {
  /** Event, outcome, and reason or code. */
  readonly lines: readonly (readonly unknown[])[];
  /** Status, affected rows and error code. */
  readonly results: readonly (readonly unknown[])[];
}

/** The invoice that an ordinary job is about, after the cases of a kind. */
function goodRow(kind: string): TargetRow {
  return { table: 'public.invoices', id: `GOOD ${kind}` };
}

function goodIds(kind: string): string {
  return `good_${kindNames.indexOf(kind)}`;
}

function isAnonymous({ ending }: SentCase): boolean {
  return ending.kind === 'dropped' && ending.anonymous;
}

/** Refused for having no public job, under an id that the log then shows. */
function fenceOf({ fence }: SentCase): string {
  return JSON.stringify({ job_id: fence, lease_id: 'lse_fence' });
}

function repeated(texts: readonly string[]): readonly string[] {
  return texts.filter((text, index) => texts.indexOf(text) !== index);
}

function expectedEnd({ ending }: SentCase): EndOfCase {
  const reason = ending.kind === 'applied' ? undefined : ending.reason;
  const end = {
    refused: { line: ['job_refused', undefined, reason], result: ['failed', 0, reason] },
    dropped: { line: ['job_dropped', undefined, reason], result: undefined },
    failed: { line: ['job_settled', 'failed', reason], result: ['failed', 0, reason] },
    conflict: { line: ['job_settled', 'conflict', reason], result: ['conflict', 0, reason] },
    applied: { line: ['job_settled', 'applied', reason], result: ['applied', 1, reason] },
  }[ending.kind];
  return { lines: [end.line], results: end.result === undefined ? [] : [end.result] };
}

function byKey(a: Row, b: Row): number {
  return String(a.idempotency_key) < String(b.idempotency_key) ? -1 : 1;
}
