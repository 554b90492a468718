import { parseArgs } from 'node:util';

/** What a campaign is given. */
export interface CampaignOptions {
  readonly seed: number;
  /** For how long faults strike; then everything is healed and must come to its end. */
  readonly seconds: number;
  /** No more proposals than these are made. */
  readonly jobs: number;
  readonly runners: number;
  /** Names of `postgres`, `mysql`, `mariadb`; all that can be had when left away. */
  readonly databases: readonly string[] | undefined;
  /** Milliseconds between two strikes, on average. */
  readonly pace: number;
  /** How long a lease is: as short as the plane takes them, so that many run out in a campaign. */
  readonly leaseSeconds: number;
  /** Nothing but lost answers of commits, until each database has so many. */
  readonly cutsOnly: number | undefined;
  /** Takes a guard out of the runner, to see that the campaign notices: a name of `mutations.ts`. */
  readonly mutation: string | undefined;
}

export const usual: CampaignOptions = {
  seed: 1,
  seconds: 60,
  jobs: Number.POSITIVE_INFINITY,
  runners: 3,
  databases: undefined,
  pace: 700,
  leaseSeconds: 5,
  cutsOnly: undefined,
  mutation: undefined,
};

const CUTS = '1000';

/** Reads a command line; says what is wrong with it and ends with 2. */
export function readOptions(args: readonly string[]): CampaignOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string', default: String(1 + Math.floor(Math.random() * 1_000_000)) },
      seconds: { type: 'string', default: String(usual.seconds) },
      jobs: { type: 'string' },
      runners: { type: 'string' },
      databases: { type: 'string' },
      pace: { type: 'string', default: String(usual.pace) },
      'lease-seconds': { type: 'string', default: String(usual.leaseSeconds) },
      'cuts-only': { type: 'boolean', default: false },
      cuts: { type: 'string', default: CUTS },
      mutation: { type: 'string' },
    },
  });
  const isCutsOnly = values['cuts-only'];
  return {
    seed: whole('seed', values.seed),
    seconds: whole('seconds', values.seconds),
    jobs: values.jobs === undefined ? usual.jobs : whole('jobs', values.jobs),
    runners: whole('runners', values.runners ?? (isCutsOnly ? '1' : String(usual.runners))),
    databases: values.databases?.split(','),
    pace: whole('pace', values.pace),
    leaseSeconds: whole('lease-seconds', values['lease-seconds']),
    cutsOnly: isCutsOnly ? whole('cuts', values.cuts) : undefined,
    mutation: values.mutation,
  };
}

function whole(name: string, text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  console.error(`--${name} takes a whole number, not ${text}`);
  process.exit(2);
}
