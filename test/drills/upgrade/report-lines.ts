import type { UpgradeReport } from './judge-upgrade.ts';

const MOST_SHOWN = 20;

/** Lines for a person. */
export function reportLines({ figures, violations }: UpgradeReport): readonly string[] {
  const { written_by: pairs, ...each } = figures;
  const shown = violations.slice(0, MOST_SHOWN).map(({ check, detail }) => `${check}: ${detail}`);
  return [
    ...Object.entries(each).map(([name, value]) => line(String(value), name)),
    ...Object.entries(pairs).map(([pair, written]) =>
      line(String(written), `written by plane and runners: ${pair}`),
    ),
    ...shown,
    violations.length === 0
      ? 'the upgrade holds'
      : `the upgrade does not hold: ${violations.length} violations`,
  ];
}

function line(value: string, name: string): string {
  return `  ${value.padStart(14)}  ${name}`;
}
