import { readFile } from 'node:fs/promises';
import { errorCode } from '../error-code.ts';
import { loadConfig } from '../load-config.ts';
import { findPlane } from '../running-plane.ts';
import { ServeFault } from '../serve-fault.ts';
import { storePaths } from '../store-paths.ts';
import { restartCommands } from './commands-after.ts';
import type { KeysPlace } from './key-kind.ts';
import { dependingOn, readHolders, type TokenHolder, wranglerHoldersSchema } from './token-holders.ts';

const MOST_NAMED = 20;

/**
 * Throws `ServeFault` `key_in_use` where a credential would be shut out without a key of tokens, now or from the next start
 * on. `known` are the ids of all keys, newest first.
 */
export async function assertFree(id: string, known: readonly string[], place: KeysPlace): Promise<void> {
  if ('config' in place) {
    const { store } = await loadConfig(place.config);
    await assertTaken(store, known[0] ?? '', place.config);
    return assertNobody(id, readHolders(storePaths(store).plane));
  }
  if (place.holders.length === 0) {
    throw inUse(
      `what depends on ${id} stands in the databases of the tenants, and was not given`,
      'say --holders FILE for each: countersign help keys holders',
    );
  }
  return assertNobody(id, (await Promise.all(place.holders.map(holdersOf))).flat());
}

/** A plane that was not started again still makes tokens with the old key. */
async function assertTaken(store: string, newest: string, config: string): Promise<void> {
  const found = await findPlane(store);
  if (!found.isRunning || found.process?.token_keys[0] === newest) return;
  throw inUse(
    'the plane that runs now has not taken the newest key yet, and still makes tokens with an older one',
    restartCommands(config).join(' && '),
  );
}

function assertNobody(id: string, holders: readonly TokenHolder[]): void {
  const left = dependingOn(holders, id);
  if (left.length === 0) return;
  const names = left
    .slice(0, MOST_NAMED)
    .map(({ credential_id, kind, project_id }) => `${credential_id} (${kind}) of ${project_id}`);
  const more = left.length > MOST_NAMED ? `, and ${left.length - MOST_NAMED} more` : '';
  throw inUse(
    `${left.length} credentials may depend on ${id}: ${names.join(', ')}${more}`,
    'rotate or revoke each, such as countersign agents rotate ID --overlap 3600; one that retires counts until its end',
  );
}

function inUse(message: string, next: string): ServeFault {
  return new ServeFault({ code: 'key_in_use', message, holds: 'the keys are as they were', next });
}

async function holdersOf(file: string): Promise<readonly TokenHolder[]> {
  try {
    return wranglerHoldersSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    throw new ServeFault(
      {
        code: 'config_invalid',
        message: `${file} is not what wrangler said of the credentials of a database (${errorCode(cause)})`,
        holds: 'the keys are as they were',
        next: 'countersign help keys holders',
      },
      { cause },
    );
  }
}
