import { join } from 'node:path';
import * as z from 'zod';
import { LocalFault } from './local-fault.ts';
import { readPrivateFile, writePrivateFile } from './private-file.ts';

const localFileSchema = z.strictObject({
  /** Where the gateway answers. */
  url: z.url(),
  project_id: z.string().min(1),
  source_id: z.string().min(1),
  /** The customer's database; scripts use it to look at rows, never to write what a proposal should. */
  database_url: z.url(),
  issuer: z.url(),
  /** `owner` and `approver` are people's tokens from the local issuer; the others are our own. */
  tokens: z.strictObject({
    owner: z.string().min(1),
    approver: z.string().min(1),
    agent: z.string().min(1),
    runner: z.string().min(1),
  }),
});

/** What a script needs to talk to the local stack: `.countersign/local.json`. */
export type LocalFile = z.infer<typeof localFileSchema>;

/** The path of the local file inside the state folder. */
export function localFilePath(stateFolder: string): string {
  return join(stateFolder, 'local.json');
}

/** Writes the local file in one step, folder 0700 and file 0600, since it holds tokens. */
export async function writeLocalFile(stateFolder: string, content: LocalFile): Promise<void> {
  const checked = localFileSchema.parse(content);
  await writePrivateFile(localFilePath(stateFolder), `${JSON.stringify(checked, null, 2)}\n`);
}

/**
 * Reads the local file; null where the local stack has never run.
 *
 * @throws LocalFault `local_file_invalid` when the file is not what `writeLocalFile` writes.
 */
export async function readLocalFile(stateFolder: string): Promise<LocalFile | null> {
  const path = localFilePath(stateFolder);
  const text = await readPrivateFile(path);
  if (text === null) return null;
  try {
    return localFileSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new LocalFault(`${path} cannot be read: run \`npm start\` to write it anew.`, {
      code: 'local_file_invalid',
      cause,
    });
  }
}
