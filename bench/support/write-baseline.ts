import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { access, constants, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import type { PostgresAddress } from './durable-postgres.ts';
import {
  GUARDED_WRITE_SQL,
  guardedWriteForPgbench,
  guardedWriteValues,
  invoiceWrite,
} from './guarded-write.ts';

/** Carries out guarded writes with nothing of ours around them. */
export interface WriteBaseline {
  readonly name: string;
  run(postgres: PostgresAddress, connections: number, seconds: number): Promise<BaselineRun>;
}

export interface BaselineRun {
  readonly writesPerSecond: number;
  /** What a thousand writes cost the program that asked for them, in milliseconds of a processor. */
  readonly cpuMsPerThousand: number;
}

/** pgbench where the machine has one, else a bare loop over the driver. */
export async function findWriteBaseline(): Promise<WriteBaseline> {
  const program = await findPgbench();
  if (program === undefined) return { name: 'a bare loop over pg, prepared', run: bareLoop };
  const version = (await promisify(execFile)(program, ['--version'])).stdout.trim();
  return { name: version, run: (...options) => pgbench(program, ...options) };
}

/** The newest server package's own, before what is on the PATH, which may be a wrapper. */
async function findPgbench(): Promise<string | undefined> {
  const folders = [
    ...globSync('/usr/lib/postgresql/*/bin').sort().reverse(),
    ...(process.env.PATH ?? '').split(delimiter),
  ];
  for (const folder of folders) {
    const program = join(folder, 'pgbench');
    if (
      await access(program, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return program;
  }
  return undefined;
}

async function pgbench(
  program: string,
  { host, port, user, password }: PostgresAddress,
  connections: number,
  seconds: number,
): Promise<BaselineRun> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-pgbench-'));
  try {
    const file = join(folder, 'guarded-write.sql');
    const { script, variables } = guardedWriteForPgbench(connections);
    await writeFile(file, script);
    const args = [
      ...[
        '-n',
        '-M',
        'prepared',
        '-c',
        String(connections),
        '-j',
        String(Math.min(connections, 2)),
        '-T',
        String(seconds),
      ],
      ...['-h', host, '-p', String(port), '-U', user, '-f', file],
      ...Object.entries(variables).flatMap(([name, value]) => ['-D', `${name}=${value}`]),
      'postgres',
    ];
    const { stdout } = await promisify(execFile)('/bin/sh', ['-c', TIMED, 'sh', program, ...args], {
      env: { ...process.env, PGPASSWORD: password },
    });
    return readRun(stdout);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Runs its arguments, and then prints the processor time of the shell, and below it that of what it ran. */
const TIMED = '"$@" && times';

function readRun(output: string): BaselineRun {
  const rate = /^tps = ([\d.]+) \(without initial connection time\)/m.exec(output)?.[1];
  const written = /^number of transactions actually processed: (\d+)/m.exec(output)?.[1];
  const failed = /^number of failed transactions: (\d+)/m.exec(output)?.[1];
  if (rate === undefined || written === undefined || (failed !== undefined && failed !== '0'))
    throw new Error(`pgbench failed:\n${output}`);
  const cpuMs = 1_000 * secondsIn(output.trimEnd().split('\n').at(-1) ?? '');
  return { writesPerSecond: Number(rate), cpuMsPerThousand: cpuMs / (Number(written) / 1_000) };
}

/** Adds up the times of a line, as in `0m0.25s 0m1.50s`. */
function secondsIn(line: string): number {
  const times = [...line.matchAll(/(\d+)m([\d.]+)s/g)];
  return times.reduce((sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds), 0);
}

async function bareLoop(
  { url }: PostgresAddress,
  connections: number,
  seconds: number,
): Promise<BaselineRun> {
  const clients = Array.from({ length: connections }, () => new pg.Client({ connectionString: url }));
  await Promise.all(clients.map((client) => client.connect()));
  const cpuBefore = process.cpuUsage();
  const end = performance.now() + seconds * 1_000;
  let written = 0;
  const lane = async (client: pg.Client, place: number) => {
    for (let count = 0; performance.now() < end; count += 1) {
      const values = guardedWriteValues(invoiceWrite(place, connections, count));
      await client.query({ name: 'guarded_write', text: GUARDED_WRITE_SQL, values });
      written += 1;
    }
  };
  await Promise.all(clients.map(lane));
  const { user, system } = process.cpuUsage(cpuBefore);
  await Promise.all(clients.map((client) => client.end()));
  return {
    writesPerSecond: written / seconds,
    cpuMsPerThousand: (user + system) / 1_000 / (written / 1_000),
  };
}
