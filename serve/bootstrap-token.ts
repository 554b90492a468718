import { readFile, stat } from 'node:fs/promises';
import { isBootstrapToken, MALFORMED_BOOTSTRAP_TOKEN } from '@countersign/protocol/bootstrap-token';
import { errorCode } from './error-code.ts';
import type { SecretReference } from './serve-config.ts';

const USUAL_VARIABLE = 'COUNTERSIGN_BOOTSTRAP_TOKEN';
const OTHERS = 0o077;

/** What a plane is told of its first run: the token, or why there is none although one is named. */
export interface BootstrapToken {
  readonly token?: string;
  readonly warning?: string;
}

/**
 * The token of the first run, from where the configuration names it, else from the environment. One that cannot be used is
 * a warning and never a fault: a plane that does not start, or starts open, for the sake of its first run would be worse
 * than one without. A warning names the place and never what was found there.
 */
export async function readBootstrapToken(
  reference: SecretReference | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<BootstrapToken> {
  if (reference !== undefined && 'file' in reference) return fromFile(reference.file);
  const name = reference === undefined ? USUAL_VARIABLE : reference.env;
  const text = environment[name];
  if (text !== undefined) return checked(text, `the environment variable ${name}`);
  return reference === undefined ? {} : unusable(`the environment variable ${name} is not set`);
}

async function fromFile(file: string): Promise<BootstrapToken> {
  try {
    const { mode } = await stat(file);
    if ((mode & OTHERS) !== 0) return unusable(`${file} can be read by other users (chmod 600 ${file})`);
    // An editor ends the last line.
    return checked((await readFile(file, 'utf8')).replace(/\r?\n$/, ''), file);
  } catch (cause) {
    return unusable(`${file} cannot be read (${errorCode(cause)})`);
  }
}

function checked(text: string, place: string): BootstrapToken {
  return isBootstrapToken(text) ? { token: text } : unusable(`${place}: ${MALFORMED_BOOTSTRAP_TOKEN}`);
}

function unusable(why: string): BootstrapToken {
  return { warning: `there is no first run: ${why}` };
}
