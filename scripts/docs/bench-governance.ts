import * as z from 'zod';
import { where } from './bench-peers.ts';
import { rounded, spread, spreadSchema } from './bench-values.ts';

const toD1Schema = z.object({ ratio_to_d1: spreadSchema });
const judgedSchema = z.object({ judge_us: spreadSchema, ratio_spread: spreadSchema });
const searchedSchema = z.object({
  ms: z.object({ p50: spreadSchema, p99: spreadSchema }),
  ratio_to_read: spreadSchema,
});

const explainedSchema = z.object({
  ms: z.object({ p50: spreadSchema, p99: spreadSchema }),
  ratio: spreadSchema,
});

/** What contracts and policies cost, and the proof: verification and search. */
export const governanceResultsSchema = z.object({
  governed_proposals: where(
    z.object({
      change_sets_by_policy: z.object({ ratio_to_d1: spreadSchema, ratio_to_plain: spreadSchema }),
      change_sets_without_policies: toD1Schema,
      requests_by_capability: toD1Schema,
    }),
  ),
  cel_evaluation: where(z.object({ 1: judgedSchema, 10: judgedSchema, 100: judgedSchema })),
  ledger_verification: where(
    z.object({
      entries: z.number(),
      ratio_spread: spreadSchema,
      entries_per_second: spreadSchema,
      peak_mb: spreadSchema,
    }),
  ),
  search: where(
    z.object({
      proposals: z.number(),
      rare: searchedSchema,
      common: searchedSchema,
      phrase: searchedSchema,
      catch_up: z.object({ seconds: z.number() }),
    }),
  ),
  explanations: where(z.object({ steps: z.number(), explain: explainedSchema, read: explainedSchema })),
});
type GovernanceResults = z.infer<typeof governanceResultsSchema>;

type Row = readonly [what: string, measured: string, goal: string];

/** The rows of what was measured. */
export function governanceRows(results: GovernanceResults): Row[] {
  return [
    ...proposalRows(results),
    ...policyRows(results),
    ...verificationRows(results),
    ...searchRows(results),
    ...explanationRows(results),
  ];
}

function proposalRows({ governed_proposals: governed }: GovernanceResults): Row[] {
  if (governed === undefined) return [];
  const { change_sets_by_policy: byPolicy, change_sets_without_policies: plain } = governed;
  return [
    [
      'change sets that a policy approves / that wait for people, each second',
      spread(byPolicy.ratio_to_plain),
      '',
    ],
    ['... / bare grouped D1 writes', spread(byPolicy.ratio_to_d1), ''],
    ['... those that wait for people / bare grouped D1 writes', spread(plain.ratio_to_d1), ''],
    [
      '... requests by capability / bare grouped D1 writes',
      spread(governed.requests_by_capability.ratio_to_d1),
      '',
    ],
  ];
}

function policyRows({ cel_evaluation: judged }: GovernanceResults): Row[] {
  if (judged === undefined) return [];
  const each = [judged[1], judged[10], judged[100]];
  return [
    [
      'microseconds to judge a proposal by 1, 10, 100 policies',
      each.map(({ judge_us }) => microseconds(judge_us.median)).join(', '),
      '',
    ],
    [
      '... / the same law written by hand',
      each.map(({ ratio_spread }) => rounded(ratio_spread.median)).join(', '),
      '',
    ],
  ];
}

/** Three digits, and never a power of ten. */
function microseconds(value: number): string {
  return Number(rounded(value)).toLocaleString('en-US');
}

function verificationRows({ ledger_verification: verified }: GovernanceResults): Row[] {
  if (verified === undefined) return [];
  const { entries, entries_per_second, peak_mb, ratio_spread } = verified;
  const what = `verification of ${entries.toLocaleString('en-US')} entries / SHA-256 of the same bytes`;
  return [
    [what, spread(ratio_spread), ''],
    ['... thousand entries a second', rounded(entries_per_second.median / 1_000), ''],
    ['... resident MB at most', rounded(peak_mb.median), ''],
  ];
}

function searchRows({ search }: GovernanceResults): Row[] {
  if (search === undefined) return [];
  const each = [search.rare, search.common, search.phrase];
  const what = `search of ${search.proposals.toLocaleString('en-US')} proposals for a rare word, one in all, a phrase`;
  return [
    [`${what}: ms, p50`, each.map(({ ms }) => rounded(ms.p50.median)).join(', '), ''],
    ['... p99', each.map(({ ms }) => rounded(ms.p99.median)).join(', '), ''],
    [
      '... p50 / reading one proposal by its id',
      each.map(({ ratio_to_read }) => rounded(ratio_to_read.median)).join(', '),
      '',
    ],
    ['seconds in which its index follows them all', rounded(search.catch_up.seconds), ''],
  ];
}

function explanationRows({ explanations }: GovernanceResults): Row[] {
  if (explanations === undefined) return [];
  const { explain, read, steps } = explanations;
  return [
    [
      `explaining a run of ${steps.toLocaleString('en-US')} steps: ms, p50`,
      rounded(explain.ms.p50.median),
      '',
    ],
    ['... p99', rounded(explain.ms.p99.median), ''],
    ['... p50 / reading one of ten steps', spread(explain.ratio), ''],
    ['reading the same run, p50 / reading one of ten steps', spread(read.ratio), ''],
  ];
}
