import type { RecoveryReport } from './judge-recovery.ts';

const MOST_SHOWN = 20;

/** Lines for a person. */
export function reportLines({ figures, violations }: RecoveryReport): readonly string[] {
  const { rows_compared: tables, ...each } = figures;
  const shown = violations.slice(0, MOST_SHOWN).map(({ check, detail }) => `${check}: ${detail}`);
  return [
    ...Object.entries(each).map(([name, value]) => line(String(value), name)),
    ...Object.entries(tables).map(([table, rows]) => line(String(rows), `rows of ${table}`)),
    ...shown,
    violations.length === 0
      ? 'the recovery holds'
      : `the recovery does not hold: ${violations.length} violations`,
  ];
}

function line(value: string, name: string): string {
  return `  ${value.padStart(14)}  ${name}`;
}
