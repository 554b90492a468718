import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildRunner } from '@countersign/runner/build';
import { mutated } from '../../mutations/mutation.ts';
import { mutationNamed } from '../mutations.ts';

const LEASES = /LEASE_SECONDS = \{ least: (\d+), usual: \d+, most: (\d+) \}/g;

/**
 * The runner as it is shipped, but for the length of the leases that it asks for, and for the guard that a mutation
 * takes out. Throws when the program does not hold exactly once what is to be changed.
 */
export async function buildChaosRunner(
  folder: string,
  leaseSeconds: number,
  mutation: string | undefined,
): Promise<string> {
  const bundle = await buildRunner({ outDir: join(folder, 'runner') });
  const source = await readFile(bundle, 'utf8');
  if ([...source.matchAll(LEASES)].length !== 1)
    throw new Error('the runner does not say how long its leases are');
  const shortened = source.replace(
    LEASES,
    (_, least: string, most: string) =>
      `LEASE_SECONDS = { least: ${least}, usual: ${leaseSeconds}, most: ${most} }`,
  );
  await writeFile(bundle, mutation === undefined ? shortened : mutated(mutationNamed(mutation), shortened));
  return bundle;
}
