import { ApiError } from '@countersign/client/api-error';
import { ConfigError } from '../config/config-error.ts';
import { DatabaseFault } from '../databases/database-fault.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';

/** Why a command could not do its work, in words for whoever called it, and the exit code that says so. */
export interface Explained {
  readonly code: ExitCode;
  readonly text: string;
}

/** SQLSTATEs of a credential that is not taken and of a database that is not there; of MySQL, the same as numbers. */
const LOGIN_REFUSED = /^(28...|3D...|1045|1044|1049|1698)$/;

/** Explains what the world outside did; throws again what is a fault of this program. */
export function explainFault(error: unknown): Explained {
  if (error instanceof ConfigError) return { code: exitCodes.refused, text: error.faults.join('\n') };
  if (error instanceof ApiError) return ofControlPlane(error);
  if (error instanceof DatabaseFault) return ofDatabase(error);
  throw error;
}

function ofControlPlane(error: ApiError): Explained {
  return error.isRefusal
    ? {
        code: exitCodes.refused,
        text: `the control plane refused (${error.code}): ${error.message}; \`doctor\` says what to do`,
      }
    : {
        code: exitCodes.unreachable,
        text: `the control plane cannot be reached (${error.code}); check control_plane.url and the way to it`,
      };
}

function ofDatabase({ code, meaning }: DatabaseFault): Explained {
  if (LOGIN_REFUSED.test(code)) {
    const text = `the database refused the login (${code}); check user, password and database of database_url`;
    return { code: exitCodes.unreachable, text };
  }
  if (meaning.kind === 'unavailable' || meaning.kind === 'unknown') {
    const text = `the database cannot be reached (${code}); check database_url and the way to it`;
    return { code: exitCodes.unreachable, text };
  }
  return {
    code: exitCodes.failed,
    text: `the database refused to be read (${code}); \`doctor\` says what is missing`,
  };
}
