import type { ExpressionCounts, ExpressionStatistics } from '../policies/expression-statistics.ts';
import { answer } from '../turn/reply.ts';
import type { LookPlan } from './look.ts';
import { time } from './proposal-view.ts';

/** What compiling and evaluating the tenant's conditions has cost since its object began. */
export function expressionStats(statistics: ExpressionStatistics, startedAt: number): LookPlan {
  return {
    statements: [],
    answer: () =>
      answer({
        ok: true,
        since: time(startedAt),
        size: statistics.size,
        ...shown(statistics.total),
        by_policy: statistics
          .policies()
          .map(([name, counts]) => ({ name, ...shown(counts) }))
          .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      }),
  };
}

function shown({ compile_ms_max, compile_ms_total, compiled, ...counts }: Readonly<ExpressionCounts>) {
  return {
    ...counts,
    misses: compiled,
    compile_ms_total: rounded(compile_ms_total),
    compile_ms_max: rounded(compile_ms_max),
  };
}

/** To a microsecond. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1_000) / 1_000;
}
