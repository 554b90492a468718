import { unfoldedFrom, unfoldedPage } from '../restore/unfolded-rows.ts';
import type { LookOf } from '../turn/command.ts';
import { answer } from '../turn/reply.ts';
import type { LookPlan } from './look.ts';

export function exportRows(tenant: string, { mark }: LookOf<'export-rows'>): LookPlan {
  return {
    statements: [unfoldedPage(tenant, mark)],
    answer: ([rows = []], { head }) => {
      const { hash, seq, turn } = head;
      return answer({ ok: true, ...unfoldedFrom(mark.table, rows), head: { seq, hash, turn } });
    },
  };
}
