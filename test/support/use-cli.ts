import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cliUser } from '@countersign/cli/testing/cli-user';
import { afterAll, beforeAll } from 'vitest';
import { type SharedPlane, sharedPlane } from './shared-planes.ts';
import type { TestTenant } from './tenant.ts';

/** Puts the command line into anybody’s hands, for the tests of a file. */
export function useCli(given: (plane: SharedPlane) => void) {
  let plane: SharedPlane;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-cli-'));
    plane = await sharedPlane();
    given(plane);
  }, 60_000);
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  /** Where a file of that name lies. */
  const at = (name: string) => join(folder, name);
  return {
    at,
    /** Writes a file for a command to read, and says where it lies. */
    file: async (name: string, content: unknown): Promise<string> => {
      await writeFile(at(name), typeof content === 'string' ? content : JSON.stringify(content));
      return at(name);
    },
    /** What a command saved that is shown once. */
    secretIn: async (name: string): Promise<string> => (await readFile(at(name), 'utf8')).trim(),
    /** The command line in the hands of somebody with this token. */
    user: ({ project }: Pick<TestTenant, 'project'>, token: string, url = plane.origin) =>
      cliUser({ url, project, token, folder }),
  };
}
