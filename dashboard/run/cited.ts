import type { ExplainedClause, RunExplanationDetail } from '@countersign/client/run-detail';

/** Every sequence that the explanation cites, with the step whose chapter cites it; null for none. */
export function stepsByCited({ chapters }: RunExplanationDetail): ReadonlyMap<number, string | null> {
  return new Map(
    chapters.flatMap(({ clauses, step_id }) =>
      clauses.flatMap(({ seqs }: ExplainedClause) => seqs.map((seq) => [seq, step_id ?? null] as const)),
    ),
  );
}
