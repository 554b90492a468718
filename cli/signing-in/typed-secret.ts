import { usageFault } from '../fault.ts';
import { readText } from '../files.ts';
import type { World } from '../world.ts';

const ONE_TOKEN = /^[\x21-\x7e]{1,8192}$/;

/**
 * A secret that somebody brings: from a file, from what they type without its being shown, or from the standard input
 * (also as the file `-`) where nobody types. Throws `CliFault`, which never holds it.
 */
export async function typedSecret(
  world: Pick<World, 'askHidden' | 'readInput'>,
  file: string | undefined,
  question: string,
): Promise<string> {
  const secret = (await brought(world, file, question)).trim();
  if (!ONE_TOKEN.test(secret))
    throw usageFault('that is not one token: printable characters, without spaces');
  return secret;
}

async function brought(
  { askHidden, readInput }: Pick<World, 'askHidden' | 'readInput'>,
  file: string | undefined,
  question: string,
): Promise<string> {
  if (file === '-') return readInput();
  if (file !== undefined) return readText(file);
  return (await askHidden(question)) ?? readInput();
}
