import * as z from 'zod';

const KEPT = 'countersign.projects';
const MOST = 20;
const keptSchema = z.array(z.string());

/** The projects that were opened in this browser, the latest first, by label or id: nothing that opens them. */
export function knownProjects(): readonly string[] {
  try {
    return keptSchema.parse(JSON.parse(localStorage.getItem(KEPT) ?? '[]'));
  } catch {
    return [];
  }
}

export function rememberProject(address: string): void {
  const others = knownProjects().filter((known) => known !== address);
  localStorage.setItem(KEPT, JSON.stringify([address, ...others].slice(0, MOST)));
}

export function forgetProject(address: string): void {
  localStorage.setItem(KEPT, JSON.stringify(knownProjects().filter((known) => known !== address)));
}
