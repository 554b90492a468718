import { diffContracts } from '@countersign/protocol/contract-diff/diff-contracts';
import { contracts, contractVersions } from '../governance-schema.ts';
import type { LookPlan } from '../queries/look.ts';
import type { RawRow, Statement } from '../storage/database.ts';
import { decodeRow, selectList } from '../storage/rows.ts';
import type { ContractPushed } from '../turn/body.ts';
import type { LookOf } from '../turn/command.ts';
import { answer, refuse } from '../turn/reply.ts';
import { contractView, versionView } from './contract-view.ts';
import { capabilitiesFrom, documentsInForce } from './documents-in-force.ts';

/** The contracts of a project, by id. */
export function listContracts(tenant: string, { limit, cursor }: LookOf<'list-contracts'>): LookPlan {
  const sql =
    `SELECT ${selectList(contracts, 'c')} FROM contracts c ` +
    'WHERE c.tenant = ?1 AND c.contract_id > ?2 ORDER BY c.contract_id LIMIT ?3';
  const newest =
    `SELECT ${selectList(contractVersions, 'v')} FROM contracts c CROSS JOIN contract_versions v ` +
    'ON v.tenant = c.tenant AND v.version_id = c.newest_version_id ' +
    'WHERE c.tenant = ?1 AND c.contract_id > ?2 ORDER BY c.contract_id LIMIT ?3';
  const params = [tenant, cursor ?? '', limit];
  return {
    statements: [
      { sql, params },
      { sql: newest, params },
    ],
    answer: ([rows = [], versions = []]) => {
      const found = rows.map((raw) => decodeRow(contracts, raw));
      const byId = new Map(versions.map(decodeVersion).map((row) => [row.version_id, row]));
      const next_cursor = found.length < limit ? null : (found.at(-1)?.contract_id ?? null);
      const list = found.map((row) => contractView(row, byId.get(row.newest_version_id)));
      return answer({ ok: true, contracts: list, next_cursor });
    },
  };
}

/** One contract and its versions, oldest first: existing clients take the last for the newest (PROTOCOL 2.3). */
export function readContract(tenant: string, { contractId }: LookOf<'read-contract'>): LookPlan {
  return {
    statements: [oneContract(tenant, contractId), versionsOf(tenant, contractId)],
    answer: ([rows = [], found = []]) => {
      const [raw] = rows;
      if (raw === undefined) return unknown(contractId);
      const row = decodeRow(contracts, raw);
      const versions = found.map(decodeVersion);
      return answer({
        ok: true,
        contract: contractView(row, versions.at(-1)),
        versions: versions.map((version) => versionView(version, row.active_version_id)),
      });
    },
  };
}

/** One version with its document, and how it differs from the one that was in force when it came. */
export function readVersion(tenant: string, { contractId, versionId }: LookOf<'read-version'>): LookPlan {
  return {
    statements: [oneContract(tenant, contractId), documentsOf(tenant, contractId, [versionId])],
    answer: ([rows = [], documents = []]) => {
      const [raw] = rows;
      const [found] = documents;
      if (raw === undefined || found === undefined) return unknown(versionId);
      const row = decodeVersion(found);
      const { contract, semantic_diff, compared_with } = pushedIn(found);
      const version = {
        ...versionView(row, decodeRow(contracts, raw).active_version_id),
        contract,
        compared_with,
        semantic_diff: { changes: semantic_diff },
      };
      return answer({ ok: true, version });
    },
  };
}

/** What one version says differently from another; any two. */
export function diffVersions(tenant: string, { contractId, from, to }: LookOf<'diff-versions'>): LookPlan {
  return {
    statements: [documentsOf(tenant, contractId, [from, to])],
    answer: ([rows = []]) => {
      const byId = new Map(rows.map((raw) => [decodeVersion(raw).version_id, pushedIn(raw).contract]));
      const [before, after] = [byId.get(from), byId.get(to)];
      if (before === undefined) return unknown(from);
      if (after === undefined) return unknown(to);
      return answer({ ok: true, from, to, ...diffContracts(before, after) });
    },
  };
}

/** What may be proposed now; to an agent only what it may propose itself. */
export function listCapabilities(tenant: string): LookPlan {
  return {
    statements: documentsInForce(tenant),
    answer: ([rows = [], documents = []], { identity }) => {
      const mine = identity.kind === 'agent' ? identity.capabilities : null;
      const list = capabilitiesFrom(rows, documents).flatMap(({ row, capability }) => {
        const { description, args, proposal, visible_fields } = capability;
        if (proposal === undefined) return [];
        if (mine !== null && !mine.includes(row.capability)) return [];
        return [
          {
            name: row.capability,
            description: description ?? null,
            args,
            visible_fields,
            bounds: proposal.numeric_bounds ?? {},
            transitions: proposal.transition_guards ?? {},
            contract: {
              contract_id: row.contract_id,
              contract_version_id: row.version_id,
              digest: row.digest,
              version: row.label,
            },
          },
        ];
      });
      return answer({ ok: true, capabilities: list });
    },
  };
}

function oneContract(tenant: string, contractId: string): Statement {
  return {
    sql: `SELECT ${selectList(contracts, 'c')} FROM contracts c WHERE c.tenant = ?1 AND c.contract_id = ?2`,
    params: [tenant, contractId],
  };
}

function versionsOf(tenant: string, contractId: string): Statement {
  const sql =
    `SELECT ${selectList(contractVersions, 'v')} FROM contract_versions v ` +
    'WHERE v.tenant = ?1 AND v.contract_id = ?2 ORDER BY v.version_number LIMIT 1000';
  return { sql, params: [tenant, contractId] };
}

function documentsOf(tenant: string, contractId: string, versionIds: readonly string[]): Statement {
  const sql =
    `SELECT ${selectList(contractVersions, 'v')}, l.body AS body FROM json_each(?3) k ` +
    'CROSS JOIN contract_versions v ON v.tenant = ?1 AND v.version_id = k.value AND v.contract_id = ?2 ' +
    'CROSS JOIN ledger l ON l.tenant = ?1 AND l.seq = v.seq';
  return { sql, params: [tenant, contractId, JSON.stringify(versionIds)] };
}

function decodeVersion(raw: RawRow) {
  return decodeRow(contractVersions, raw);
}

function pushedIn(raw: RawRow): ContractPushed {
  return JSON.parse(String(raw.body)) as ContractPushed;
}

function unknown(id: string) {
  return refuse('contract_not_found', `there is no contract or version ${id}`);
}
