import { change } from './change.ts';
import { always, type Compare, ceiling, fields, floor } from './compare.ts';
import { entries, unordered } from './compare-lists.ts';
import { compareArguments } from './diff-argument.ts';
import { compareProposal } from './diff-proposal.ts';
import { compareSubject } from './diff-subject.ts';

const compareAsked: Compare = (before, after, place) => {
  if (typeof before !== 'boolean' || typeof after !== 'boolean') return [];
  return [change(after ? 'evidence_strengthened' : 'evidence_weakened', place)];
};

const compareEvidence = fields(
  {
    required: compareAsked,
    query_audit: compareAsked,
    sources: unordered('evidence_changed'),
    handle_prefix: always('evidence_changed'),
  },
  { required: false, query_audit: false },
);

const compareAggregate = fields({
  minimum_group_size: floor('group_size_raised', 'group_size_lowered'),
  function: always('aggregate_changed'),
  count_mode: always('aggregate_changed'),
  column: always('aggregate_changed'),
  selection: unordered('aggregate_changed'),
});

/** Compares two capabilities of one name. The resources are those of the two contracts: a subject may name one. */
export function compareCapability(resourcesBefore: unknown, resourcesAfter: unknown): Compare {
  return fields({
    description: always('description_changed'),
    returns_hint: always('description_changed'),
    kind: always('capability_kind_changed'),
    context: always('context_changed'),
    source: always('source_changed'),
    subject: compareSubject(resourcesBefore, resourcesAfter),
    args: compareArguments,
    lookup: always('lookup_changed'),
    visible_fields: entries('visible_fields_widened', 'visible_fields_narrowed'),
    kept_out_fields: entries('kept_out_fields_extended', 'kept_out_fields_reduced'),
    model_withheld_fields: entries('withheld_fields_extended', 'withheld_fields_reduced'),
    max_rows: ceiling('max_rows_raised', 'max_rows_lowered'),
    evidence: compareEvidence,
    aggregate: compareAggregate,
    protected_read: always('protected_read_changed'),
    proposal: compareProposal,
  });
}
