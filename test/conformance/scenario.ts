import type { Stand } from './stand.ts';

/** The parts of the protocol, in the order in which the specification has them. */
export const areas = [
  'transport',
  'device login',
  'sessions and projects',
  'API keys',
  'runner tokens',
  'contracts',
  'runner bundle',
  'runner',
  'job forms',
  'jobs and results',
  'activity',
  'exports',
  'acceptance run',
] as const;
export type Area = (typeof areas)[number];

/** One thing that existing clients rely on: what it is, where PROTOCOL.md says so, and the requests that show it. */
export interface Scenario {
  readonly area: Area;
  readonly what: string;
  /** Of PROTOCOL.md. */
  readonly section: string;
  /** Scenarios of one story are played in order, in one project; any other has a project of its own. */
  readonly story?: string;
  /** Throws where the plane is not what the clients expect. */
  play(stand: Stand): Promise<void>;
}

/** The scenarios of an area: `[what, section, play]`. */
export function scenariosOf(
  area: Area,
  ...rows: readonly (readonly [what: string, section: string, play: Scenario['play']])[]
): readonly Scenario[] {
  return rows.map(([what, section, play]) => ({ area, what, section, play }));
}
