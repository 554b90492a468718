import type { TableOperations } from '../config/table-operations.ts';

/** Something that happens when a row is removed, beside its removal. */
export interface DeleteEffect {
  readonly code: 'DELETE_CASCADE_BLOCKED' | 'DELETE_TRIGGER_BLOCKED';
  /** For a person who sets the runner up. */
  readonly what: string;
}

/** Those of the effects that the configuration of a table does not allow. */
export function unallowed(
  effects: readonly DeleteEffect[],
  { cascades, triggers }: NonNullable<TableOperations['delete']>,
): readonly DeleteEffect[] {
  return effects.filter(({ code }) => !(code === 'DELETE_CASCADE_BLOCKED' ? cascades : triggers));
}

/** @param name of the foreign key, and of the table that it is of */
export function cascade(name: string, action: string): DeleteEffect {
  const what = `the foreign key ${name} does ${action} when a row is deleted; where that is meant, set operations.delete.cascades to true`;
  return { code: 'DELETE_CASCADE_BLOCKED', what };
}

export function trigger(name: string): DeleteEffect {
  const what = `${name} runs when a row is deleted; where that is meant, set operations.delete.triggers to true`;
  return { code: 'DELETE_TRIGGER_BLOCKED', what };
}

/** What may happen, for all that the server shows this user. */
export function unseen(code: DeleteEffect['code'], table: string): DeleteEffect {
  const [things, field] =
    code === 'DELETE_CASCADE_BLOCKED'
      ? ['foreign keys refer to it', 'cascades']
      : ['triggers it has', 'triggers'];
  const what = `the server does not show this user which ${things}: let somebody look who may, at ${table}, and set operations.delete.${field} to true where a delete may do what they do`;
  return { code, what };
}
