import { integer, primaryKey, real, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { SettingName, SettingValue } from './settings/setting.ts';

/** The tables of what bounds and decides proposals. As in `schema.ts`: WITHOUT ROWID, times in Unix milliseconds. */

/** A lineage of versions under one name. */
export const contracts = sqliteTable(
  'contracts',
  {
    tenant: text().notNull(),
    contract_id: text().notNull(),
    name: text().notNull(),
    description: text(),
    /** How many versions there are; the newest has this number. */
    versions: integer().notNull(),
    newest_version_id: text().notNull(),
    active_version_id: text(),
    created_at: integer().notNull(),
    updated_at: integer().notNull(),
    tip_seq: integer().notNull(),
    tip_hash: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.contract_id] })],
);

/** Immutable; its document lies in the entry that pushed it. */
export const contractVersions = sqliteTable(
  'contract_versions',
  {
    tenant: text().notNull(),
    version_id: text().notNull(),
    contract_id: text().notNull(),
    version_number: integer().notNull(),
    /** `metadata.version` of the document. */
    label: text().notNull(),
    digest: text().notNull(),
    seq: integer().notNull(),
    /** Against the version that was in force when it was pushed. */
    risk_increasing: integer({ mode: 'boolean' }).notNull(),
    pushed_at: integer().notNull(),
    pushed_by: text().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenant, table.version_id] }),
    uniqueIndex('versions_by_contract').on(table.tenant, table.contract_id, table.version_number),
  ],
);

/** Which version says what a capability may do; one that no version in force has keeps its row, without a version. */
export const capabilities = sqliteTable(
  'capabilities',
  {
    tenant: text().notNull(),
    capability: text().notNull(),
    contract_id: text().notNull(),
    version_id: text(),
    digest: text(),
    label: text(),
    /** The entry that holds the document. */
    version_seq: integer(),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.capability] })],
);

export const policies = sqliteTable(
  'policies',
  {
    tenant: text().notNull(),
    name: text().notNull(),
    status: text().$type<'draft' | 'active' | 'retired'>().notNull(),
    version: integer().notNull(),
    /** The entries that hold the newest document, and the one in force. */
    newest_seq: integer().notNull(),
    newest_digest: text().notNull(),
    active_seq: integer(),
    active_digest: text(),
    created_at: integer().notNull(),
    updated_at: integer().notNull(),
    tip_seq: integer().notNull(),
    tip_hash: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.name] })],
);

/** What a tenant has one of, by name: which policies are in force, the permission rules. */
export const settings = sqliteTable(
  'settings',
  {
    tenant: text().notNull(),
    name: text().$type<SettingName>().notNull(),
    value: text({ mode: 'json' }).$type<SettingValue>().notNull(),
    tip_seq: integer().notNull(),
    tip_hash: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.name] })],
);

/** What policies have approved, by day first, so that old ones are forgotten in order. */
export const counters = sqliteTable(
  'counters',
  {
    tenant: text().notNull(),
    key: text().notNull(),
    count: integer().notNull(),
    total: real().notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.key] })],
);

export type ContractRow = typeof contracts.$inferSelect;
export type ContractVersionRow = typeof contractVersions.$inferSelect;
export type CapabilityRow = typeof capabilities.$inferSelect;
export type PolicyRow = typeof policies.$inferSelect;
export type SettingRow = typeof settings.$inferSelect;
