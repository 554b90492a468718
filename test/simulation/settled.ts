import type { World } from './world.ts';

const WAITING =
  'SELECT lane, count(*) AS count, min(rank) AS first FROM proposals WHERE tenant = ?1 AND lane IS NOT NULL GROUP BY lane';
const FREEZES =
  "SELECT f.value ->> '$.freeze_id' AS freeze FROM settings s CROSS JOIN json_each(s.value, '$.freezes') f " +
  "WHERE s.tenant = ?1 AND s.name = 'freezes'";
/** Proposals that nobody decides for so long are not waited for; all nearer deadlines must be met. */
const FAR_MS = 150_000;
/** What a person must look at, whenever that is. */
const forPeople: ReadonlySet<string> = new Set(['dead', 'unknown']);

/**
 * What has not come to rest: jobs that nobody ends, deadlines that nobody sweeps, calls that nobody answers.
 * Dead letters, what nobody can tell of, and proposals that still have time to be decided may stay.
 */
export function stuckIn(world: World): string[] {
  const { host, schedule, database, customer, link } = world;
  const stuck: string[] = [];
  if (host.unanswered > 0) stuck.push(`${host.unanswered} calls without an answer`);
  if (customer.isBusy) stuck.push('a statement in the customer database');
  if (link.underWay > 0) stuck.push(`${link.underWay} batches under way`);
  if (stuck.length > 0) return stuck;
  for (const { freeze } of database.query(FREEZES)) stuck.push(`the freeze ${String(freeze)}`);
  for (const row of database.query(WAITING)) {
    const lane = String(row.lane);
    if (forPeople.has(lane) || (lane === 'review' && Number(row.first) > schedule.now + FAR_MS)) continue;
    stuck.push(
      `${String(row.count)} in lane ${lane}, the first since ${schedule.now - Number(row.first)} ms`,
    );
  }
  return stuck;
}
