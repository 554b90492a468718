import type { ControlKind } from '@countersign/protocol/control/control-document';
import * as z from 'zod';
import { type CallApi, nextCursor, type Page, path, type View, viewSchema } from './call-api.ts';
import type { CallOptions, WriteOptions } from './http.ts';

const version = { version: z.number(), digest: z.string() };

const savedSchema = z.looseObject({ ...version, status: z.string() });
export type SavedPiece = z.infer<typeof savedSchema>;

const outline = {
  kind: z.string(),
  name: z.string(),
  status: z.string(),
  /** Null where none is in force. */
  active_version: z.number().nullable(),
  newest_version: z.number().nullable(),
};
const pieceSchema = z.looseObject({
  ...outline,
  /** Newest first. */
  versions: z.array(z.looseObject({ ...version, document: z.unknown() })),
});
export type PieceVersion = PieceView['versions'][number];
export type PieceView = z.infer<typeof pieceSchema>;
const outlineSchema = z.looseObject({ ...outline, updated_at: z.string().nullish().catch(undefined) });
/** One of a list: without its versions. */
export type PieceOutline = z.infer<typeof outlineSchema>;
const listSchema = z.looseObject({ pieces: z.array(outlineSchema), ...nextCursor });

const switchedSchema = z.looseObject({ status: z.string(), revision: z.number() });
export type SwitchedPiece = z.infer<typeof switchedSchema>;

const snapshotSchema = z.looseObject({
  revision: z.number(),
  digest: z.string(),
  pieces: z.array(z.looseObject({ kind: z.string(), name: z.string(), ...version, document: z.unknown() })),
});
export type ControlSnapshot = z.infer<typeof snapshotSchema>;

const changesSchema = z.looseObject({ changes: z.array(viewSchema), ...nextCursor });

/** What steers agents: prompts, skills, tools, routes and arbiters. Every method throws `ApiError`. */
export interface ControlApi {
  /** Saves a version; the same document again is the same version. It is in force only when it is activated. */
  save(kind: ControlKind, name: string, document: View, options?: WriteOptions): Promise<SavedPiece>;
  list(page?: Page, options?: CallOptions): Promise<z.infer<typeof listSchema>>;
  /** One piece with all its versions. */
  read(kind: ControlKind, name: string, options?: CallOptions): Promise<PieceView>;
  /** Brings the version with this digest into force. */
  activate(
    kind: ControlKind,
    name: string,
    digest: string,
    reason?: string,
    options?: WriteOptions,
  ): Promise<SwitchedPiece>;
  retire(kind: ControlKind, name: string, reason?: string, options?: WriteOptions): Promise<SwitchedPiece>;
  /** All that is in force, with its documents and one digest over it. */
  snapshot(options?: CallOptions): Promise<ControlSnapshot>;
  /** Each time that something that steers agents or bounds them changed, newest first. */
  changes(page?: Page, options?: CallOptions): Promise<z.infer<typeof changesSchema>>;
}

const REGISTRY = '/v1/control/registry';

export function createControlApi({ get, post }: CallApi): ControlApi {
  const piece = (kind: ControlKind, name: string) => `${REGISTRY}${path`/${kind}/${name}`}`;
  return {
    save: (kind, name, document, options) => post(REGISTRY, { kind, name, document }, savedSchema, options),
    list: (page = {}, options) => get(REGISTRY, listSchema, options, { ...page }),
    read: (kind, name, options) => get(piece(kind, name), pieceSchema, options),
    activate: (kind, name, digest, reason, options) =>
      post(`${piece(kind, name)}/activate`, { digest, reason }, switchedSchema, options),
    retire: (kind, name, reason, options) =>
      post(`${piece(kind, name)}/retire`, { reason }, switchedSchema, options),
    snapshot: (options) => get('/v1/control/snapshot', snapshotSchema, options),
    changes: (page = {}, options) => get('/v1/control/changes', changesSchema, options, { ...page }),
  };
}
