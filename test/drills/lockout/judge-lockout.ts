import type { LockoutFacts, Scene } from './facts.ts';

/** Something that must not be. */
export interface Violation {
  readonly check: 'staging' | 'way-in' | 'taken-over' | 'record';
  readonly detail: string;
}

export interface SceneReport {
  readonly name: string;
  readonly way_in: string;
  readonly compared: number;
  readonly attempts_refused: number;
}

export interface LockoutReport {
  readonly holds: boolean;
  readonly violations: readonly Violation[];
  readonly scenes: readonly SceneReport[];
  readonly attempts: number;
}

/** What a drill has shown: who should get in does, by the way that is said, and nobody else does in any window. */
export function judgeLockout({ attemptsInScene, recorded, scenes }: LockoutFacts): LockoutReport {
  const violations = [
    ...scenes.flatMap((scene) => [...checkWays(scene), ...checkAttacks(scene, attemptsInScene)]),
    ...recorded.exchanges
      .filter(({ found, wanted }) => found !== wanted)
      .map(({ found, project, wanted }) => ({
        check: 'record' as const,
        detail: `${project} has ${found} exchanges in its ledger and not ${wanted}`,
      })),
    ...recorded.intruders.map((detail) => ({ check: 'taken-over' as const, detail })),
  ];
  const reports = scenes.map(reportOf);
  return {
    holds: violations.length === 0,
    violations,
    scenes: reports,
    attempts: reports.reduce((sum, { attempts_refused }) => sum + attempts_refused, 0),
  };
}

function checkWays({ compared, name }: Scene): Violation[] {
  return compared
    .filter(({ got, wanted }) => got !== wanted)
    .map(({ got, wanted, who }) => ({
      check: 'way-in',
      detail: `${name}: ${who} got ${got} and not ${wanted}`,
    }));
}

/** A scene in which nobody tried to get in has shown nothing of them. */
function checkAttacks({ attacks, name }: Scene, least: number): Violation[] {
  return Object.entries(attacks).flatMap(([way, all]) => [
    ...all
      .filter((got) => got === 'in')
      .map(() => ({ check: 'taken-over' as const, detail: `${name}: an attacker got in by ${way}` })),
    ...(all.length >= least
      ? []
      : [{ check: 'staging' as const, detail: `${name}: ${way} was tried ${all.length} times` }]),
  ]);
}

function reportOf({ attacks, compared, name, wayIn }: Scene): SceneReport {
  const refused = Object.values(attacks)
    .flat()
    .filter((got) => got !== 'in');
  return { name, way_in: wayIn, compared: compared.length, attempts_refused: refused.length };
}
