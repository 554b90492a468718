import type { ProposalDetail } from '@countersign/client/proposal-detail';
import { type GuardedUpdate, guardedUpdateSchema } from '@countersign/protocol/change-set/guarded-update';
import { checkFit } from '@countersign/protocol/contract/check-fit';
import type { AgentContract } from '@countersign/protocol/contract/contract-document';
import type { ProposeRequest } from '@countersign/protocol/proposal-requests';

/** The change that puts a row back as it was before an applied one. */
export type Reverse =
  | {
      readonly ok: true;
      /** Without the words of whoever asks for it. */
      readonly request: Omit<ProposeRequest, 'reason'>;
    }
  | { readonly ok: false; readonly refusedBecause: string };

/** What the contract in force is, for the capabilities that could write the old values. */
export interface InForce {
  readonly contract: AgentContract;
  readonly digest: string;
}

/**
 * Drafts the reverse of an applied proposal: before and after swapped, and only while the row is at the version that
 * the write left. It goes by the capability of the proposal where that allows it, else by another of the contract.
 */
export function reverseOf(detail: ProposalDetail, { contract, digest }: InForce): Reverse {
  const { data: applied } = guardedUpdateSchema.safeParse(detail.change_set);
  const { source_id } = detail;
  if (applied === undefined || source_id == null)
    return refused(
      'Only a plain update of one row is undone here. Another change is taken back by the runner that wrote it, as a proposal of its own.',
    );
  const version = versionAfter(detail, applied);
  if (version === undefined) return refused('The receipt does not say which version the write left.');
  const unknown = Object.keys(applied.patch).find((column) => !Object.hasOwn(applied.before, column));
  if (unknown !== undefined) return refused(`The record does not say what ${unknown} was before.`);
  const names = [applied.action, ...contract.capabilities.map(({ name }) => name)];
  const drafts = [...new Set(names)].map((action) => draftOf(detail, applied, version, action));
  const fitting = drafts.find((draft) => checkFit(contract, { digest }, draft) === undefined);
  if (fitting !== undefined) return { ok: true, request: { source_id, change_set: sentOf(fitting) } };
  const [own] = drafts;
  const why = own === undefined ? undefined : checkFit(contract, { digest }, own)?.message;
  return refused(
    `No capability of the contract in force would write the old values. ${applied.action}: ${why ?? 'it does not fit'}.`,
  );
}

/** As the version was written before: a number where it is one that a number can hold. */
function versionAfter({ result }: ProposalDetail, { guards }: GuardedUpdate): string | number | undefined {
  const left = result?.result_version;
  if (typeof left !== 'string' && typeof left !== 'number') return undefined;
  const isNumber = typeof guards.expected_version.value === 'number' && Number.isSafeInteger(Number(left));
  return isNumber ? Number(left) : String(left);
}

function draftOf(
  { approvals }: ProposalDetail,
  applied: GuardedUpdate,
  version: string | number,
  action: string,
): GuardedUpdate {
  const { column } = applied.guards.expected_version;
  const isShown = Object.hasOwn(applied.before, column);
  const before = { ...applied.after, ...(isShown ? { [column]: version } : {}) };
  const patch = Object.fromEntries(
    Object.keys(applied.patch).map((name) => [name, applied.before[name] ?? null]),
  );
  const role = approvals?.required_role;
  const { contract: _contract, freshness: _freshness, ...rest } = applied;
  return {
    ...rest,
    proposal_version: 1,
    action,
    mode: 'review_required',
    before,
    patch,
    after: { ...before, ...patch },
    guards: {
      ...applied.guards,
      allowed_columns: Object.keys(patch),
      expected_version: { column, value: version },
    },
    // Asked for by name, people decide, also where a policy could.
    approval: { status: 'pending', ...(role == null ? {} : { required_role: role }) },
    writeback: { status: 'not_applied', mode: 'trusted_worker_required' },
  };
}

/** What the plane says itself is left away. */
function sentOf(draft: GuardedUpdate): ProposeRequest['change_set'] {
  const { created_at, evidence, integrity, principal, proposal_id, ...sent } = draft;
  return sent;
}

function refused(refusedBecause: string): Reverse {
  return { ok: false, refusedBecause };
}
