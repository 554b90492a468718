import { ApiError } from '@countersign/client/api-error';
import { ConfigError } from '../config/config-error.ts';
import { DatabaseFault } from '../databases/database-fault.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { printable } from './printable.ts';

/** Why a command could not do its work, in words for whoever called it, and the exit code that says so. */
export interface Explained {
  readonly code: ExitCode;
  readonly text: string;
}

/** SQLSTATEs of a credential that is not taken and of a database that is not there; of MySQL, the same as numbers. */
const LOGIN_REFUSED = /^(28...|3D...|1045|1044|1049|1698)$/;
/** A table that is not there, by SQLSTATE and by number. */
const NO_TABLE = /^(42P01|1146)$/;

/** Explains what the world outside did; throws again what is a fault of this program. */
export function explainFault(error: unknown): Explained {
  if (error instanceof ConfigError)
    return { code: exitCodes.refused, text: error.faults.map(printable).join('\n') };
  if (error instanceof ApiError) return ofControlPlane(error);
  if (error instanceof DatabaseFault) return ofDatabase(error);
  throw error;
}

function ofControlPlane(error: ApiError): Explained {
  return error.isRefusal
    ? {
        code: exitCodes.refused,
        text: printable(
          `the control plane refused (${error.code}): ${error.message}; \`doctor\` says what to do`,
        ),
      }
    : {
        code: exitCodes.unreachable,
        text: printable(
          `the control plane cannot be reached (${error.code}); check control_plane.url and the way to it`,
        ),
      };
}

/** What to look at when a database cannot be used, for the log. */
export function adviceForDatabase({ code }: Pick<DatabaseFault, 'code'>): string {
  return LOGIN_REFUSED.test(code)
    ? 'check user, password and database of database_url'
    : 'check database_url and the way to it';
}

/** Whether a table is what is missing. */
export function lacksTable(error: unknown): error is DatabaseFault {
  return error instanceof DatabaseFault && NO_TABLE.test(error.code);
}

function ofDatabase(fault: DatabaseFault): Explained {
  const { code, meaning } = fault;
  const next = adviceForDatabase(fault);
  if (LOGIN_REFUSED.test(code))
    return { code: exitCodes.refused, text: `the database refused the login (${code}); ${next}` };
  if (meaning.kind === 'unavailable' || meaning.kind === 'unknown')
    return { code: exitCodes.unreachable, text: `the database cannot be reached (${code}); ${next}` };
  return {
    code: exitCodes.failed,
    text: `the database refused to be read (${code}); \`doctor\` says what is missing`,
  };
}
