import { own } from '../contract/own.ts';
import { always, type Compare, ceiling, type Fields, fields } from './compare.ts';
import { namedList, unordered } from './compare-lists.ts';

const compareAggregateBound = fields({
  maximum: ceiling('aggregate_bound_raised', 'aggregate_bound_lowered'),
});

const compareStated = fields(
  {
    kind: always('operation_changed'),
    cardinality: always('operation_changed'),
    version_advance: always('operation_changed'),
    deduplication: unordered('operation_changed'),
    selection: unordered('operation_changed'),
    batch: always('operation_changed'),
    max_rows: ceiling('max_rows_raised', 'max_rows_lowered'),
    aggregate_bounds: namedList({
      key: boundKey,
      added: 'aggregate_bound_added',
      removed: 'aggregate_bound_removed',
      changed: compareAggregateBound,
    }),
  },
  { cardinality: 'single' },
);

function boundKey(bound: Fields): string {
  return `${String(own(bound, 'column'))} ${String(own(bound, 'measure'))}`;
}

/** An operation that is not stated makes change sets of an older form than a stated update: not the same thing. */
export const compareOperation: Compare = (before, after, place) =>
  before === undefined || after === undefined
    ? always('operation_changed')(before, after, place)
    : compareStated(before, after, place);
