import { prepareEngines } from './engines.ts';

/** Fetches the database servers that the machine has not, before any test's time runs, and says which could not be had. */
export async function setup(): Promise<void> {
  await prepareEngines({ matrix: true });
}
