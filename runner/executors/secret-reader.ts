import { ConfigError } from '../config/config-error.ts';
import { readSecret, type SecretReference } from '../config/secret.ts';

/** Reads a secret where it is, each time anew, so that it can be replaced while the runner goes on. */
export type SecretReader = () => Promise<string>;

export function secretReader(reference: SecretReference, environment: NodeJS.ProcessEnv): SecretReader {
  return () => readSecret(reference, environment);
}

/** Nothing else can stand in a header. */
const PRINTABLE = /^[\x21-\x7e]+$/;

/** The secrets, in order; undefined when one of them is not there, or can be none. */
export async function readSecrets(readers: readonly SecretReader[]): Promise<readonly string[] | undefined> {
  try {
    const secrets = await Promise.all(readers.map((read) => read()));
    return secrets.some((secret) => secret.includes('\0')) ? undefined : secrets;
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

/** A secret that goes into a header. */
export async function readHeaderSecret(reader: SecretReader): Promise<string | undefined> {
  const secrets = await readSecrets([reader]);
  return secrets?.find(canStandInHeader);
}

export function canStandInHeader(secret: string): boolean {
  return PRINTABLE.test(secret);
}

export const CANNOT_STAND_IN_HEADER = 'the secret holds blanks, or characters that are not ASCII';

/** What is wrong with a secret that goes into a header, by the name of its place; undefined when nothing is. */
export async function headerSecretFault(read: SecretReader): Promise<string | undefined> {
  try {
    return canStandInHeader(await read()) ? undefined : CANNOT_STAND_IN_HEADER;
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.join('; ');
    throw error;
  }
}
