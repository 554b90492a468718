import { foldAction } from '../actions/fold-action.ts';
import { foldTarget } from '../actions/fold-target.ts';
import { foldBootstrap } from '../bootstrap/fold-bootstrap.ts';
import { foldContract } from '../contracts/fold-contract.ts';
import { foldControl, noteControlChange } from '../control/fold-control.ts';
import { foldCors } from '../cors/fold-cors.ts';
import { foldCredential } from '../credentials/fold-credential.ts';
import { foldFreezes } from '../freezes/fold-freezes.ts';
import { foldLimits } from '../limits/fold-limits.ts';
import { foldClaims } from '../members/fold-claims.ts';
import { foldMember } from '../members/fold-member.ts';
import { countUp } from '../policies/count-up.ts';
import { foldPolicy } from '../policies/fold-policy.ts';
import { foldSessions } from '../project/fold-sessions.ts';
import { foldTenant } from '../project/fold-tenant.ts';
import { foldRunner } from '../runners/fold-runner.ts';
import { foldRun } from '../runs/fold-run.ts';
import type { Placed } from './event.ts';
import type { Put, RowReader } from './keyed-tables.ts';

/** The rows, besides a proposal's own, after an entry. A function of the rows before and the entry alone. */
export function foldRows(tenant: string, rows: RowReader, entry: Placed): readonly Put[] {
  return [...foldSubject(tenant, rows, entry), ...noteControlChange(tenant, rows, entry)];
}

function foldSubject(tenant: string, rows: RowReader, entry: Placed): readonly Put[] {
  const noun = entry.subject.split('/', 1)[0];
  switch (noun) {
    case 'runner':
      return foldRunner(tenant, rows, entry);
    case 'contract':
      return foldContract(tenant, rows, entry);
    case 'setting':
      return foldSetting(tenant, rows, entry);
    case 'policy':
      return foldPolicy(tenant, rows, entry);
    case 'member':
    case 'invitation':
      return foldMember(tenant, rows, entry);
    case 'action':
      return foldAction(tenant, rows, entry);
    case 'target':
      return foldTarget(tenant, rows, entry);
    case 'run':
      return foldRun(tenant, rows, entry);
    case 'control':
      return foldControl(tenant, rows, entry);
    case 'tenant':
    case 'source':
      return foldTenant(tenant, entry);
    case 'credential':
      return foldCredential(tenant, rows, entry);
    default:
      return countUp(tenant, rows, entry);
  }
}

function foldSetting(tenant: string, rows: RowReader, entry: Placed): readonly Put[] {
  switch (entry.type) {
    case 'claims.saved':
      return foldClaims(tenant, entry);
    case 'session.revoked':
      return foldSessions(tenant, rows, entry);
    case 'bootstrap.exchanged':
    case 'bootstrap.reopened':
      return foldBootstrap(tenant, rows, entry);
    case 'cors.allowed':
    case 'cors.denied':
      return foldCors(tenant, rows, entry);
    case 'limit.neared':
      return foldLimits(tenant, rows, entry);
    case 'tenant.restored':
      return foldFreezes(tenant, rows, entry);
    default:
      if (entry.type.startsWith('freeze.')) return foldFreezes(tenant, rows, entry);
      return foldPolicy(tenant, rows, entry);
  }
}
