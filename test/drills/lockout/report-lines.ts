import type { LockoutReport } from './judge-lockout.ts';

/** Lines for a person: what was compared, and who still gets in. */
export function reportLines({ attempts, scenes, violations }: LockoutReport): readonly string[] {
  return [
    ...scenes.flatMap(({ attempts_refused, compared, name, way_in }) => [
      `  ${name}`,
      `      compared ${compared}, refused ${attempts_refused} attempts of attackers`,
      `      way in: ${way_in}`,
    ]),
    ...violations.map(({ check, detail }) => `${check}: ${detail}`),
    violations.length === 0
      ? `nobody is locked out and nobody else gets in: ${scenes.length} scenes, ${attempts} attempts refused`
      : `it does not hold: ${violations.length} violations`,
  ];
}
