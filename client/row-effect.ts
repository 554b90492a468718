import type { ProposalDetail } from './proposal-detail.ts';

type Row = Readonly<Record<string, unknown>>;
type ShownChangeSet = NonNullable<ProposalDetail['change_set']>;

export interface ColumnChange {
  readonly column: string;
  /** Undefined: not known; or, of a row that is made, that there is none. */
  readonly before: unknown;
  /** Undefined of a row that is removed: there is none. */
  readonly after: unknown;
}

/** What becomes of one row. */
export interface RowEffect {
  readonly kind: 'updated' | 'inserted' | 'deleted';
  /** The row by its key; undefined where it is not known. */
  readonly key: { readonly column: string; readonly value: unknown } | undefined;
  readonly before: Row;
  readonly after: Row;
  readonly changes: readonly ColumnChange[];
  readonly unchanged: readonly { readonly column: string; readonly value: unknown }[];
}

const kinds: Readonly<Record<string, RowEffect['kind']>> = {
  single_row_insert: 'inserted',
  batch_insert: 'inserted',
  restore_insert: 'inserted',
  single_row_delete: 'deleted',
  set_delete: 'deleted',
  remove_insert: 'deleted',
};

/** Every row that a change set writes; none where it holds rows that cannot be read here. */
export function rowEffectsOf(changeSet: ShownChangeSet): readonly RowEffect[] {
  const { compensation, frozen_set, before, after, patch, source } = changeSet;
  const descriptor = compensation?.descriptor;
  const kind = kinds[descriptor?.operation ?? changeSet.operation ?? ''] ?? 'updated';
  if (compensation !== undefined) {
    return (descriptor?.members ?? []).map(({ primary_key, expected_state, restore_values }) => {
      const states = { before: expected_state ?? {}, patch: restore_values ?? {} };
      const moved = movedVersion(descriptor?.version_advance?.column, states.before);
      const whole = kind === 'updated' ? { ...states.before, ...states.patch, ...moved } : states.patch;
      return rowEffect(kind, primary_key, { ...states, after: whole });
    });
  }
  if (frozen_set !== undefined) {
    return (frozen_set?.members ?? []).map((member) =>
      rowEffect(kind, member.primary_key, {
        before: member.before ?? {},
        after: member.after ?? {},
        patch: patch ?? {},
      }),
    );
  }
  return [
    rowEffect(kind, source?.primary_key, {
      before: before ?? {},
      after: after ?? before ?? {},
      patch: patch ?? {},
    }),
  ];
}

/** A version that is restored from moves on by one. */
function movedVersion(column: string | null | undefined, before: Row): Row {
  const version = column == null ? undefined : before[column];
  return column == null || typeof version !== 'number' ? {} : { [column]: version + 1 };
}

interface States {
  readonly before: Row;
  readonly after: Row;
  readonly patch: Row;
}
type Key = { readonly column: string; readonly value?: unknown } | null | undefined;

/** The effect on one row, column by column: what is written of it, and what stays. */
export function rowEffect(kind: RowEffect['kind'], key: Key, { before, after, patch }: States): RowEffect {
  const named = key == null || key.value === undefined ? undefined : { column: key.column, value: key.value };
  if (kind !== 'updated') {
    const row = kind === 'inserted' ? { ...after, ...patch } : before;
    const changes = Object.entries(row).map(([column, value]) =>
      kind === 'inserted'
        ? { column, before: undefined, after: value }
        : { column, before: value, after: undefined },
    );
    return { kind, key: named, before, after: kind === 'inserted' ? row : {}, changes, unchanged: [] };
  }
  const whole = { ...after, ...patch };
  const changes = Object.keys(whole)
    .filter((name) => Object.hasOwn(patch, name) || !isSame(before[name], whole[name]))
    .map((name) => ({ column: name, before: before[name], after: whole[name] }));
  const unchanged = Object.keys(before).filter((name) => !changes.some(({ column }) => column === name));
  return {
    kind,
    key: named,
    before,
    after: whole,
    changes,
    unchanged: unchanged.map((column) => ({ column, value: before[column] })),
  };
}

/** Whether two values of a row are the same one. */
export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
