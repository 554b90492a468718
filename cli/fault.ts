import { type ExitCode, exitCodes } from './exit-codes.ts';

/** Why a command could not do its work, for whoever called it. */
export class CliFault extends Error {
  override name = 'CliFault';
  readonly code: ExitCode;
  readonly next: string | undefined;

  constructor(
    message: string,
    options: { readonly code: ExitCode; readonly next?: string | undefined } & ErrorOptions,
  ) {
    super(message, options);
    this.code = options.code;
    this.next = options.next;
  }
}

/** The command line asks for something that there is not, or lacks something. */
export function usageFault(message: string): CliFault {
  return new CliFault(message, { code: exitCodes.usage });
}
