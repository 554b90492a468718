import type { EntryType } from '@countersign/protocol/entry-types';
import type { LiveEntry, LiveHead, LiveMessage } from '@countersign/protocol/live-messages';
import { actionOfSubject } from '../actions/action-subject.ts';
import { runOfSubject } from '../runs/run-subject.ts';
import type { Head } from '../schema.ts';
import type { Changes } from '../turn/rows.ts';
import { type Noun, nounOf } from './shown-nouns.ts';

/** An entry as the feed sees it, without its content. */
export interface Fact {
  readonly seq: number;
  /** RFC 3339. */
  readonly at: string;
  readonly type: EntryType;
  readonly subject: string;
  /** The runner that its body names. */
  readonly runnerId: string | null;
  readonly hash: string;
}

/** What readers are told: the facts after one sequence, without a gap. */
export interface News {
  readonly after: number;
  readonly facts: readonly Fact[];
  readonly head: LiveHead;
  /** Runners of which only a row says that they were heard of. */
  readonly seen: readonly string[];
}

/** Entries of one message: it stays far below what a socket takes. */
const MOST_A_MESSAGE = 500;

/** What a turn has made known; undefined where nobody needs to hear of it. */
export function newsOf(base: Head, { entries, head, rows }: Changes): News | undefined {
  const seen = rows.runners
    .filter(({ before, after }) => before !== undefined && before.last_seen_at !== after.last_seen_at)
    .map(({ after }) => after.runner_id);
  if (entries.length === 0 && seen.length === 0) return undefined;
  const facts = entries.map(({ entry: { seq, at, type, subject, body, hash } }) => {
    return { seq, at, type, subject, runnerId: textOf(body.runner_id), hash };
  });
  return { after: base.seq, facts, head: { seq: head.seq, hash: head.hash }, seen };
}

/** The messages that tell the news to readers from whom these nouns are kept. */
export function messagesOf(
  { after, facts, head, seen }: News,
  hidden: ReadonlySet<Noun>,
): readonly LiveMessage[] {
  const heard = hidden.has('runner') || seen.length === 0 ? {} : { seen: [...seen] };
  if (facts.length === 0) {
    return 'seen' in heard ? [{ kind: 'changes', after, entries: [], head, ...heard }] : [];
  }
  const messages: LiveMessage[] = [];
  for (let place = 0; place < facts.length; place += MOST_A_MESSAGE) {
    const piece = facts.slice(place, place + MOST_A_MESSAGE);
    const last = piece.at(-1) ?? head;
    messages.push({
      kind: 'changes',
      after: facts[place - 1]?.seq ?? after,
      entries: piece.map((fact) => shown(fact, hidden)),
      head: { seq: last.seq, hash: last.hash },
      ...(last.seq === head.seq ? heard : {}),
    });
  }
  return messages;
}

function shown({ seq, at, type, subject, runnerId }: Fact, hidden: ReadonlySet<Noun>): LiveEntry {
  if (hidden.has(nounOf(type))) return { seq, at };
  return {
    seq,
    at,
    kind: type,
    subject,
    ...idsIn(nounOf(type), subject),
    ...(runnerId === null ? {} : { runner_id: runnerId }),
  };
}

function idsIn(noun: Noun, subject: string): Partial<LiveEntry> {
  switch (noun) {
    case 'proposal':
    case 'rehearsal':
    case 'job':
    case 'writeback':
      return { proposal_id: subject };
    case 'action':
      return { action_id: actionOfSubject(subject) };
    case 'run':
    case 'step':
    case 'task':
      return { run_id: runOfSubject(subject) };
    default:
      return {};
  }
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
