/** What the process ends with; scripts and CI depend on these. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  /** The control plane does not take the credential, does not allow it, or finds the request wrong. */
  refused: 3,
  /** What is there now is not what the request was about; or what it asks for is told once, and was. */
  conflict: 4,
  unreachable: 5,
  /** `contracts diff`: there are changes, and none permits more. `registry diff`: there are changes. */
  changed: 10,
  /** `contracts diff`: a change permits more than before. */
  riskier: 11,
  /** `contracts lint` and `push`: a finding is severe enough to stop. */
  findings: 12,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
