import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { ConfigError } from './config-error.ts';

export const ENVIRONMENT_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

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

/**
 * Reads a secret; throws `ConfigError` that names the place and never what was found there. Where the reference names
 * the variable NAME, a file that NAME_FILE names will do as well: so do the images of databases take their secrets,
 * and what mounts secrets as files needs no other configuration. A file is read each time, so that a secret can be
 * replaced. Its mode is not looked at: Kubernetes mounts secrets as 0644 unless told otherwise.
 */
export async function readSecret(
  reference: SecretReference,
  environment: NodeJS.ProcessEnv,
): Promise<string> {
  if ('file' in reference) return readSecretFile(reference.file, `the secret file ${reference.file}`);
  const name = reference.env;
  const fileName = `${name}_FILE`;
  const secret = textOf(name, environment);
  const path = textOf(fileName, environment);
  if (secret !== '' && path !== '') {
    throw new ConfigError([
      `the environment variables ${name} and ${fileName} are both set: unset one, since they may differ`,
    ]);
  }
  // Not the path: somebody may have put the secret there.
  if (path !== '') return readSecretFile(path, `the file that the environment variable ${fileName} names`);
  if (secret === '') {
    throw new ConfigError([
      `the environment variable ${name} is not set or empty, and ${fileName} names no file: set one of them`,
    ]);
  }
  return secret;
}

/** What a variable holds; empty where there is none, as compose files and templates make it. */
function textOf(name: string, environment: NodeJS.ProcessEnv): string {
  return environment[name]?.trim() ?? '';
}

async function readSecretFile(path: string, place: string): Promise<string> {
  const secret = (await readText(path, place)).trim();
  if (secret === '') throw new ConfigError([`${place} is empty`]);
  return secret;
}

async function readText(path: string, place: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    throw new ConfigError([`${place} cannot be read (${code})`], { cause });
  }
}
