/** The one tenant of a bench's plane, and the one source in it. */
export const TENANT = 'prj_bench';
export const SOURCE = 'src_billing';
/** The runner that claims over plain HTTP. */
export const RUNNER = 'runner-bench';
/** The person who approves, as the local issuer knows her. */
export const APPROVER = 'ada@acme.example';
/** Of tasks. */
export const HANDLER = 'bench';
