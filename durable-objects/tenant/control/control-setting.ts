import { digest } from '@countersign/protocol/canonical-json';
import type { SettingRow } from '../governance-schema.ts';
import type { ControlReference } from './control-body.ts';

/** The registry in force. */
export interface ControlSetting {
  /** How often anything that steers agents, or bounds them, has changed. */
  readonly revision: number;
  /** Of what is in force: two workers that run with the same digest run with the same pieces. */
  readonly digest: string;
  /** By kind, then name. */
  readonly in_force: readonly ControlReference[];
}

export function controlSetting(row: SettingRow | undefined): ControlSetting {
  const value = row?.value;
  return value !== undefined && 'in_force' in value ? value : nothingInForce;
}

export const nothingInForce: ControlSetting = settingOf(0, []);

export function settingOf(revision: number, references: readonly ControlReference[]): ControlSetting {
  const in_force = references.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const pieces = in_force.map(({ kind, name, version, digest: own }) => ({
    kind,
    name,
    version,
    digest: own,
  }));
  return { revision, digest: digest(pieces), in_force };
}

function keyOf({ kind, name }: ControlReference): string {
  return `${kind}/${name}`;
}
