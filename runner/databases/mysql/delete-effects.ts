import { cascade, type DeleteEffect, trigger, unseen } from '../delete-effects.ts';
import type { Row } from '../session.ts';
import { textLiteral } from './literals.ts';

/** The questions whose answers `deleteEffectsOf` understands, in this order. */
export function deleteEffectsSql(name: string): readonly string[] {
  const [schema = '', table = ''] = name.split('.').map((part) => textLiteral(part));
  const mine = `GRANTEE = CONCAT('''', REPLACE(CURRENT_USER(), '@', '''@'''), '''')`;
  const isTrigger = `${mine} AND PRIVILEGE_TYPE = 'TRIGGER'`;
  return [
    // The rule is NULL where the server shows this user the key alone.
    `SELECT CONCAT(k.CONSTRAINT_NAME, ' of ', k.TABLE_SCHEMA, '.', k.TABLE_NAME), MAX(r.DELETE_RULE)
FROM information_schema.KEY_COLUMN_USAGE AS k
LEFT JOIN information_schema.REFERENTIAL_CONSTRAINTS AS r ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA
  AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME AND r.TABLE_NAME = k.TABLE_NAME
WHERE k.REFERENCED_TABLE_SCHEMA = ${schema} AND k.REFERENCED_TABLE_NAME = ${table} GROUP BY 1`,
    `SELECT CONCAT('the trigger ', TRIGGER_NAME) FROM information_schema.TRIGGERS
WHERE EVENT_OBJECT_SCHEMA = ${schema} AND EVENT_OBJECT_TABLE = ${table} AND EVENT_MANIPULATION = 'DELETE'`,
    // Which tables' keys refer to this one is shown to whoever has a right on those; on all of them, only by this one.
    `SELECT 1 FROM information_schema.USER_PRIVILEGES WHERE ${mine} AND PRIVILEGE_TYPE = 'REFERENCES'`,
    `SELECT 1 FROM information_schema.USER_PRIVILEGES WHERE ${isTrigger}
UNION SELECT 1 FROM information_schema.SCHEMA_PRIVILEGES WHERE ${isTrigger} AND TABLE_SCHEMA = ${schema}
UNION SELECT 1 FROM information_schema.TABLE_PRIVILEGES WHERE ${isTrigger} AND TABLE_SCHEMA = ${schema} AND TABLE_NAME = ${table}`,
  ];
}

/**
 * What happens beside when a row is deleted, and what cannot be known of that: the server shows foreign keys and
 * triggers to those alone who have rights that a runner should not have.
 */
export function deleteEffectsOf(answers: readonly (readonly Row[])[], name: string): readonly DeleteEffect[] {
  const [keys = [], triggers = [], maySeeKeys = [], maySeeTriggers = []] = answers;
  return [
    ...keys
      .filter(([, rule]) => rule !== 'RESTRICT' && rule !== 'NO ACTION')
      .map(([key, rule]) => cascade(key ?? '', rule ?? 'something that this user is not shown')),
    ...triggers.map(([each]) => trigger(each ?? '')),
    ...(maySeeKeys.length === 0 ? [unseen('DELETE_CASCADE_BLOCKED', name)] : []),
    ...(maySeeTriggers.length === 0 ? [unseen('DELETE_TRIGGER_BLOCKED', name)] : []),
  ];
}
