import type { StopReport } from './judge-stop.ts';

const MOST_SHOWN = 20;

/** Lines for a person. */
export function reportLines({ figures, violations }: StopReport): readonly string[] {
  const { clock_difference_ms: clocks, ...each } = figures;
  const shown = violations.slice(0, MOST_SHOWN).map(({ check, detail }) => `${check}: ${detail}`);
  return [
    ...Object.entries(each).map(([name, value]) => line(value === null ? '-' : String(value), name)),
    line(`${clocks.least} to ${clocks.most}`, 'clock_difference_ms'),
    ...shown,
    violations.length === 0 ? 'the stop holds' : `the stop does not hold: ${violations.length} violations`,
  ];
}

function line(value: string, name: string): string {
  return `  ${value.padStart(14)}  ${name}`;
}
