import type { LiveChanges } from '@countersign/client/live-connection';

/** What was changed, as far as pages can tell by it what to read again. */
export interface Touched {
  /** The nouns of query keys, which stand second in them. */
  readonly nouns: ReadonlySet<string>;
  /** Ids of what was changed: of a noun that is read one by one, only these. */
  readonly ids: ReadonlySet<string>;
  readonly proposals: ReadonlySet<string>;
  readonly actions: ReadonlySet<string>;
  /** Whether so much was changed that everything is to be read again. */
  readonly isAll: boolean;
}

const proposalNouns = ['proposal', 'story', 'evidence', 'proposals', 'inbox'];
const actionNouns = ['action', 'actions', 'targets', 'inbox'];
const runNouns = ['run', 'runs'];
const peopleNouns = ['members', 'caller'];

/** What is shown of the things that an entry is about, by the first word of its kind. */
const nounsByKind: Readonly<Record<string, readonly string[]>> = {
  proposal: proposalNouns,
  rehearsal: proposalNouns,
  job: [...proposalNouns, 'runners'],
  writeback: [...proposalNouns, 'runners'],
  lease: [...proposalNouns, 'runners'],
  evidence: proposalNouns,
  query_audit: proposalNouns,
  action: actionNouns,
  target: actionNouns,
  run: runNouns,
  step: runNouns,
  task: runNouns,
  runner: ['runners'],
  freeze: ['freezes', 'runners'],
  contract: ['contracts', 'changes'],
  policy: ['policies', 'changes'],
  permissions: ['permissions', 'changes', 'caller'],
  control: ['registry', 'changes'],
  member: peopleNouns,
  invitation: peopleNouns,
  claims: peopleNouns,
  credential: ['credentials'],
  session: ['caller'],
  cors: ['cors'],
  limit: ['limits'],
};

/** Of everything: the ledger itself, and how the project is. */
const ALWAYS = ['ledger', 'health'];
/** Read one by one: the id stands third in the key. */
const oneByOne: ReadonlySet<string> = new Set(['proposal', 'story', 'evidence', 'action', 'run']);
/** Read by the clock. */
const NEVER = ['history'];
const known = new Set([...ALWAYS, ...NEVER, ...Object.values(nounsByKind).flat()]);

/** What a change of the record touches. A kind that is not known here touches everything. */
export function touchedBy({ entries, seen }: LiveChanges): Touched {
  const nouns = new Set(entries.length > 0 ? ALWAYS : []);
  const ids = new Set<string>();
  const proposals = new Set<string>();
  const actions = new Set<string>();
  let isAll = false;
  for (const { action_id, kind, proposal_id, run_id, runner_id, subject } of entries) {
    const named = kind === undefined ? [] : nounsByKind[kind.split('.')[0] ?? ''];
    // What is said of a decision that waits, and not of which, may be said of any.
    const isOfAny = named?.includes('inbox') === true && proposal_id === undefined && action_id === undefined;
    if (named === undefined || isOfAny) isAll = true;
    for (const noun of named ?? []) nouns.add(noun);
    for (const id of [subject, proposal_id, action_id, run_id, runner_id]) if (id !== undefined) ids.add(id);
    if (proposal_id !== undefined) proposals.add(proposal_id);
    if (action_id !== undefined) actions.add(action_id);
  }
  if (seen.length > 0) nouns.add('runners');
  return { nouns, ids, proposals, actions, isAll };
}

export function both(a: Touched, b: Touched): Touched {
  return {
    nouns: a.nouns.union(b.nouns),
    ids: a.ids.union(b.ids),
    proposals: a.proposals.union(b.proposals),
    actions: a.actions.union(b.actions),
    isAll: a.isAll || b.isAll,
  };
}

export const NOTHING: Touched = {
  nouns: new Set(),
  ids: new Set(),
  proposals: new Set(),
  actions: new Set(),
  isAll: false,
};

/** Whether what stands under a key has to be read again. What nobody has named a noun for is, whatever was changed. */
export function isTouched(key: readonly unknown[], { ids, isAll, nouns }: Touched): boolean {
  const [, noun, id] = key;
  if (isAll || typeof noun !== 'string' || !known.has(noun)) return true;
  if (!nouns.has(noun)) return false;
  return !oneByOne.has(noun) || typeof id !== 'string' || ids.has(id);
}
