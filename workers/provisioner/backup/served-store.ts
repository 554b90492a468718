import * as z from 'zod';
import type { SnapshotStore } from './snapshot-store.ts';

const namesSchema = z.array(z.string());
const ORIGIN = 'http://snapshots/';

/** A store behind a service binding: the folder of whoever runs the plane themselves (`serve/snapshot-folder.ts`). */
export function servedStore(service: Fetcher): SnapshotStore {
  return {
    put: async (name, bytes) => {
      const answer = await service.fetch(at(name), { method: 'PUT', body: bytes });
      if (answer.status === CONFLICT) return false;
      expectOk(answer, 'kept');
      return true;
    },
    get: async (name) => {
      const answer = await service.fetch(at(name));
      if (answer.status === MISSING) return undefined;
      expectOk(answer, 'read');
      return new Uint8Array(await answer.arrayBuffer());
    },
    list: async (prefix) => {
      const answer = await service.fetch(`${ORIGIN}?prefix=${encodeURIComponent(prefix)}`);
      expectOk(answer, 'listed');
      return namesSchema.parse(await answer.json());
    },
    remove: async (names) => {
      for (const name of names) expectOk(await service.fetch(at(name), { method: 'DELETE' }), 'removed');
    },
  };
}

const CONFLICT = 409;
const MISSING = 404;

function at(name: string): string {
  return ORIGIN + name.split('/').map(encodeURIComponent).join('/');
}

function expectOk({ ok, status }: Response, what: string): void {
  if (!ok) throw new Error(`a snapshot could not be ${what}: the store answered ${status}`);
}
