import { expect, test } from 'vitest';
import type { LoopEvent } from '../loops/loop-event.ts';
import { RunnerMetrics } from './runner-metrics.ts';

const sourceId = 'src_shop';
const shop = 'source="src_shop",engine="postgres"';

function linesAfter(...events: LoopEvent[]): string[] {
  const metrics = new RunnerMetrics(new Map([[sourceId, 'postgres']]));
  for (const event of events) metrics.observe(event);
  return metrics
    .text()
    .split('\n')
    .map((line) => line.replace('countersign_runner_', ''));
}

test('every counter and gauge is there before anything has happened', () => {
  const lines = linesAfter();
  expect(lines).toContain(`claims_total{${shop},outcome="failed"} 0`);
  expect(lines).toContain(`jobs_total{${shop},outcome="applied"} 0`);
  expect(lines).toContain(`leases_lost_total{${shop},outcome="lapsed"} 0`);
  expect(lines).toContain('lease_renewals_total{outcome="refused"} 0');
  expect(lines).toContain(`rehearsals_total{${shop},outcome="expired"} 0`);
  expect(lines).toContain('reports_waiting 0');
  expect(lines).toContain('oldest_waiting_report_age_seconds 0');
  expect(lines).toContain(`lanes_taken{${shop}} 0`);
});

test('what the loops do is counted under the source that it was done for', () => {
  const lines = linesAfter(
    { kind: 'claim', sourceId, outcome: 'jobs', seconds: 0.02 },
    { kind: 'claim', sourceId, outcome: 'failed', seconds: 3 },
    { kind: 'apply', sourceId, seconds: 0.004 },
    { kind: 'job', sourceId, outcome: 'conflict' },
    { kind: 'lease_lost', sourceId, outcome: 'refused' },
    { kind: 'renewal', outcome: 'granted' },
    { kind: 'rehearsal', sourceId, outcome: 'done', lockHeldSeconds: 0.004 },
    { kind: 'rehearsal', sourceId, outcome: 'refused', lockHeldSeconds: undefined },
  );
  expect(lines).toContain(`claims_total{${shop},outcome="jobs"} 1`);
  expect(lines).toContain(`claims_total{${shop},outcome="failed"} 1`);
  expect(lines).toContain(`claim_duration_seconds_count{${shop}} 1`);
  expect(lines).toContain(`apply_duration_seconds_bucket{${shop},le="0.0025"} 0`);
  expect(lines).toContain(`apply_duration_seconds_bucket{${shop},le="0.005"} 1`);
  expect(lines).toContain(`jobs_total{${shop},outcome="conflict"} 1`);
  expect(lines).toContain(`leases_lost_total{${shop},outcome="refused"} 1`);
  expect(lines).toContain('lease_renewals_total{outcome="granted"} 1');
  expect(lines).toContain(`rehearsals_total{${shop},outcome="done"} 1`);
  expect(lines).toContain(`rehearsals_total{${shop},outcome="refused"} 1`);
  expect(lines).toContain(`rehearsal_lock_seconds_count{${shop}} 1`);
  expect(lines).toContain(`rehearsal_lock_seconds_bucket{${shop},le="0.005"} 1`);
});

test('lanes and reports are what they are at the time of asking', () => {
  const lines = linesAfter(
    { kind: 'serving', sourceId, lanes: { taken: 3, room: 5 } },
    { kind: 'reporting', reports: { waiting: 2, oldestWaitingMs: 1_500 } },
  );
  expect(lines).toContain(`lanes_taken{${shop}} 3`);
  expect(lines).toContain('reports_waiting 2');
  expect(lines).toContain('oldest_waiting_report_age_seconds 1.5');
});
