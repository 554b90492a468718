import {
  archiveSchema,
  deleteSchema,
  fileParams,
  restoreSchema,
  snapshotQuerySchema,
} from '@countersign/protocol/backup/backup-requests';
import { MANIFEST_FILE } from '@countersign/protocol/backup/snapshot-manifest';
import { parseOrRefuse } from '@countersign/protocol/validation';
import * as z from 'zod';
import { noBody, param, type Route, route } from './route.ts';

const nothing = z.strictObject({ project_id: z.string().optional() });
const begun = 202;

/** Copies of the record: made, listed, proven, brought back. */
export const backupRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/v1/backups',
    summary: 'The snapshots of the record, what is under way, alarms, and the last restore that was proven.',
    asks: 'read-backups',
    body: noBody,
    query: snapshotQuerySchema,
    ask: () => ({ type: 'read-backups' }),
    hold: () => ({ kind: 'backups', status: 200, ask: (provisioner, at) => provisioner.listBackups(at) }),
  }),
  route({
    method: 'POST',
    path: '/v1/backups',
    summary: 'Take a snapshot now, while everything goes on. The list says when it is done.',
    asks: 'take-backup',
    body: nothing,
    query: snapshotQuerySchema,
    ask: () => ({ type: 'take-backup' }),
    hold: () => ({ kind: 'backups', status: begun, ask: (provisioner, at) => provisioner.takeBackup(at) }),
  }),
  route({
    method: 'POST',
    path: '/v1/backups/prove',
    summary: 'Bring the newest snapshot back into a scratch database, and compare everything.',
    asks: 'take-backup',
    body: nothing,
    query: snapshotQuerySchema,
    ask: () => ({ type: 'take-backup' }),
    hold: () => ({ kind: 'backups', status: begun, ask: (provisioner, at) => provisioner.proveBackup(at) }),
  }),
  route({
    method: 'POST',
    path: '/v1/backups/prune',
    summary: 'Remove the snapshots that are beyond what is to be kept.',
    asks: 'keep-project',
    body: nothing,
    query: snapshotQuerySchema,
    ask: () => ({ type: 'keep-project' }),
    hold: () => ({ kind: 'backups', status: 200, ask: (provisioner, at) => provisioner.pruneBackups(at) }),
  }),
  route({
    method: 'POST',
    path: '/v1/backups/restore',
    summary:
      'Replace the record by a snapshot. What is there is set aside first, what was revoked since is revoked again, and nothing is leased afterwards until an operator lifts the stop.',
    asks: 'keep-project',
    body: restoreSchema.extend({ project_id: z.string().optional() }),
    query: snapshotQuerySchema,
    ask: () => ({ type: 'keep-project' }),
    hold: ({ body: { project_id: _, ...wish } }) => ({
      kind: 'backups',
      status: begun,
      ask: (provisioner, at, { by, name }) => provisioner.restoreBackup(at, { by, name }, wish),
    }),
  }),
  route({
    method: 'POST',
    path: '/v1/project/archive',
    summary:
      'Put the project away: what is leased may end, nobody is served any more, and a copy is made and verified.',
    asks: 'keep-project',
    body: archiveSchema.extend({ project_id: z.string().optional() }),
    query: snapshotQuerySchema,
    ask: () => ({ type: 'keep-project' }),
    hold: ({ body: { project_id: _, ...wish } }) => ({
      kind: 'backups',
      status: begun,
      ask: (provisioner, at, asker) => provisioner.archiveProject(at, asker, wish),
    }),
  }),
  route({
    method: 'POST',
    path: '/v1/project/reopen',
    summary: 'Serve a project again that was put away. Nothing is leased until an operator lifts the stop.',
    asks: 'keep-project',
    body: nothing,
    query: snapshotQuerySchema,
    ask: () => ({ type: 'keep-project' }),
    hold: () => ({ kind: 'backups', status: 200, ask: (provisioner, at) => provisioner.reopenProject(at) }),
  }),
  route({
    method: 'POST',
    path: '/v1/project/delete',
    summary: 'End the project, and with it its machines, its rows and all its copies. It does not come back.',
    asks: 'keep-project',
    body: deleteSchema.extend({ project_id: z.string().optional() }),
    query: snapshotQuerySchema,
    ask: () => ({ type: 'keep-project' }),
    hold: ({ body: { project_id: _, ...wish } }) => ({
      kind: 'backups',
      status: begun,
      ask: (provisioner, at, { by, name }) => provisioner.deleteProject(at, { by, name }, wish),
    }),
  }),
  route({
    method: 'POST',
    path: '/v1/backups/:snapshot_id/verify',
    summary:
      'Read a snapshot whole: who signed it, each file, and the chain from the first entry to the last.',
    asks: 'take-backup',
    body: nothing,
    query: snapshotQuerySchema,
    ask: () => ({ type: 'take-backup' }),
    hold: ({ params }) => {
      const id = parseOrRefuse(fileParams.snapshot_id, param(params, 'snapshot_id'));
      return { kind: 'backups', status: begun, ask: (provisioner, at) => provisioner.verifyBackup(at, id) };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/backups/:snapshot_id/manifest',
    summary: 'The signed manifest of a snapshot, byte for byte.',
    asks: 'keep-project',
    body: noBody,
    query: snapshotQuerySchema,
    ask: () => ({ type: 'keep-project' }),
    hold: ({ params }) =>
      fileOf(parseOrRefuse(fileParams.snapshot_id, param(params, 'snapshot_id')), MANIFEST_FILE),
  }),
  route({
    method: 'GET',
    path: '/v1/backups/:snapshot_id/files/:file',
    summary:
      'A file of a snapshot, byte for byte: with its manifest, all that is needed to bring the record back elsewhere.',
    asks: 'keep-project',
    body: noBody,
    query: snapshotQuerySchema,
    ask: () => ({ type: 'keep-project' }),
    hold: ({ params }) =>
      fileOf(
        parseOrRefuse(fileParams.snapshot_id, param(params, 'snapshot_id')),
        parseOrRefuse(fileParams.file, param(params, 'file')),
      ),
  }),
];

function fileOf(snapshotId: string, file: string) {
  return { kind: 'backup-file', snapshotId, file } as const;
}
