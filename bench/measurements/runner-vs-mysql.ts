import type { MysqlRelease } from '../../test/support/server-binaries/mysql-binaries.ts';
import { type Bench, type Measured, NotMeasurable, type TableLine } from '../support/bench.ts';
import { type DurableMysql, startDurableMysql } from '../support/durable-mysql.ts';
import { claimedWrite, type InvoiceWrite, invoiceWrite } from '../support/guarded-write.ts';
import { checkMysqlWritten, createMysqlInvoices, mysqlSourceConfig } from '../support/mysql-invoices.ts';
import { mysqlWrites } from '../support/mysql-writes.ts';
import { interleaved, ratios } from '../support/rounds.ts';
import { runnerApplies } from '../support/runner-applies.ts';
import { spreadOf } from '../support/statistics.ts';
import { spreadLine } from '../support/table.ts';

const SERVERS: Readonly<Record<string, MysqlRelease>> = {
  mysql: {
    product: 'MySQL',
    series: '9',
    variable: 'COUNTERSIGN_MYSQL_ROOT',
    package: { distribution: 'debian', suite: 'sid', name: 'mysql-server-core' },
  },
  mariadb: {
    product: 'MariaDB',
    series: '10.11',
    variable: 'COUNTERSIGN_MARIADB_ROOT',
    package: { distribution: 'debian', suite: 'bookworm', name: 'mariadb-server-core' },
  },
};
const CONNECTIONS = [1, 8, 16] as const;
const LANES = Math.max(...CONNECTIONS);
const ROUND_SECONDS = 0.5;

/**
 * How much of what MySQL and MariaDB can take the runner makes use of: jobs verified and applied, against a loop over
 * the same driver that sends the guarded transaction in one trip and does nothing else. Every commit waits for the disk.
 */
export async function runnerVsMysql(bench: Bench): Promise<Measured> {
  const results: Record<string, unknown> = {};
  const lines: TableLine[] = [];
  for (const [name, release] of Object.entries(SERVERS)) {
    try {
      const measured = await compare(bench, release);
      results[name] = measured.result;
      lines.push(...measured.lines);
    } catch (fault) {
      if (!(fault instanceof NotMeasurable)) throw fault;
      results[name] = { not_measured: fault.message };
      lines.push({ what: release.product, value: 'not measured' });
    }
  }
  return { results: { runner_vs_mysql: results }, lines };
}

async function compare(bench: Bench, release: MysqlRelease) {
  const server = await startDurableMysql(release);
  try {
    await createMysqlInvoices(server);
    const turns = new Turns();
    const result: Record<string, unknown> = { server: server.name };
    const lines: TableLine[] = [];
    for (const connections of CONNECTIONS) {
      const { runner, bare } = await rates(bench, server, turns, connections);
      const ratio = spreadOf(ratios(runner, bare));
      result[connections] = {
        ratio: ratio.median,
        ratio_spread: ratio,
        runner_applies_per_second: spreadOf(runner),
        baseline_writes_per_second: spreadOf(bare),
      };
      lines.push(
        spreadLine(`${server.name}: runner applies/s, ${connections} connections`, spreadOf(runner)),
        spreadLine('mysql2 alone, the same transaction/s', spreadOf(bare)),
        spreadLine('runner / bare', ratio, connections === 1 ? undefined : '>= 0.90'),
      );
    }
    await checkMysqlWritten(server, turns.taken);
    return { result, lines };
  } finally {
    await server.stop();
  }
}

function rates(bench: Bench, server: DurableMysql, turns: Turns, connections: number) {
  const source = mysqlSourceConfig(server, connections);
  const table = { engine: 'mysql', schema: server.database } as const;
  const claimed = (lane: number) => claimedWrite(turns.next(lane), undefined, table);
  return interleaved(bench.rounds, {
    runner: () => runnerApplies({ source, url: server.url, seconds: ROUND_SECONDS, claimed }),
    bare: () => mysqlWrites(server, connections, ROUND_SECONDS, (lane) => turns.next(lane)),
  });
}

/** What each lane writes next, whoever does it: to fill the table anew for each round would take longer than the round. */
class Turns {
  readonly #counts = Array.from({ length: LANES }, () => 0);

  get taken(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  next(lane: number): InvoiceWrite {
    const count = this.#counts[lane] ?? 0;
    this.#counts[lane] = count + 1;
    return invoiceWrite(lane, LANES, count);
  }
}
