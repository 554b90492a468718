/** What can go wrong while the local stack starts, runs or stops; one code for each. */
export type LocalFaultCode =
  | 'child_exited'
  | 'child_not_ready'
  | 'folder_in_use'
  | 'local_file_invalid'
  | 'logins_invalid'
  | 'not_seeded'
  | 'other_port'
  | 'older_state'
  | 'port_in_use'
  | 'signing_keys_invalid'
  | 'stopping'
  | 'token_not_minted'
  | 'unknown_person';

/** A fault of the local stack. The message is for the person at the console and says what to do. */
export class LocalFault extends Error {
  override name = 'LocalFault';
  readonly code: LocalFaultCode;

  constructor(message: string, options: { code: LocalFaultCode } & ErrorOptions) {
    super(message, options);
    this.code = options.code;
  }
}
