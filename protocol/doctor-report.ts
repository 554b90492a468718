import * as z from 'zod';

/** What is looked at: a warning is no harm yet, a failure is, and what cannot be reached may be either. */
export const doctorOutcomes = ['ok', 'warning', 'failed', 'unreachable'] as const;
export type DoctorOutcome = (typeof doctorOutcomes)[number];

/** Everything that a doctor of the plane can find: one closed list, for programs to decide by. */
export const doctorFindings = {
  bindings_present: { outcome: 'ok', meaning: 'The Workers have all that they are set up to use' },
  binding_missing: { outcome: 'failed', meaning: 'A Worker lacks a binding, by its name' },
  settings_wrong: { outcome: 'failed', meaning: 'A setting is missing or wrong, by its name' },
  migrations_current: {
    outcome: 'ok',
    meaning: 'A database has had the migrations of this build, and no others',
  },
  migrations_missing: {
    outcome: 'failed',
    meaning: 'A database lacks migrations of this build: nothing is written',
  },
  schema_newer: {
    outcome: 'failed',
    meaning: 'A database has had migrations that this build neither knows nor works with: nothing is written',
  },
  schema_of_next_release: {
    outcome: 'warning',
    meaning:
      'A database has had migrations of the next release: this build was rolled back to, and works with them',
  },
  migrations_unrecorded: { outcome: 'warning', meaning: 'Nobody noted which migrations a database has had' },
  database_unreachable: { outcome: 'unreachable', meaning: 'A database did not answer' },
  issuer_reachable: {
    outcome: 'ok',
    meaning: 'The keys of an issuer can be had, and are of an allowed kind',
  },
  issuer_unreachable: { outcome: 'unreachable', meaning: 'The keys of an issuer cannot be had' },
  issuer_keys_unusable: {
    outcome: 'failed',
    meaning: 'An issuer has no key of an algorithm that is allowed here',
  },
  no_issuers: { outcome: 'warning', meaning: 'No issuer is trusted, so no person can sign in' },
  clock_agrees: { outcome: 'ok', meaning: 'Two clocks say the same, as far as that can be told' },
  clock_differs: { outcome: 'warning', meaning: 'Two clocks differ by more than 5 s' },
  storage_has_room: { outcome: 'ok', meaning: 'A database has room' },
  storage_near_limit: { outcome: 'warning', meaning: 'A database is within a fifth of its limit' },
  plane_reachable: { outcome: 'ok', meaning: 'The control plane answers' },
  plane_unreachable: { outcome: 'unreachable', meaning: 'The control plane does not answer' },
  plane_stopped: { outcome: 'failed', meaning: 'The plane of this machine does not run' },
  tls_invalid: { outcome: 'failed', meaning: 'The certificate of the control plane does not count here' },
  credential_valid: { outcome: 'ok', meaning: 'The control plane knows the credential' },
  credential_refused: { outcome: 'failed', meaning: 'The control plane does not take the credential' },
  credential_ends: { outcome: 'warning', meaning: 'The credential ends within a day' },
  not_for_this_credential: {
    outcome: 'warning',
    meaning: 'The side of the plane could not be looked at: that is for owners, admins and operators',
  },
  store_usable: { outcome: 'ok', meaning: 'The store of the plane of this machine can be read' },
  store_unusable: {
    outcome: 'failed',
    meaning: 'The configuration or the store of the plane of this machine is wrong',
  },
} as const satisfies Readonly<Record<string, { readonly outcome: DoctorOutcome; readonly meaning: string }>>;
export type DoctorCode = keyof typeof doctorFindings;

export function isDoctorCode(text: string): text is DoctorCode {
  return Object.hasOwn(doctorFindings, text);
}

/** One thing that was looked at. */
export const doctorFindingSchema = z.object({
  code: z.enum(Object.keys(doctorFindings).filter(isDoctorCode)),
  outcome: z.enum(doctorOutcomes),
  /** What it is about: a database, an issuer, a clock. */
  where: z.string(),
  message: z.string(),
  /** One line: what to do, or to run. */
  fix: z.string().optional(),
});
export type DoctorFinding = z.infer<typeof doctorFindingSchema>;

/** What `GET /v1/engine/doctor` answers. */
export const doctorReportSchema = z.looseObject({
  ok: z.literal(true),
  server_time: z.iso.datetime(),
  findings: z.array(doctorFindingSchema),
});

export function finding(code: DoctorCode, where: string, message: string, fix?: string): DoctorFinding {
  return {
    code,
    outcome: doctorFindings[code].outcome,
    where,
    message,
    ...(fix === undefined ? {} : { fix }),
  };
}

/** Milliseconds that clocks may differ: as much as a token's time may be off. */
export const CLOCKS_MAY_DIFFER_MS = 5_000;

/**
 * Compares a clock with one that was read before and after it. `clock` may be off by as much as lay between; all are Unix
 * milliseconds.
 */
export function clockFinding(
  where: string,
  clock: number,
  [before, after]: readonly [number, number],
): DoctorFinding {
  const off = clock < before ? clock - before : Math.max(0, clock - after);
  if (Math.abs(off) <= CLOCKS_MAY_DIFFER_MS) return finding('clock_agrees', where, 'the clocks agree');
  const seconds = Math.round(Math.abs(off) / 1_000);
  return finding(
    'clock_differs',
    where,
    `this clock is ${seconds} s ${off < 0 ? 'behind' : 'ahead'}`,
    'let the machine whose clock is wrong take its time from the network (NTP)',
  );
}
