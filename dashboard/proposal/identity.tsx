import { printable } from '@countersign/client/printable';
import type { ProposalDetail } from '@countersign/client/proposal-detail';
import { Foreign } from '../ui/value.tsx';
import styles from './facts-line.module.css';

/** Which row it is about, and what guards it. */
export function Identity({ detail }: { readonly detail: ProposalDetail }) {
  const { change_set, scope, source_id } = detail;
  const table = [change_set?.source?.schema, change_set?.source?.table].filter(Boolean).join('.');
  const { expected_version: version, tenant } = change_set?.guards ?? {};
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['row', rowOf(detail)],
    ['in', table === '' ? undefined : table],
    ['takes back', change_set?.compensation?.descriptor?.lineage?.reverts_proposal_id ?? undefined],
    ['tenant', tenant == null ? (scope?.tenant_id ?? undefined) : valueText(tenant.value)],
    ['only while', version == null ? undefined : `${version.column} = ${valueText(version.value)}`],
    ['source', source_id ?? undefined],
  ];
  return (
    <dl className={styles.facts}>
      {facts.map(([name, text]) =>
        text === undefined ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <Foreign text={text} />
            </dd>
          </div>
        ),
      )}
    </dl>
  );
}

/** The row by its key, or as it was asked for. */
export function rowOf({ change_set, scope }: ProposalDetail): string | undefined {
  const key = change_set?.source?.primary_key;
  if (key == null) return scope?.object_id ?? undefined;
  const members = change_set?.frozen_set?.members ?? change_set?.compensation?.descriptor?.members;
  if (key.value === undefined) return members == null ? 'a new row' : `${members.length} rows`;
  return `${key.column} = ${valueText(key.value)}`;
}

/** What a line of a list calls it. */
export function objectOf({ change_set, scope }: ProposalDetail): string {
  const value = change_set?.source?.primary_key?.value ?? scope?.object_id;
  return value == null ? 'a new row' : printable(typeof value === 'string' ? value : JSON.stringify(value));
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'not known');
}
