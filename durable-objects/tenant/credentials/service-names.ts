import type { SettingRow } from '../governance-schema.ts';

/** The names of service accounts that count: each tool has its own, so that it can be told and ended alone. */
export interface ServiceNames {
  readonly named: readonly {
    readonly name: string;
    readonly credential_id: string;
    /** Unix milliseconds. */
    readonly expires_at: number | null;
  }[];
}

/** They stand in one row, which is written with each that is issued. */
export const MOST_SERVICES = 200;

export function serviceNames(row: SettingRow | undefined): ServiceNames {
  return row !== undefined && 'named' in row.value ? row.value : { named: [] };
}

/** Those that have not ended by themselves. */
export function livingServices({ named }: ServiceNames, now: number): ServiceNames['named'] {
  return named.filter(({ expires_at }) => expires_at === null || expires_at > now);
}
