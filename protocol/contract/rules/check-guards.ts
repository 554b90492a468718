import { hasColumn, isColumn, type ReviewedProposal } from './reviewed-capability.ts';

/** That a change cannot overwrite what nobody looked at. */
export function checkGuards(reviewed: ReviewedProposal): void {
  const { capability, proposal, operation, subject, path, report } = reviewed;
  const place = `${path}.proposal.conflict_guard`;
  const column = proposal.conflict_guard?.column;
  if (column === undefined) {
    if (operation !== 'insert') {
      const why = 'without a version column a change could overwrite what nobody looked at';
      report(place, 'CONFLICT_GUARD_REQUIRED', `must name a column: ${why}`);
    }
  } else {
    const still = [subject.primary_key, subject.tenant_key, subject.principal_scope_key];
    if (still.some((key) => isColumn(column, key))) {
      report(place, 'CONFLICT_GUARD_UNFIT', `${column} stays the same when the row changes`);
    }
    if (hasColumn(capability.kept_out_fields, column)) {
      report(place, 'CONFLICT_GUARD_UNFIT', `${column} is kept out, but a guard's value travels`);
    }
  }
  const advance = proposal.operation?.version_advance;
  if (advance !== undefined && (operation !== 'update' || advance.column !== column)) {
    report(
      `${path}.proposal.operation.version_advance`,
      'VERSION_ADVANCE_UNFIT',
      'belongs to an update, and to the column of its conflict_guard',
    );
  }
}
