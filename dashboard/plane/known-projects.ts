import * as z from 'zod';

const KEPT = 'countersign.projects';
const MOST = 20;
const keptSchema = z.array(z.strictObject({ address: z.string(), id: z.string() }));

/** A project that was opened in this browser: by which label or id, and its id. Nothing that opens it. */
export type KnownProject = z.infer<typeof keptSchema>[number];

/** The latest first. */
export function knownProjects(): readonly KnownProject[] {
  try {
    return keptSchema.parse(JSON.parse(localStorage.getItem(KEPT) ?? '[]'));
  } catch {
    return [];
  }
}

/** One line for each project, by the address that was used last. */
export function rememberProject(project: KnownProject): void {
  const others = knownProjects().filter(({ id }) => id !== project.id);
  localStorage.setItem(KEPT, JSON.stringify([project, ...others].slice(0, MOST)));
}

export function forgetProject(address: string): void {
  const left = knownProjects().filter((known) => known.address !== address && known.id !== address);
  localStorage.setItem(KEPT, JSON.stringify(left));
}
