import type { EntryType } from '@countersign/protocol/entry-types';
import type { AskType } from '../turn/command.ts';

/** What an entry is about: the first word of its type. */
export type Noun = EntryType extends `${infer First}.${string}` ? First : never;

/** Whoever may ask this may see that something of the kind has happened; whoever reads the ledger sees all. */
const readBy: Readonly<Record<Noun, AskType>> = {
  tenant: 'read-project',
  source: 'list-sources',
  member: 'list-members',
  invitation: 'list-invitations',
  credential: 'list-credentials',
  bootstrap: 'read-ledger',
  claims: 'read-claims-mapping',
  cors: 'list-origins',
  session: 'read-ledger',
  contract: 'list-contracts',
  policy: 'list-policies',
  permissions: 'read-permission-rules',
  attempt: 'read-ledger',
  proposal: 'read-proposal',
  rehearsal: 'read-proposal',
  job: 'read-proposal',
  writeback: 'read-proposal',
  action: 'read-action',
  target: 'list-targets',
  run: 'read-run',
  step: 'read-run',
  task: 'read-run',
  control: 'list-controls',
  freeze: 'list-freezes',
  limit: 'list-limits',
  export: 'read-export',
  runner: 'read-runner',
  evidence: 'read-evidence',
  query_audit: 'read-evidence',
  replay: 'replay-proposal',
  worker: 'replay-proposal',
};
const nouns = Object.keys(readBy) as readonly Noun[];

export function nounOf(type: EntryType): Noun {
  return type.slice(0, type.indexOf('.')) as Noun;
}

/** What is kept from a reader who may ask only this. */
export function hiddenNouns(may: (asked: AskType) => boolean): readonly Noun[] {
  if (may('read-ledger')) return [];
  const allowed = new Map([...new Set(Object.values(readBy))].map((asked) => [asked, may(asked)]));
  return nouns.filter((noun) => allowed.get(readBy[noun]) !== true);
}
