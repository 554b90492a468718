import type { ControlKind } from '@countersign/protocol/control/control-document';
import { type SettingRow, settings } from '../governance-schema.ts';
import type { LookPlan } from '../queries/look.ts';
import { type ControlRow, controlChanges, controls } from '../runs-schema.ts';
import type { RawRow, Statement } from '../storage/database.ts';
import { byKey } from '../storage/read.ts';
import { decodeRow, selectList } from '../storage/rows.ts';
import type { LookOf } from '../turn/command.ts';
import { answer, refuse } from '../turn/reply.ts';
import { controlKey } from './control-body.ts';
import { controlSetting } from './control-setting.ts';

/** Everything that is in force now, with its documents and one digest over it. Among runners, only workers see it. */
export function readSnapshot(tenant: string): LookPlan {
  return {
    statements: [byKey(settings, 'settings', 'name', tenant, ['control']), documentsInForce(tenant)],
    answer: ([rows = [], documents = []], { identity }) => {
      // Every runner's token holds `task:claim`: what makes it a worker's is a handler.
      if (identity.kind === 'runner' && identity.handlers.length === 0) {
        const message = 'this token covers the tasks of no handler';
        return refuse('handler_not_permitted', message, 'a token with handlers would pass');
      }
      const setting = controlSetting(settingIn(rows));
      const bySeq = new Map(documents.map((raw) => [Number(raw.seq), documentIn(raw)]));
      const pieces = setting.in_force.map(({ kind, name, version, digest, seq }) => ({
        kind,
        name,
        version,
        digest,
        document: bySeq.get(seq) ?? null,
      }));
      return answer({ ok: true, revision: setting.revision, digest: setting.digest, pieces });
    },
  };
}

/** The list in the setting names the entries; the path is the one that `settingOf` writes. */
function documentsInForce(tenant: string): Statement {
  const sql =
    "SELECT l.seq AS seq, l.body AS body FROM settings s CROSS JOIN json_each(s.value, '$.in_force') k " +
    "CROSS JOIN ledger l ON l.tenant = s.tenant AND l.seq = k.value ->> 'seq' " +
    "WHERE s.tenant = ?1 AND s.name = 'control'";
  return { sql, params: [tenant] };
}

export function listControls(tenant: string, { limit, cursor }: LookOf<'list-controls'>): LookPlan {
  const sql =
    `SELECT ${selectList(controls, 'c')} FROM controls c WHERE c.tenant = ?1 AND c.key > ?2 ` +
    'ORDER BY c.key LIMIT ?3';
  return {
    statements: [{ sql, params: [tenant, cursor ?? '', limit] }],
    answer: ([rows = []]) => {
      const found = rows.map((raw) => decodeRow(controls, raw));
      const next_cursor = found.length < limit ? null : (found.at(-1)?.key ?? null);
      return answer({ ok: true, pieces: found.map(outline), next_cursor });
    },
  };
}

/** One piece, with every version of it and their documents, newest first. */
export function readControl(tenant: string, { kind, name }: LookOf<'read-control'>): LookPlan {
  const key = controlKey(kind, name);
  const documents =
    'SELECT l.seq AS seq, l.body AS body FROM controls c CROSS JOIN json_each(c.versions) k ' +
    "CROSS JOIN ledger l ON l.tenant = c.tenant AND l.seq = k.value ->> 'seq' " +
    'WHERE c.tenant = ?1 AND c.key = ?2';
  return {
    statements: [
      byKey(controls, 'controls', 'key', tenant, [key]),
      { sql: documents, params: [tenant, key] },
    ],
    answer: ([rows = [], found = []]) => {
      const [raw] = rows;
      if (raw === undefined) return missing(kind, name);
      const row = decodeRow(controls, raw);
      const bySeq = new Map(found.map((one) => [Number(one.seq), documentIn(one)]));
      const versions = row.versions
        .toReversed()
        .map(({ seq, ...version }) => ({ ...version, ledger_seq: seq, document: bySeq.get(seq) ?? null }));
      return answer({ ok: true, ...outline(row), versions });
    },
  };
}

/** What steers agents and what bounds them, each time that it changed, newest first. */
export function listControlChanges(tenant: string, { limit, cursor }: LookOf<'control-changes'>): LookPlan {
  const sql =
    `SELECT ${selectList(controlChanges, 'c')}, l.at AS at, l.type AS type, l.subject AS subject, ` +
    'l.actor_kind AS actor_kind, l.actor_id AS actor_id, l.hash AS hash, l.body AS body ' +
    'FROM control_changes c CROSS JOIN ledger l ON l.tenant = c.tenant AND l.seq = c.seq ' +
    'WHERE c.tenant = ?1 AND c.revision < ?2 ORDER BY c.revision DESC LIMIT ?3';
  return {
    // Digits sort before this.
    statements: [{ sql, params: [tenant, cursor ?? '~', limit] }],
    answer: ([rows = []], { may }) => {
      const showsWords = may('read-payloads');
      const changes = rows.map((raw) => changeIn(raw, showsWords));
      const last = rows.at(-1);
      const next_cursor = last === undefined || rows.length < limit ? null : String(last.revision);
      return answer({ ok: true, changes, next_cursor });
    },
  };
}

function changeIn(raw: RawRow, showsWords: boolean) {
  const body: unknown = JSON.parse(String(raw.body));
  const reason = typeof body === 'object' && body !== null && 'reason' in body ? body.reason : null;
  return {
    revision: Number(raw.revision),
    type: String(raw.type),
    subject: String(raw.subject),
    actor: { kind: String(raw.actor_kind), id: String(raw.actor_id) },
    ...(showsWords ? { reason } : {}),
    at: new Date(Number(raw.at)).toISOString(),
    ledger_seq: Number(raw.seq),
    ledger_hash: String(raw.hash),
  };
}

function outline({ active, kind, name, status, updated_at, versions }: ControlRow) {
  const inForce = versions.find(({ version }) => version === active);
  return {
    kind,
    name,
    status,
    active_version: active,
    active_digest: inForce?.digest ?? null,
    newest_version: versions.at(-1)?.version ?? null,
    newest_digest: versions.at(-1)?.digest ?? null,
    updated_at: new Date(updated_at).toISOString(),
  };
}

function settingIn([raw]: readonly RawRow[]): SettingRow | undefined {
  return raw === undefined ? undefined : decodeRow(settings, raw);
}

function documentIn(raw: RawRow): unknown {
  const body: unknown = JSON.parse(String(raw.body));
  return typeof body === 'object' && body !== null && 'document' in body ? body.document : null;
}

function missing(kind: ControlKind, name: string) {
  return refuse('control_not_found', `there is no ${kind} ${name}`);
}
