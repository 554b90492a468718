import { exitCodes } from '../exit-codes.ts';
import { CliFault } from '../fault.ts';
import { cliVersion } from '../version.ts';

/** On which it is tested; older ones lack what the plane's locks are made of. */
const OLDEST_MAJOR = 24;

export type Serve = typeof import('@countersign/serve/serve-commands');

/**
 * The package that serves a plane, which brings workerd: only the commands that need it load it, and an installation of the
 * command line may do without. Throws `CliFault`.
 */
export async function openServe(): Promise<Serve> {
  if (Number.parseInt(process.versions.node, 10) < OLDEST_MAJOR) {
    throw new CliFault(
      `serving a plane needs Node ${OLDEST_MAJOR} or newer, and this is ${process.version}`,
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

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND';
}
