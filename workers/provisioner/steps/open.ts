import type { Means } from '../means.ts';
import type { Step } from '../saga/run-saga.ts';

/** From here on the gateway lets requests through to the tenant. */
export function open({ directory }: Means): Step {
  const move = async (tenant: string, from: string, to: string) => {
    const sql = 'UPDATE tenants SET status = ?3 WHERE tenant = ?1 AND status = ?2';
    await directory.batch([{ sql, params: [tenant, from, to] }]);
  };
  return {
    do: async ({ tenant }) => {
      await move(tenant, 'provisioning', 'active');
      return { ok: true };
    },
    undo: async ({ tenant }) => {
      await move(tenant, 'active', 'provisioning');
      return { ok: true };
    },
  };
}
