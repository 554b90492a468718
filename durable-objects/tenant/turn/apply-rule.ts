import type { Identity } from '../access/identity.ts';
import { enforcePermissionRules, savePermissionRules } from '../access/save-permission-rules.ts';
import { type ActionAsk, isAboutActions } from '../actions/action-asks.ts';
import { applyActionRule } from '../actions/apply-action-rule.ts';
import { exchangeBootstrap } from '../bootstrap/exchange-bootstrap.ts';
import { refusalOfSetUp } from '../bootstrap/set-up.ts';
import { activateContract } from '../contracts/activate-contract.ts';
import { pushContract } from '../contracts/push-contract.ts';
import { activateControl, retireControl } from '../control/activate-control.ts';
import { saveControl } from '../control/save-control.ts';
import { allowOrigin, denyOrigin } from '../cors/change-origins.ts';
import { issueCredential } from '../credentials/issue-credential.ts';
import { revokeCredential } from '../credentials/revoke-credential.ts';
import { rotateCredential } from '../credentials/rotate-credential.ts';
import { requestExport } from '../exports/request-export.ts';
import { liftFreeze } from '../freezes/lift-freeze.ts';
import { emergencyStop, placeFreeze } from '../freezes/place-freeze.ts';
import { claim } from '../jobs/claim-jobs.ts';
import { release } from '../jobs/release-lease.ts';
import { renew } from '../jobs/renew-lease.ts';
import { report } from '../jobs/report-result.ts';
import { settleDeadLetter } from '../jobs/settle-dead-letter.ts';
import { sweep } from '../jobs/sweep-due.ts';
import { noteLimit } from '../limits/note-limit.ts';
import { isAboutPeople } from '../members/about-people.ts';
import { acceptInvitation } from '../members/accept-invitation.ts';
import { invite } from '../members/invite.ts';
import { removeMember } from '../members/remove-member.ts';
import { revokeInvitation } from '../members/revoke-invitation.ts';
import { saveClaimsMapping } from '../members/save-claims-mapping.ts';
import { setRoles } from '../members/set-roles.ts';
import { activatePolicy, retirePolicy, savePolicy } from '../policies/save-policy.ts';
import { revokeSession } from '../project/revoke-session.ts';
import { cancel } from '../proposals/cancel-proposal.ts';
import { decide } from '../proposals/decide-proposal.ts';
import { requestChange } from '../proposals/request-change.ts';
import { revise } from '../proposals/revise-proposal.ts';
import { sendBack } from '../proposals/send-back.ts';
import { propose, submit } from '../proposals/submit-proposal.ts';
import { askLook } from '../rehearsals/ask-look.ts';
import { claimRehearsals } from '../rehearsals/claim-rehearsals.ts';
import { reportRehearsal } from '../rehearsals/report-rehearsal.ts';
import { archiveRunner, drainRunner } from '../runners/drain-runner.ts';
import { recordActivity } from '../runners/record-activity.ts';
import { register } from '../runners/register-runner.ts';
import { takeHeartbeat } from '../runners/take-heartbeat.ts';
import { applyRunRule } from '../runs/apply-run-rule.ts';
import { isAboutRuns, type RunAsk } from '../runs/run-asks.ts';
import type { Ask } from './command.ts';
import { type Outcome, unchanged } from './outcome.ts';
import type { World } from './world.ts';

/** The rule for each thing that can be asked: a pure function of the rows, the request, who asks, and the time. */
export function applyRule(world: World, ask: Ask, identity: Identity, now: number): Outcome {
  if (isAboutActions(ask)) return applyActionRule(world, ask, identity, now);
  if (isAboutRuns(ask)) return applyRunRule(world, ask, identity, now);
  const refusal = isAboutPeople(ask) ? refusalOfSetUp(world, identity) : undefined;
  if (refusal !== undefined) return unchanged({ ok: false, refusal });
  return applyWorkRule(world, ask, identity, now);
}

function applyWorkRule(
  world: World,
  ask: Exclude<Ask, ActionAsk | RunAsk>,
  identity: Identity,
  now: number,
): Outcome {
  switch (ask.type) {
    case 'propose':
      return propose(world, ask, identity, now);
    case 'submit':
      return submit(world, ask, identity, now);
    case 'decide':
      return decide(world, ask, identity, now);
    case 'cancel':
      return cancel(world, ask, identity, now);
    case 'request':
      return requestChange(world, ask, identity, now);
    case 'revise':
      return revise(world, ask, identity, now);
    case 'send-back':
      return sendBack(world, ask, identity, now);
    case 'look':
      return askLook(world, ask, identity, now);
    case 'claim-rehearsals':
      return claimRehearsals(world, ask, identity, now);
    case 'report-rehearsal':
      return reportRehearsal(world, ask, identity, now);
    case 'push-contract':
      return pushContract(world, ask, identity, now);
    case 'activate-contract':
      return activateContract(world, ask, identity, now);
    case 'save-policy':
      return savePolicy(world, ask, identity, now);
    case 'activate-policy':
      return activatePolicy(world, ask, identity, now);
    case 'retire-policy':
      return retirePolicy(world, ask, identity, now);
    case 'save-control':
      return saveControl(world, ask, identity, now);
    case 'activate-control':
      return activateControl(world, ask, identity, now);
    case 'retire-control':
      return retireControl(world, ask, identity, now);
    case 'place-freeze':
      return placeFreeze(world, ask, identity, now);
    case 'emergency-stop':
      return emergencyStop(world, ask, identity, now);
    case 'lift-freeze':
      return liftFreeze(world, ask, identity);
    case 'drain-runner':
      return drainRunner(world, ask, identity);
    case 'archive-runner':
      return archiveRunner(world, ask, identity);
    case 'save-permission-rules':
      return savePermissionRules(world, ask, identity, now);
    case 'enforce-permission-rules':
      return enforcePermissionRules(world, ask, identity, now);
    case 'claim':
      return claim(world, ask, identity, now);
    case 'renew':
      return renew(world, ask, identity, now);
    case 'release':
      return release(world, ask, identity, now);
    case 'report':
      return report(world, ask, identity, now);
    case 'requeue':
    case 'discard':
      return settleDeadLetter(world, ask, identity, now);
    case 'register':
      return register(world, ask, identity, now);
    case 'heartbeat':
      return takeHeartbeat(world, ask, identity, now);
    case 'record':
      return recordActivity(world, ask, identity, now);
    case 'set-roles':
      return setRoles(world, ask, identity, now);
    case 'remove-member':
      return removeMember(world, ask, identity, now);
    case 'invite':
      return invite(world, ask, identity, now);
    case 'revoke-invitation':
      return revokeInvitation(world, ask, identity, now);
    case 'accept-invitation':
      return acceptInvitation(world, ask, identity, now);
    case 'save-claims-mapping':
      return saveClaimsMapping(world, ask, identity);
    case 'issue-credential':
      return issueCredential(world, ask, identity, now);
    case 'rotate-credential':
      return rotateCredential(world, ask, identity, now);
    case 'revoke-credential':
      return revokeCredential(world, ask, identity, now);
    case 'bootstrap':
      return exchangeBootstrap(world, ask, now);
    case 'allow-origin':
      return allowOrigin(world, ask, identity);
    case 'deny-origin':
      return denyOrigin(world, ask, identity);
    case 'revoke-session':
      return revokeSession(world, ask, identity, now);
    case 'request-export':
      return requestExport(world, ask, identity, now);
    case 'note-limit':
      return noteLimit(world, ask, now);
    case 'sweep':
      return sweep(world, now);
  }
}
