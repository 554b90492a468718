import { randomBytes } from 'node:crypto';
import { sortableId } from '../sortable-id.ts';
import type { NewSaga } from './saga.ts';

const NONCE_BYTES = 32;

/** Names that nobody chooses: the tenant's sorts by its age. `now` is Unix milliseconds. */
export function newSagaIds(now: number): Pick<NewSaga, 'saga_id' | 'tenant' | 'nonce'> {
  const id = sortableId(now);
  return { saga_id: `prv_${id}`, tenant: `prj_${id}`, nonce: randomBytes(NONCE_BYTES).toString('hex') };
}
