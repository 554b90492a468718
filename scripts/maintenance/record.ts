import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { RawRow, Statement } from '@countersign/durable-objects/tenant/storage/database';
import { openStore } from '@countersign/serve/open-store';
import { takePlaneFolder } from '@countersign/serve/plane-folder';
import { storePaths } from '@countersign/serve/store-paths';
import * as z from 'zod';

/** The D1 database of a plane, for maintenance that no request may ask for. */
export interface Record {
  read(statement: Statement): Promise<readonly RawRow[]>;
  /** All of them or none. */
  write(statements: readonly Statement[]): Promise<void>;
  close(): Promise<void>;
}

/** The record of the local stack, which must not be running. */
export function localRecord(stateFolder: string): Promise<Record> {
  return recordAt(join(stateFolder, 'plane'));
}

/** The record of a store that `countersign serve` serves at other times. Throws `ServeFault` while it does. */
export async function servedRecord(store: string): Promise<Record> {
  const { plane } = storePaths(store);
  const release = await takePlaneFolder(plane);
  const record = await recordAt(plane);
  const close = async () => {
    await record.close();
    release();
  };
  return { ...record, close };
}

async function recordAt(plane: string): Promise<Record> {
  const { database, close } = await openStore(plane);
  const prepared = ({ sql, params }: Statement) => database.prepare(sql).bind(...params);
  return {
    read: async (statement) => (await prepared(statement).all<RawRow>()).results,
    write: async (statements) => {
      await database.batch(statements.map(prepared));
    },
    close,
  };
}

const answerSchema = z.array(z.object({ results: z.array(z.record(z.string(), z.unknown())) }));

/** The record on Cloudflare, by wrangler and with its login. A file of statements is one transaction there. */
export function remoteRecord(database: string): Record {
  const execute = async (...args: string[]) => {
    const { stdout } = await promisify(execFile)('wrangler', [
      'd1',
      'execute',
      database,
      '--remote',
      '--json',
      ...args,
    ]);
    return stdout;
  };
  return {
    read: async (statement) => {
      const [first] = answerSchema.parse(JSON.parse(await execute('--command', withValues(statement))));
      return first?.results ?? [];
    },
    write: async (statements) => {
      const folder = await mkdtemp(join(tmpdir(), 'countersign-maintenance-'));
      try {
        const file = join(folder, 'statements.sql');
        await writeFile(file, statements.map((statement) => `${withValues(statement)};\n`).join(''), {
          mode: 0o600,
        });
        await execute('--file', file, '--yes');
      } finally {
        await rm(folder, { recursive: true });
      }
    },
    close: async () => undefined,
  };
}

/** A statement with its parameters as literals: wrangler takes no parameters. */
export function withValues({ sql, params }: Statement): string {
  return sql.replaceAll(/\?(\d+)/g, (_mark, number: string) => {
    const value = params[Number(number) - 1];
    if (value === undefined) throw new RangeError(`the statement has no parameter ${number}`);
    if (value === null) return 'NULL';
    return typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`;
  });
}
