import { existsSync } from 'node:fs';
import { readdir, readFile, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { putOnce } from '@countersign/protocol/backup/put-once';
import { errorCode } from './error-code.ts';

/** Of a tenant, a snapshot or a file: nothing that leads out of the folder, or is hidden in it. */
const SEGMENT = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,199}$/;
const SEGMENTS = 3;

/**
 * Answers the provisioner, which keeps snapshots in this folder: `PUT`, `GET` and `DELETE` of a file, `GET /?prefix=` for
 * a list. A file is whole under its name or not there, and none replaces another. Where the folder itself is gone it is not
 * made again, and an empty list would be a lie: 503.
 */
export function snapshotFolder(folder: string): (request: Request) => Promise<Response> {
  return async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    const prefix = searchParams.get('prefix');
    if (!existsSync(folder)) return status(503);
    if (pathname === '/' && prefix !== null) return Response.json(await namesIn(folder, prefix));
    const segments = pathname.slice(1).split('/').map(decodeURIComponent);
    if (segments.length !== SEGMENTS || !segments.every((segment) => SEGMENT.test(segment)))
      return new Response(null, { status: 400 });
    const path = join(folder, ...segments);
    switch (request.method) {
      case 'PUT':
        return status((await putOnce(path, new Uint8Array(await request.arrayBuffer()))) ? 201 : 409);
      case 'GET':
        return read(path);
      case 'DELETE':
        await remove(path);
        return status(204);
      default:
        return status(405);
    }
  };
}

function status(code: number): Response {
  return new Response(null, { status: code });
}

async function read(path: string): Promise<Response> {
  try {
    return new Response(new Uint8Array(await readFile(path)));
  } catch (fault) {
    if (errorCode(fault) === 'ENOENT') return status(404);
    throw fault;
  }
}

/** With its folders, where nothing else is in them. */
async function remove(path: string): Promise<void> {
  await rm(path, { force: true });
  for (const folder of [dirname(path), dirname(dirname(path))]) {
    try {
      await rmdir(folder);
    } catch {
      return;
    }
  }
}

async function namesIn(folder: string, prefix: string): Promise<string[]> {
  const tenants = await segmentsIn(folder);
  const names: string[] = [];
  for (const tenant of tenants.filter(
    (name) => `${name}/`.startsWith(prefix) || prefix.startsWith(`${name}/`),
  )) {
    for (const snapshot of await segmentsIn(join(folder, tenant))) {
      for (const file of await segmentsIn(join(folder, tenant, snapshot)))
        names.push(`${tenant}/${snapshot}/${file}`);
    }
  }
  return names.filter((name) => name.startsWith(prefix)).sort();
}

async function segmentsIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => SEGMENT.test(name));
  } catch (fault) {
    if (errorCode(fault) === 'ENOENT' || errorCode(fault) === 'ENOTDIR') return [];
    throw fault;
  }
}
