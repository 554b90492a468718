import { strict as assert } from 'node:assert';
import type { Caller, Json } from '../caller.ts';
import { passes, reads, refuses } from '../checks.ts';
import { CAPABILITY } from '../documents.ts';
import { createKey, decide, startWork, submit } from '../doing.ts';
import { auditExportAnswer } from '../reads.ts';
import { scenariosOf } from '../scenario.ts';
import type { Stand } from '../stand.ts';

const EXPORTS = '/v1/control/audit-export';
/** As the CLI sends them where nothing is said (PROTOCOL 2.3). */
const unset = { from_time: '', to_time: '', capability: '', status: '', source_id: '' };

async function create({ project }: Stand, service: Caller, filters: Json = {}): Promise<string> {
  const body = { project_id: project, format: 'jsonl', filters: { ...unset, ...filters } };
  return reads(auditExportAnswer, await service.post(EXPORTS, body)).export.export_id;
}

/** The lines of the file that are about something. */
async function linesOf({ project }: Stand, service: Caller, exportId: string) {
  const path = `${EXPORTS}/${exportId}/download?project_id=${project}`;
  const headers = { accept: 'application/octet-stream' };
  const { bytes } = passes(await service.get(path, { headers }));
  const lines = new TextDecoder().decode(bytes).trimEnd().split('\n');
  return lines.map((line): { readonly subject?: string; readonly type?: string } => JSON.parse(line));
}

export const exportScenarios = scenariosOf(
  'exports',
  [
    'an export is asked for, its state is read, and the file is fetched: exports create, status, download',
    '2.3',
    async (stand) => {
      const { service } = await createKey(stand);
      const proposalId = await submit(await startWork(stand), stand.source);
      const id = await create(stand, service);
      const status = await service.get(`${EXPORTS}/${id}?project_id=${stand.project}`);
      assert.equal(reads(auditExportAnswer, status).export.export_id, id);
      const lines = await linesOf(stand, service, id);
      assert.ok(lines.some(({ subject, type }) => subject === proposalId && type === 'proposal.submitted'));
    },
  ],
  [
    'what happens after an export was asked for is not in it',
    '2.3',
    async (stand) => {
      const working = await startWork(stand);
      const { service } = await createKey(stand);
      const id = await create(stand, service);
      const before = await linesOf(stand, service, id);
      await submit(working, stand.source);
      assert.deepEqual(await linesOf(stand, service, id), before);
    },
  ],
  [
    'an export is narrowed by time, capability, state and source',
    '2.3',
    async (stand) => {
      const working = await startWork(stand);
      const [kept, rejected] = [await submit(working, stand.source), await submit(working, stand.source)];
      passes(await decide(stand, rejected, 'reject'));
      const { service } = await createKey(stand);
      const subjects = async (filters: Json) => {
        const lines = await linesOf(stand, service, await create(stand, service, filters));
        return new Set(lines.flatMap(({ subject = '' }) => (subject.startsWith('wrp_') ? [subject] : [])));
      };
      assert.deepEqual(await subjects({ status: 'rejected' }), new Set([rejected]));
      assert.deepEqual(await subjects({ status: 'pending_review' }), new Set([kept]));
      assert.deepEqual(await subjects({ capability: CAPABILITY }), new Set([kept, rejected]));
      assert.deepEqual(await subjects({ source_id: stand.source }), new Set([kept, rejected]));
      assert.deepEqual(await subjects({ source_id: 'src_none' }), new Set());
      assert.deepEqual(await subjects({ from_time: '2100-01-01T00:00:00Z' }), new Set());
    },
  ],
  [
    'a key without the scope for exports gets none, and what is not there is 404',
    '1.3, 1.4',
    async (stand) => {
      const { service } = await createKey(stand);
      const id = await create(stand, service);
      const reader = await createKey(stand, ['activity:read']);
      const query = `project_id=${stand.project}`;
      refuses(await reader.service.post(EXPORTS, { project_id: stand.project }), 403);
      refuses(await reader.service.get(`${EXPORTS}/${id}?${query}`), 403);
      refuses(await reader.service.get(`${EXPORTS}/${id}/download?${query}`), 403);
      for (const more of ['', '/download'])
        refuses(await service.get(`${EXPORTS}/exp_none${more}?${query}`), 404);
      refuses(await service.post(EXPORTS, { project_id: stand.project, format: 'csv' }), 422);
    },
  ],
);
