import { readFile, stat } from 'node:fs/promises';
import { errorCode } from './error-code.ts';
import type { SecretReference } from './serve-config.ts';
import { ServeFault } from './serve-fault.ts';

const OTHERS = 0o077;

/** What stands where the configuration says that a secret is. */
export interface Secret {
  /** For messages, which never hold what was found there. */
  readonly place: string;
  readonly text: string;
}

/** Reads a secret. Throws `ServeFault` `secrets_unusable` for a file that others can read, or that cannot be. */
export async function readSecret(
  reference: SecretReference,
  environment: NodeJS.ProcessEnv,
): Promise<Secret> {
  if ('env' in reference) {
    const place = `the environment variable ${reference.env}`;
    return { place, text: environment[reference.env] ?? '' };
  }
  const { file } = reference;
  try {
    const { mode } = await stat(file);
    if ((mode & OTHERS) !== 0)
      throw secretUnusable(`${file} can be read by other users`, `chmod 600 ${file}`);
    return { place: file, text: await readFile(file, 'utf8') };
  } catch (cause) {
    if (cause instanceof ServeFault) throw cause;
    throw secretUnusable(
      `${file} cannot be read (${errorCode(cause)})`,
      'put the keys there, mode 600',
      cause,
    );
  }
}

export function secretUnusable(message: string, next: string, cause?: unknown): ServeFault {
  const holds = 'nothing was started; tokens are as valid as they were';
  return new ServeFault({ code: 'secrets_unusable', message, holds, next }, { cause });
}
