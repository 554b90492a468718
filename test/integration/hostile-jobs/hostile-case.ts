/** Part of a claimed job, as it comes off the wire. */
export type Draft = Record<string, unknown>;

/** One thing that is wrong with a claimed job: in its fields, or in the JSON text that they become. */
export interface Spoil {
  readonly draft?: (claimed: Draft) => void;
  readonly text?: (json: string) => string;
}

export const tables = ['public.invoices', 'public.ledgers', 'public.notes', 'public.settings'] as const;
/** The row that a job is about, in a table that the runner's configuration allows. */
export interface TargetRow {
  readonly table: (typeof tables)[number];
  readonly id: string;
}

export type Ending =
  /** By the runner's own checks, and reported as failed. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Logged and let go; nothing is reported. An element without a readable id is logged without one. */
  | { readonly kind: 'dropped'; readonly reason: string; readonly anonymous: boolean }
  /** By the database, with nothing written. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** Nothing changed but for a receipt that says so. */
  | { readonly kind: 'conflict'; readonly reason: string }
  /** Odd, and yet what the configuration allows: exactly these texts stand in exactly this row. */
  | { readonly kind: 'applied'; readonly set: Readonly<Record<string, string | null>> };

export interface HostileCase {
  readonly name: string;
  readonly ending: Ending;
  readonly spoils: readonly Spoil[];
  /** An invoice of the case's own when left away, so that no case can spoil another. */
  readonly row?: TargetRow;
}

type Build = (name: string, reason: string, ...spoils: readonly Spoil[]) => HostileCase;

export const refused: Build = (name, reason, ...spoils) => ({
  name,
  ending: { kind: 'refused', reason },
  spoils,
});
export const failed: Build = (name, reason, ...spoils) => ({
  name,
  ending: { kind: 'failed', reason },
  spoils,
});
export const conflict: Build = (name, reason, ...spoils) => ({
  name,
  ending: { kind: 'conflict', reason },
  spoils,
});
export const dropped: Build = (name, reason, ...spoils) => ({
  name,
  ending: { kind: 'dropped', reason, anonymous: false },
  spoils,
});

/** An element that has no id by which it could be answered. */
export function unanswerable(name: string, ...spoils: readonly Spoil[]): HostileCase {
  return { name, ending: { kind: 'dropped', reason: 'JOB_MALFORMED', anonymous: true }, spoils };
}

export function applied(
  name: string,
  set: Readonly<Record<string, string | null>>,
  ...spoils: readonly Spoil[]
): HostileCase {
  return { name, ending: { kind: 'applied', set }, spoils };
}

/** The same about another row than the usual one. */
export function about(table: TargetRow['table'], id: string, hostile: HostileCase): HostileCase {
  return { ...hostile, row: { table, id } };
}

/** A value in the name of a case: everything that is not plainly visible is escaped. */
export function shown(value: unknown): string {
  const json = JSON.stringify(value);
  return json.replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Sets a field of the public job by its dotted path. */
export function having(path: string, value: unknown): Spoil {
  return { draft: (claimed) => setAt(claimed, `writeback_job.${path}`, value) };
}

/** Takes a field out of the public job. */
export function without(path: string): Spoil {
  return beside(path === '' ? 'writeback_job' : `writeback_job.${path}`);
}

/** Sets a field beside the public job, or takes it out. */
export function beside(path: string, value?: unknown): Spoil {
  return { draft: (claimed) => setAt(claimed, path, value) };
}

/** The patch, which also is all that it allows itself. */
export function patching(patch: Draft): readonly Spoil[] {
  return [having('patch', patch), having('allowed_columns', Object.keys(patch))];
}

/** Replaces a piece of the JSON text: for what no object can be serialized to. */
export function replacing(piece: string, by: string): Spoil {
  return {
    text: (json) => {
      if (json.split(piece).length !== 2) throw new Error(`${piece} is not there once: ${json}`);
      return json.replace(piece, () => by);
    },
  };
}

/** Something else altogether in the place of a claimed job. */
export function instead(value: unknown): Spoil {
  return { text: () => JSON.stringify(value) };
}

function setAt(claimed: Draft, path: string, value: unknown): void {
  const names = path.split('.');
  const last = names.pop() ?? '';
  const holder: Draft = names.reduce((inner, name) => Object(inner[name]), claimed);
  if (value === undefined) delete holder[last];
  // `__proto__` is to be a field like any other.
  else Object.defineProperty(holder, last, { value, enumerable: true, configurable: true, writable: true });
}
