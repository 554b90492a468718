import { actions, effects, orders, targets } from '../actions-schema.ts';
import {
  capabilities,
  contracts,
  contractVersions,
  counters,
  policies,
  settings,
} from '../governance-schema.ts';
import { controlChanges, controls, runs, steps } from '../runs-schema.ts';
import { credentials, invitations, members, runners, sources } from '../schema.ts';

/** The tables whose rows rules look up by one text key, besides those of proposals. */
export const keyedTables = {
  members: { table: members, key: 'person' },
  invitations: { table: invitations, key: 'invitation_id' },
  credentials: { table: credentials, key: 'credential_id' },
  sources: { table: sources, key: 'source_id' },
  runners: { table: runners, key: 'runner_id' },
  contracts: { table: contracts, key: 'contract_id' },
  versions: { table: contractVersions, key: 'version_id' },
  capabilities: { table: capabilities, key: 'capability' },
  policies: { table: policies, key: 'name' },
  settings: { table: settings, key: 'name' },
  counters: { table: counters, key: 'key' },
  actions: { table: actions, key: 'action_id' },
  effects: { table: effects, key: 'key' },
  orders: { table: orders, key: 'key' },
  targets: { table: targets, key: 'target' },
  runs: { table: runs, key: 'run_id' },
  steps: { table: steps, key: 'step_id' },
  controls: { table: controls, key: 'key' },
  changes: { table: controlChanges, key: 'revision' },
} as const;

export type KeyedName = keyof typeof keyedTables;
export type RowOf<Name extends KeyedName> = (typeof keyedTables)[Name]['table']['$inferSelect'];
export const keyedNames = Object.keys(keyedTables) as readonly KeyedName[];

type ByName = { readonly [Name in KeyedName]: unknown };

/** One thing for each table. The caller says what they are, since the type of each depends on its table. */
export function forEachTable<Things extends ByName>(make: (name: KeyedName) => unknown): Things {
  return Object.fromEntries(keyedNames.map((name) => [name, make(name)])) as Things;
}

/** A row of a keyed table, with the name of the table. */
export type Put = {
  readonly [Name in KeyedName]: { readonly name: Name; readonly row: RowOf<Name> };
}[KeyedName];

/** Looks rows up; undefined where there is none. */
export interface RowReader {
  row<Name extends KeyedName>(name: Name, key: string): RowOf<Name> | undefined;
}

/** The key of a row within its table and tenant. */
export function keyOfRow<Name extends KeyedName>(name: Name, row: RowOf<Name>): string {
  const { key } = keyedTables[name];
  return String((row as Readonly<Record<string, unknown>>)[key]);
}

const subjects: Readonly<Record<string, KeyedName>> = {
  runner: 'runners',
  contract: 'contracts',
  policy: 'policies',
  member: 'members',
  invitation: 'invitations',
  credential: 'credentials',
  setting: 'settings',
  action: 'actions',
  target: 'targets',
  run: 'runs',
  control: 'controls',
};

/** The row that stands for an entry's subject; undefined for a proposal, and for what has no row. */
export function rowOfSubject(
  subject: string,
): { readonly name: KeyedName; readonly key: string } | undefined {
  const slash = subject.indexOf('/');
  const prefix = slash < 0 ? '' : subject.slice(0, slash);
  const name = Object.hasOwn(subjects, prefix) ? subjects[prefix] : undefined;
  return name === undefined ? undefined : { name, key: subject.slice(slash + 1) };
}
