import { canonicalJson, textDigest } from '@countersign/protocol/canonical-json';
import { entryHash, type LedgerEntry } from '@countersign/protocol/ledger';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectProblem } from '../../support/expect-problem.ts';
import { propose } from '../../support/flow.ts';
import { must } from '../../support/must.ts';
import { type SharedPlane, sharedPlane } from '../../support/shared-planes.ts';
import type { Client, TestTenant } from '../../support/tenant.ts';

const EXPORTS = '/v1/control/audit-export';

let plane: SharedPlane;
let tenant: TestTenant;
beforeAll(async () => {
  plane = await sharedPlane();
  tenant = await plane.tenant();
}, 60_000);

async function ask(client: Client, body: object = {}, headers = {}): Promise<string> {
  const { export: made } = must(await client.post(EXPORTS, body, { headers })).body;
  return (made as { readonly export_id: string }).export_id;
}

async function fileOf(client: Client, id: string) {
  const { text } = must(await client.get(`${EXPORTS}/${id}/download`));
  const lines = text.split('\n').slice(0, -1);
  const { manifest } = JSON.parse(lines.at(-1) ?? '');
  const entries: LedgerEntry[] = lines.slice(0, -1).map((line) => JSON.parse(line));
  return { entries, lines, manifest };
}

describe('an export', () => {
  test('holds the entries as they were hashed, and says at its end how many', async () => {
    await propose(tenant.service);
    const id = await ask(tenant.audra);
    const { entries, lines, manifest } = await fileOf(tenant.audra, id);
    expect(entries.length).toBeGreaterThan(1);
    for (const entry of entries) expect(entryHash(entry)).toBe(entry.hash);
    expect(lines.slice(0, -1)).toEqual(entries.map((entry) => canonicalJson(entry)));
    const entries_digest = textDigest(
      lines
        .slice(0, -1)
        .map((line) => `${line}\n`)
        .join(''),
    );
    const { project: project_id } = tenant;
    expect(manifest).toEqual({ export_id: id, project_id, entries: entries.length, entries_digest });
  });

  test('is a line of the record itself: who asked for what', async () => {
    const id = await ask(tenant.audra, { filters: { capability: 'billing.waive_late_fee' } });
    const { entries } = must(await tenant.audra.get('/v1/ledger?limit=500')).body;
    expect(entries?.at(-1)).toMatchObject({
      type: 'export.requested',
      subject: `export/${id}`,
      body: { name: 'audra', filter: { capability: 'billing.waive_late_fee', status: null } },
    });
  });

  test('asked for again under the same key is the same', async () => {
    const key = { 'idempotency-key': 'once' };
    expect(await ask(tenant.audra, {}, key)).toBe(await ask(tenant.audra, {}, key));
    const other = await tenant.audra.post(EXPORTS, { filters: { status: 'applied' } }, { headers: key });
    expectProblem(other, 'idempotency_key_reused');
  });

  test('of another project is not there, nor is an id that somebody made up', async () => {
    const elsewhere = await plane.tenant();
    const id = await ask(tenant.audra);
    for (const one of [id, 'exp_none', `exp_${'0'.repeat(26)}`]) {
      expectProblem(await elsewhere.audra.get(`${EXPORTS}/${one}`), 'export_not_found');
      expectProblem(await elsewhere.audra.get(`${EXPORTS}/${one}/download`), 'export_not_found');
    }
  });

  test('is for whoever may take the record away', async () => {
    const id = await ask(tenant.audra);
    for (const who of ['vera', 'otto', 'ada', 'agent', 'runner'] as const) {
      expectProblem(await tenant[who].post(EXPORTS, {}), 'forbidden');
      expectProblem(await tenant[who].get(`${EXPORTS}/${id}/download`), 'forbidden');
    }
  });
});
