import type { Outcome } from '@countersign/serve/serve-commands';
import type { ServeFaultFacts } from '@countersign/serve/serve-fault';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { CliFault } from '../fault.ts';

/** What a command of the plane gave. Throws `CliFault` with what happened, what is still true, and what to do. */
export function givenBy<Given>(outcome: Outcome<Given>): Given {
  if (outcome.ok) return outcome.given;
  const { holds, message, next } = outcome.fault;
  throw new CliFault(`${message}; ${holds}`, { code: exitCodeOf(outcome.fault), next });
}

function exitCodeOf({ code }: ServeFaultFacts): ExitCode {
  switch (code) {
    case 'config_invalid':
    case 'key_unknown':
      return exitCodes.usage;
    case 'copy_failed':
    case 'secrets_unusable':
    case 'store_newer':
    case 'store_unusable':
    case 'address_unusable':
      return exitCodes.refused;
    case 'already_running':
    case 'key_in_use':
    case 'keys_busy':
    case 'keys_full':
    case 'port_taken':
    case 'store_in_use':
    case 'tenant_exists':
      return exitCodes.conflict;
    case 'not_answering':
      return exitCodes.unreachable;
    case 'not_running':
    case 'not_stopped':
    case 'plane_ended':
      return exitCodes.failed;
  }
}
