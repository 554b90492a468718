import { MOST_REHEARSALS_A_CLAIM } from '@countersign/protocol/rehearsal';
import type { Plane } from '@countersign/serve/start-plane';
import { ROWS_PER_WRITE } from '../limits/limit-rows.ts';
import type { Bench, Measured } from '../support/bench.ts';
import { startBenchPlane, startLimits } from '../support/bench-plane.ts';
import type { GovernedCalls } from '../support/governed-calls.ts';
import { createGovernedTenant, type GovernedTenant } from '../support/governed-tenant.ts';
import { type HttpConnection, withConnections } from '../support/http-connection.ts';
import { lateFeeRequest } from '../support/late-fee-request.ts';
import { askLimit } from '../support/limit-calls.ts';
import { operationsPerSecond } from '../support/load.ts';
import { interleaved, ratios } from '../support/rounds.ts';
import { spreadOf } from '../support/statistics.ts';
import { spreadLine } from '../support/table.ts';

const CONNECTIONS = 64;
const ROUND_MS = { quick: 1_000, full: 1_500 } as const;

type Rates = Record<'d1' | 'plain' | 'governed' | 'requested' | 'rehearsed', number[]>;

/**
 * What the law of a project costs a proposal: change sets that a policy approves within its limits, against the same
 * that wait for people, and both against bare grouped D1 writes; and agents' requests by capability, then their
 * rehearsals' reports, each of which a policy approves.
 */
export async function governedProposals(bench: Bench): Promise<Measured> {
  const product = await startBenchPlane(bench);
  const limits = await startLimits(bench);
  try {
    const governed = await createGovernedTenant(bench, product.plane, product.origin);
    const { calls } = governed;
    const milliseconds = ROUND_MS[bench.isQuick ? 'quick' : 'full'];
    const rate = (origin: URL, one: (connection: HttpConnection) => Promise<unknown>) => () =>
      operationsPerSecond({ origin, connections: CONNECTIONS, milliseconds }, async (connection) => {
        await one(connection);
        return 1;
      });
    let made = 0;
    const parts = {
      d1: rate(limits.origin, (connection) => askLimit(connection, '/write')),
      plain: rate(product.origin, (connection) => {
        made += 1;
        const fee = { invoice: `INV-${made}`, version: 7, from: 5_500, to: 0 };
        return product.calls.propose(connection, lateFeeRequest(fee));
      }),
      governed: rate(product.origin, (connection) => calls.propose(connection)),
      requested: rate(product.origin, (connection) => calls.request(connection)),
      // All that was requested just now, so that no rehearsal lapses in another part.
      rehearsed: () => rehearseAll(product.origin, calls),
    };
    await interleaved(1, parts);
    const rates = await interleaved(bench.rounds, parts);
    await checkApproved(product.plane, governed);
    return measured(rates);
  } finally {
    await product.plane.stop();
    await limits.plane.stop();
  }
}

/** Claims and reports until none waits; returns how many were reported in a second. */
function rehearseAll(origin: URL, calls: GovernedCalls): Promise<number> {
  return withConnections(origin, CONNECTIONS, async (connections) => {
    const begunAt = performance.now();
    let reported = 0;
    const work = async (connection: HttpConnection) => {
      for (;;) {
        const rehearsals = await calls.claimRehearsals(connection, MOST_REHEARSALS_A_CLAIM);
        if (rehearsals.length === 0) return;
        for (const rehearsal of rehearsals)
          if (await calls.reportRehearsal(connection, rehearsal)) reported += 1;
      }
    };
    await Promise.all(connections.map(work));
    return (reported * 1_000) / (performance.now() - begunAt);
  });
}

/** What was answered counts only when the record says so too. */
async function checkApproved(plane: Plane, { tenant, calls }: GovernedTenant): Promise<void> {
  const [row] = await plane.query<{ approved: number }>(
    "SELECT count(*) AS approved FROM proposals WHERE tenant = ?1 AND state = 'approved'",
    tenant,
  );
  if (row?.approved !== calls.approved)
    throw new Error(`of ${calls.approved} approvals by a policy the record has ${row?.approved}`);
}

function measured({ d1, plain, governed, requested, rehearsed }: Rates): Measured {
  const toD1 = (rates: readonly number[]) => spreadOf(ratios(rates, d1));
  const ratio = {
    plain: toD1(plain),
    governed: toD1(governed),
    requested: toD1(requested),
    rehearsed: toD1(rehearsed),
  };
  const toPlain = spreadOf(ratios(governed, plain));
  return {
    results: {
      governed_proposals: {
        ratio: toPlain.median,
        connections: CONNECTIONS,
        change_sets_by_policy: {
          per_second: spreadOf(governed),
          ratio_to_d1: ratio.governed,
          ratio_to_plain: toPlain,
        },
        change_sets_without_policies: { per_second: spreadOf(plain), ratio_to_d1: ratio.plain },
        requests_by_capability: { per_second: spreadOf(requested), ratio_to_d1: ratio.requested },
        rehearsals_reported: { per_second: spreadOf(rehearsed), ratio_to_d1: ratio.rehearsed },
        d1_group_commit: { operations_per_second: spreadOf(d1), rows_per_operation: ROWS_PER_WRITE },
      },
    },
    lines: [
      spreadLine('change sets/s, approved by a policy within limits', spreadOf(governed)),
      spreadLine('change sets/s, no policies', spreadOf(plain)),
      spreadLine('requests by capability/s', spreadOf(requested)),
      spreadLine('rehearsals claimed, reported and approved by a policy/s', spreadOf(rehearsed)),
      spreadLine(`bare D1 writes/s, ${ROWS_PER_WRITE} rows each, grouped`, spreadOf(d1)),
      spreadLine('with policies / without', toPlain),
      spreadLine('with policies / bare D1', ratio.governed),
      spreadLine('without policies / bare D1', ratio.plain),
      spreadLine('requests by capability / bare D1', ratio.requested),
    ],
  };
}
