import { answer } from '../turn/reply.ts';
import type { LookPlan } from './look.ts';
import { time } from './proposal-view.ts';
import { workHistory } from './work-history.ts';

/** So many entries of the end are looked at, whatever they tell of. */
const LOOKED_AT = 2_000;

/** How work went lately, in numbers: from the end of the ledger, without anything that an entry holds but how a write ended. */
export function engineHistory(tenant: string, now: number): LookPlan {
  const end = '(SELECT h.seq FROM heads h WHERE h.tenant = ?1)';
  const sql =
    `SELECT l.at, l.type, l.subject, CASE l.type WHEN 'writeback.result' THEN json_extract(l.body, '$.result.status') END AS status ` +
    `FROM ledger l WHERE l.tenant = ?1 AND l.seq > ${end} - ?2 ORDER BY l.seq`;
  return {
    statements: [{ sql, params: [tenant, LOOKED_AT] }],
    answer: ([rows = []]) => {
      const happenings = rows.map(({ at, status, subject, type }) => ({
        at: Number(at),
        type: String(type),
        subject: String(subject),
        status: status === null ? null : String(status),
      }));
      const since = happenings[0]?.at ?? now;
      return answer({
        ok: true,
        entries: happenings.length,
        since: time(since),
        until: time(now),
        ...workHistory(happenings, since, now),
      });
    },
  };
}
