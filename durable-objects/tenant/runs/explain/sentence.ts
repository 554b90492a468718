import type { Actor, LedgerEntry } from '@countersign/protocol/ledger';

/** One thing that is said of a run, and the entries of the ledger that it stands on. */
export interface Clause {
  readonly text: string;
  readonly seqs: readonly number[];
  /** Where more of it is, on this API. */
  readonly links: readonly string[];
}

/** An entry as the sentences take it apart: what stands in a body is looked up, not trusted to be there. */
export interface Told {
  readonly seq: number;
  readonly at: string;
  readonly type: LedgerEntry['type'];
  readonly actor: Actor;
  readonly body: Readonly<Record<string, unknown>>;
  readonly seen: Seen;
}

/** What a sentence may show. */
export interface Seen {
  /** Whether what people and agents wrote is shown. */
  readonly showsWords: boolean;
  /** What people and credentials are called, by their id. */
  readonly names: ReadonlyMap<string, string>;
}

export function told({ actor, at, body, seq, type }: LedgerEntry, seen: Seen): Told {
  return { seq, at, type, actor, body, seen };
}

export function clause({ seq }: Pick<Told, 'seq'>, text: string, ...links: readonly string[]): Clause {
  return { text: oneLine(text), seqs: [seq], links };
}

/** Whatever anybody named or wrote, a sentence is one line: no line that looks like another sentence can be forged. */
export function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim();
}

export function textIn({ body }: Told, name: string): string | undefined {
  const value = body[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function numberIn({ body }: Told, name: string): number | undefined {
  const value = body[name];
  return typeof value === 'number' ? value : undefined;
}

/** A member of a body that is an object itself. */
export function partOf(entry: Told, name: string): Told {
  const value = entry.body[name];
  const body = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  return { ...entry, body };
}

const LONGEST_QUOTE = 300;

/** What somebody wrote, as they wrote it, on one line; nothing for who may not see it. */
export function quoted(entry: Told, name: string): string | undefined {
  const text = entry.seen.showsWords ? textIn(entry, name) : undefined;
  if (text === undefined) return undefined;
  const line = plain(text);
  return `"${line.length > LONGEST_QUOTE ? `${line.slice(0, LONGEST_QUOTE)}...` : line}"`;
}

/** The same as the end of a sentence: `: "..."`, or nothing. */
export function saying(entry: Told, name: string): string {
  const words = quoted(entry, name);
  return words === undefined ? '' : `: ${words}`;
}

/** Without what quotes and citations are made of: nobody ends a quotation but its sentence. */
export function plain(text: string): string {
  return oneLine(text)
    .replace(/["\u201c\u201d\u201e]/g, "'")
    .replaceAll('[', '(')
    .replaceAll(']', ')');
}

/** Who it was, by name. */
export function who(entry: Told): string {
  const { id } = entry.actor;
  const name = plain(entry.seen.names.get(id) ?? id);
  switch (entry.actor.kind) {
    case 'system':
      return 'Countersign';
    case 'policy':
      return `the policy ${id}`;
    case 'runner':
      return `the runner ${textIn(entry, 'runner_id') ?? name}`;
    case 'agent':
      return `the agent ${name}`;
    case 'service':
      return `the service ${name}`;
    case 'person':
      return name;
  }
}

/** With a capital letter and a full stop. */
export function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase();
  const end = /[.?!]"?$/.test(text) ? '' : '.';
  return `${first}${text.slice(1)}${end}`;
}

/** Unix milliseconds, to the second: nobody reads more. */
export function timeOf(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(things: readonly string[]): string {
  const last = things.at(-1) ?? '';
  const others = things.slice(0, -1);
  return others.length === 0 ? last : `${others.join(', ')} and ${last}`;
}

export function counted(count: number, one: string, many: string): string {
  if (count === 0) return `no ${one}`;
  return count === 1 ? `one ${one}` : `${count} ${many}`;
}
