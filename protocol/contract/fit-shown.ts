import { operationOf } from '../change-set/operation.ts';
import { writtenRows } from '../change-set/written-rows.ts';
import type { ChangeSet } from '../change-set.ts';
import type { Refusal } from '../problem.ts';
import type { Capability } from './contract-document.ts';
import { outside } from './outside.ts';
import type { ResolvedSubject } from './subject-of.ts';

/**
 * What leaves the network is what the contract shows, and the columns that name and fence the row. Only names are
 * repeated here: a value that should have been kept out must not turn up in an answer or a log.
 */
export function shownFault(
  capability: Capability,
  subject: ResolvedSubject,
  changeSet: ChangeSet,
): Refusal | undefined {
  const shown = shownColumns(capability, subject);
  const next = `only ${capability.visible_fields.join(', ')}`;
  for (const { before, after, patch } of writtenRows(changeSet)) {
    for (const [name, row] of Object.entries({ before, after })) {
      const hidden = Object.keys(row).find((column) => !shown.has(column));
      if (hidden !== undefined)
        return outside(`${name} holds ${hidden}, which the contract does not show`, next);
    }
    const unseen = isUpdate(changeSet)
      ? Object.keys(patch).find((column) => !Object.hasOwn(before, column))
      : undefined;
    if (unseen !== undefined)
      return outside(
        `before does not hold ${unseen}, which the patch sets`,
        `before with ${unseen} as it was read`,
      );
  }
  return undefined;
}

function isUpdate(changeSet: ChangeSet): boolean {
  const operation = operationOf(changeSet);
  return operation === 'single_row_update' || operation === 'set_update' || operation === 'restore_update';
}

function shownColumns(
  { visible_fields, kept_out_fields, proposal }: Capability,
  { primary_key, tenant_key, principal_scope_key }: ResolvedSubject,
): ReadonlySet<string | undefined> {
  const keptOut = new Set(kept_out_fields?.map((field) => field.toLowerCase()));
  const principal = keptOut.has(principal_scope_key?.toLowerCase() ?? '') ? undefined : principal_scope_key;
  const operation = proposal?.operation;
  // Of a new row, whoever decides must see all that is set.
  const set =
    operation?.kind === 'insert'
      ? [...Object.keys(proposal?.patch ?? {}), ...(operation.deduplication?.components ?? []).map(nameOf)]
      : [];
  return new Set([
    ...visible_fields,
    primary_key,
    tenant_key,
    principal,
    proposal?.conflict_guard?.column,
    ...set,
  ]);
}

function nameOf({ column }: { readonly column: string }): string {
  return column;
}
