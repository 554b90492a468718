import { exitCodes } from '../exit-codes.ts';
import { CliFault } from '../fault.ts';
import { cliVersion } from '../version.ts';

/** The oldest Node with what the plane's locks are made of. */
const OLDEST_NODE = [22, 13] as const;

export type Serve = typeof import('@countersign/serve/serve-commands');

/**
 * The package that serves a plane, which brings workerd: only the commands that need it load it, and an installation of the
 * command line may do without. Throws `CliFault`.
 */
export async function openServe(): Promise<Serve> {
  if (isOlder(process.versions.node)) {
    throw new CliFault(
      `serving a plane needs Node ${OLDEST_NODE.join('.')} or newer, and this is ${process.version}`,
      {
        code: exitCodes.failed,
        next: 'the same command with a newer Node',
      },
    );
  }
  try {
    return await import('@countersign/serve/serve-commands');
  } catch (cause) {
    if (!isMissing(cause)) throw cause;
    throw new CliFault('this installation of the command line has no plane in it', {
      code: exitCodes.failed,
      next: `install @countersign/serve ${cliVersion} beside it; in a clone, npm run build`,
      cause,
    });
  }
}

function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND';
}
