import type { KeysChanged, KeysListed, ShownKey } from '@countersign/serve/keys/key-answers';
import { type Column, table } from '../output/table.ts';

type Holder = KeysListed['held_by_older'][number];

const keyColumns: readonly Column<ShownKey>[] = [
  { title: 'KEYS OF', of: ({ kind }) => kind },
  { title: 'KEY', of: ({ key_id }) => key_id, isWhole: true },
  { title: 'NEWEST', of: ({ signs }) => (signs ? 'yes, it signs' : 'no') },
  { title: 'SIGNED', of: ({ signed }) => signed },
];

const holderColumns: readonly Column<Holder>[] = [
  { title: 'CREDENTIAL', of: ({ credential_id }) => credential_id, isWhole: true },
  { title: 'KIND', of: ({ kind }) => kind },
  { title: 'NAME', of: ({ name }) => name },
  { title: 'PROJECT', of: ({ project_id }) => project_id },
  { title: 'KEY', of: ({ key_id }) => key_id ?? 'not noted' },
];

/** The keys of a plane, and the credentials that would have to be rotated before all but the newest can go. */
export function keysText({ held_by_older: held, keys }: KeysListed, emphasize: (text: string) => string) {
  const list = table(keyColumns, keys, emphasize);
  if (held.length === 0) return `${list}\nno credential depends on an older key\n`;
  return `${list}\n${held.length} credentials depend on an older key:\n\n${table(holderColumns, held, emphasize)}`;
}

/** What was done to a list of keys, and what makes it hold. */
export function changedText(done: string, { key_id, key_ids, kind, next }: KeysChanged): string {
  const commands = next.map((line) => `  ${line}\n`).join('');
  return `${done} ${key_id}; keys of ${kind} now: ${key_ids.join(', ')}\n\nIt holds after:\n${commands}`;
}
