import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { ConfigError } from './config-error.ts';

const ENVIRONMENT_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

/** Where a secret is. A secret itself never stands in the configuration, which is copied, printed and committed. */
export const secretReferenceSchema = z.union(
  [
    z.strictObject({
      env: z.string().regex(ENVIRONMENT_NAME, 'must be the name of an environment variable, not a secret'),
    }),
    z.strictObject({
      file: z
        .string()
        .min(1)
        .refine(
          (path) => !path.includes('://') && !path.startsWith('syn_'),
          'must be the path of a file, not a secret',
        ),
    }),
  ],
  { error: 'must name where the secret is: {"env": "NAME"} or {"file": "path"}, never the secret itself' },
);
export type SecretReference = z.infer<typeof secretReferenceSchema>;

/** Reads a secret; throws `ConfigError` that names the place and never what was found there. */
export async function readSecret(
  reference: SecretReference,
  environment: NodeJS.ProcessEnv,
): Promise<string> {
  const secret = 'env' in reference ? environment[reference.env] : await readSecretFile(reference.file);
  const trimmed = secret?.trim() ?? '';
  if (trimmed === '') throw new ConfigError([`${nameOf(reference)} is not set or empty`]);
  return trimmed;
}

async function readSecretFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new ConfigError([`the secret file ${path} cannot be read`], { cause });
  }
}

function nameOf(reference: SecretReference): string {
  return 'env' in reference
    ? `the environment variable ${reference.env}`
    : `the secret file ${reference.file}`;
}
