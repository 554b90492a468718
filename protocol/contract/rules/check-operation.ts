import type { ProposalAction } from '../contract-document.ts';
import { checkSet } from './check-set.ts';
import { hasColumn, isColumn, type ReviewedProposal, reportRepeats } from './reviewed-capability.ts';

type Component = NonNullable<NonNullable<ProposalAction['operation']>['deduplication']>['components'][number];

/** What goes with inserts, sets, reversals and unattended work. */
export function checkOperation(reviewed: ReviewedProposal): void {
  checkDeduplication(reviewed);
  checkSet(reviewed);
  checkReversibility(reviewed);
  checkExecution(reviewed);
}

function checkDeduplication(reviewed: ReviewedProposal): void {
  const { proposal, operation, path, report } = reviewed;
  const place = `${path}.proposal.operation.deduplication`;
  const components = proposal.operation?.deduplication?.components;
  if ((operation === 'insert') !== (components !== undefined)) {
    report(place, 'DEDUPLICATION_INVALID', 'belongs to an insert, and every insert needs it');
  }
  if (components === undefined) return;
  const columns = components.map(({ column }) => column);
  reportRepeats(columns, (at) => `${place}.components[${at}]`, 'DUPLICATE_FIELD', report);
  components.forEach((component, index) => {
    const message = componentFault(reviewed, component);
    if (message !== undefined) report(`${place}.components[${index}]`, 'DEDUPLICATION_INVALID', message);
  });
  const missing = missingComponent(reviewed, components);
  if (missing !== undefined) report(place, 'DEDUPLICATION_INVALID', missing);
}

function componentFault({ proposal, isSet }: ReviewedProposal, component: Component): string | undefined {
  const { column, source, fixed, item_field } = component;
  if (hasColumn(Object.keys(proposal.patch), column)) return `${column} is patched too`;
  if ((source === 'fixed') !== (fixed !== undefined))
    return 'fixed goes with the source fixed, and with no other';
  if ((source === 'item_field') !== (item_field !== undefined)) {
    return 'item_field goes with the source item_field, and with no other';
  }
  return source === 'item_field' && !isSet ? 'only a batch insert has items' : undefined;
}

function missingComponent(
  { capability, isSet }: ReviewedProposal,
  components: readonly Component[],
): string | undefined {
  const from = (wanted: Component['source']) => components.filter(({ source }) => source === wanted);
  if (isSet) {
    const { primary_key } = capability.subject;
    const items = from('item_field');
    const namesRow = items.some(({ column }) => isColumn(column, primary_key));
    return items.length > 0 && (primary_key === undefined || namesRow)
      ? undefined
      : 'a batch insert needs an item_field component, for the primary key where the subject states one';
  }
  const [tenant] = from('trusted_tenant');
  return from('proposal_id').length === 1 && tenant?.column === capability.subject.tenant_key
    ? undefined
    : 'an insert needs a proposal_id component and a trusted_tenant one for the tenant_key of the subject itself';
}

function checkReversibility(reviewed: ReviewedProposal): void {
  const { capability, proposal, operation, path, report } = reviewed;
  if (proposal.reversibility === undefined) return;
  const refuse = (message: string) =>
    report(`${path}.proposal.reversibility`, 'REVERSIBILITY_UNFIT', message);
  if (proposal.writeback?.mode !== 'direct_sql') refuse('only a direct_sql writeback can be reversed');
  const advance = proposal.operation?.version_advance;
  if (operation === 'update' && advance?.strategy !== 'integer_increment') {
    refuse('a reversible update needs a version_advance by integer_increment');
  }
  const components = proposal.operation?.deduplication?.components ?? [];
  const { primary_key } = capability.subject;
  if (operation === 'insert' && !components.some(({ column }) => isColumn(column, primary_key))) {
    refuse('a reversible insert needs a deduplication component for the primary_key of the subject itself');
  }
}

function checkExecution({ proposal, operation, isSet, path, report }: ReviewedProposal): void {
  if (proposal.execution === undefined) return;
  const isPlain = proposal.writeback === undefined || proposal.writeback.mode === 'direct_sql';
  const isGuarded = operation !== 'update' || proposal.conflict_guard?.column !== undefined;
  if (isPlain && isGuarded && !isSet && operation !== 'delete' && proposal.reversibility === undefined)
    return;
  report(
    `${path}.proposal.execution`,
    'EXECUTION_UNFIT',
    'unattended work is for guarded direct_sql changes of one row that delete nothing and are not reversible',
  );
}
