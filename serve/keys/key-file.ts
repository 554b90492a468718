import { holdLock } from '../held-lock.ts';
import { readSecret, secretUnusable } from '../secret.ts';
import type { SecretReference } from '../serve-config.ts';
import { ServeFault } from '../serve-fault.ts';
import type { KeyKind } from './key-kind.ts';
import { replaceFile } from './replace-file.ts';

/** The time that another change of the same file takes at most. */
const LOCK_WAIT_MS = 500;

/** The keys in a variable or a file. Throws `ServeFault` `secrets_unusable`, never with what was found there. */
export async function readKeys<Key>(
  kind: KeyKind<Key>,
  reference: SecretReference,
  environment: NodeJS.ProcessEnv,
): Promise<readonly Key[]> {
  const { place, text } = await readSecret(reference, environment);
  const keys = kind.parse(text);
  if (keys !== undefined) return keys;
  throw secretUnusable(
    `${place} does not hold such a list of keys`,
    'docs/operations/keys.md says how it looks',
  );
}

/** Changes the keys in a file in one step; two who change it at once do so one after another. Throws `ServeFault`. */
export async function changeKeys<Key>(
  kind: KeyKind<Key>,
  reference: SecretReference,
  change: (keys: readonly Key[]) => readonly Key[] | Promise<readonly Key[]>,
): Promise<readonly Key[]> {
  if ('env' in reference) {
    throw secretUnusable(
      `the keys are in the environment variable ${reference.env}, which no command can change`,
      'keep them in a file, mode 600, and name that in the configuration',
    );
  }
  const { file } = reference;
  // Before there is a lock beside it: a file that is not there is not made.
  await readKeys(kind, reference, {});
  const unlock = holdLock(`${file}.lock`, LOCK_WAIT_MS);
  if (unlock === undefined) {
    throw new ServeFault({
      code: 'keys_busy',
      message: `somebody else changes the keys in ${file}`,
      holds: 'these keys are as the other leaves them',
      next: 'say it again',
    });
  }
  try {
    const keys = await change(await readKeys(kind, reference, {}));
    await replaceFile(file, kind.print(keys));
    return keys;
  } finally {
    unlock();
  }
}
