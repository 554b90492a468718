/** What the process ends with; scripts and service managers depend on these. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  /** The configuration, a database or the control plane says that this runner must not work. */
  refused: 3,
  /** The evidence contradicts itself, or the control plane has another outcome: a person must look. */
  conflict: 4,
  /** The control plane could not be reached at the start, or what a command needs does not answer. */
  unreachable: 5,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
