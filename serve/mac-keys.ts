import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { macKeysSchema } from '@countersign/protocol/gateway-settings';
import { errorCode } from './error-code.ts';
import type { SecretReference } from './serve-config.ts';
import { ServeFault } from './serve-fault.ts';
import type { StorePaths } from './store-paths.ts';

const KEY_BYTES = 32;
const OTHERS = 0o077;

/**
 * The keys that tokens are made and checked with, newest first: one a line, in the variable or file that the
 * configuration names, else in the store, where the first start makes one. Throws `ServeFault` `secrets_unusable`, which
 * names the place and never what was found there.
 */
export async function readMacKeys(
  reference: SecretReference | undefined,
  paths: Pick<StorePaths, 'macKeys' | 'plane'>,
  environment: NodeJS.ProcessEnv,
): Promise<string[]> {
  if (reference !== undefined && 'env' in reference) {
    const place = `the environment variable ${reference.env}`;
    return keysIn(environment[reference.env] ?? '', place);
  }
  if (reference !== undefined) return keysInFile(reference.file);
  if (!existsSync(paths.macKeys)) await makeKey(paths);
  return keysInFile(paths.macKeys);
}

/** Another key in place of one that was lost would refuse every token that is out there. */
async function makeKey({ macKeys, plane }: Pick<StorePaths, 'macKeys' | 'plane'>): Promise<void> {
  if (existsSync(plane)) {
    throw unusable(
      `${macKeys} is not there, and the store has been served before: its tokens need their key`,
      'put it back from a copy of the store, or say under "secrets" where the keys are',
    );
  }
  await writeFile(macKeys, `${randomBytes(KEY_BYTES).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
}

async function keysInFile(file: string): Promise<string[]> {
  try {
    const { mode } = await stat(file);
    if ((mode & OTHERS) !== 0) throw unusable(`${file} can be read by other users`, `chmod 600 ${file}`);
    return keysIn(await readFile(file, 'utf8'), file);
  } catch (cause) {
    if (cause instanceof ServeFault) throw cause;
    throw unusable(`${file} cannot be read (${errorCode(cause)})`, 'put the keys there, mode 600', cause);
  }
}

function keysIn(text: string, place: string): string[] {
  const keys = text.split(/\s+/).filter((key) => key !== '');
  const parsed = macKeysSchema.safeParse(keys);
  if (parsed.success) return parsed.data;
  throw unusable(
    `${place} does not hold one to five keys of 32 characters or more, one a line`,
    "make one: node -p \"require('node:crypto').randomBytes(32).toString('base64url')\"",
  );
}

function unusable(message: string, next: string, cause?: unknown): ServeFault {
  const holds = 'nothing was started; tokens are as valid as they were';
  return new ServeFault({ code: 'secrets_unusable', message, holds, next }, { cause });
}
