import type { SimulatedGuard } from './guard.ts';

const TENANT = 'durable-objects/tenant';

/** Guards of what bounds and decides proposals: contracts, policies, rehearsals, and who may approve what. */
export const lawGuards: readonly SimulatedGuard[] = [
  {
    name: 'the limits of policies',
    mutation: {
      file: `${TENANT}/policies/limits.ts`,
      find: '    if (value > most - used) return { ok: false, why: reached(limit, most, used) };\n',
      replace: '',
    },
    alarm: 'limits: .* came to',
    seeds: 500,
  },
  {
    name: 'the counting of what a policy approves',
    mutation: {
      file: `${TENANT}/proposals/approve-by-policy.ts`,
      find: '      counted,\n',
      replace: '      counted: [],\n',
    },
    alarm: 'limits: ',
    seeds: 200,
  },
  {
    name: 'the counters of an approval, in the fold',
    mutation: {
      file: `${TENANT}/turn/world.ts`,
      find: 'for (const put of foldRows(this.tenant, this, entry)) this.#put(put);',
      replace:
        "for (const put of foldRows(this.tenant, this, entry)) if (put.name !== 'counters') this.#put(put);",
    },
    alarm: 'fold: ',
    seeds: 200,
  },
  {
    name: 'the transitions of a state that a runner has seen',
    mutation: {
      file: `${TENANT}/rehearsals/after-rehearsal.ts`,
      find: 'const refusal = checkTransitions(inForce.capability, before, request.patch);',
      replace: 'const refusal = undefined as ReturnType<typeof checkTransitions>;',
    },
    alarm: 'approvals: .* transition_not_allowed',
    seeds: 2_000,
  },
  {
    name: 'the fit of a complete change set',
    mutation: {
      file: `${TENANT}/proposals/submit-proposal.ts`,
      find: 'checkFit(inForce.contract, reference, changeSet) ?? ',
      replace: '',
    },
    alarm: 'approvals: .* approves what is',
    seeds: 600,
  },
  {
    name: 'the contract in force, when somebody approves',
    mutation: {
      file: `${TENANT}/proposals/decide-proposal.ts`,
      find: 'if (body.contract === null || isInForce) return undefined;',
      replace: 'if (body.contract === null || !isInForce || isInForce) return undefined;',
    },
    alarm: 'approvals: .* not in force',
    seeds: 600,
  },
  {
    name: 'the contract in force, when a rehearsal has ended',
    mutation: {
      file: `${TENANT}/rehearsals/after-rehearsal.ts`,
      find: 'if (!found.ok || found.inForce.reference.digest !== body.contract.digest) {',
      replace: 'if (!found.ok) {',
    },
    alarm: 'approvals: .* is proposed under',
    seeds: 3_000,
  },
  {
    name: 'the separation of duty',
    mutation: {
      file: `${TENANT}/proposals/separation-of-duty.ts`,
      find: 'if (!isProposer && !isIssuer && !isPrincipal(row, identity)) return undefined;',
      replace: 'if (!isProposer || issuer !== null) return undefined;',
    },
    alarm: 'approvals: .* what they proposed',
    seeds: 1_000,
  },
  {
    name: 'that a quorum counts people',
    mutation: {
      file: `${TENANT}/proposals/decide-proposal.ts`,
      find: "  if (hasApproved && ask.verdict === 'approved') return unchanged(decidedByYou(row));\n",
      replace: '',
    },
    alarm: 'approvals: .* approved twice',
    seeds: 1_000,
  },
  {
    name: 'that a question waits for its answer',
    mutation: {
      file: `${TENANT}/proposals/decide-proposal.ts`,
      find: "if (row.state === 'changes_requested') {",
      replace: 'if (row.state !== row.state) {',
    },
    alarm: 'approvals: .* asked about',
    seeds: 1_000,
  },
  {
    name: 'a question that a fresh look does not answer',
    mutation: {
      file: `${TENANT}/proposals/fold-proposal.ts`,
      find: "return state === 'changes_requested' ? state : 'pending_review';",
      replace: "return state === 'rehearsing' ? 'pending_review' : 'pending_review';",
    },
    alarm: 'approvals: .* asked about',
    seeds: 4_000,
  },
  {
    name: 'the effect that an approval is about',
    mutation: {
      file: `${TENANT}/proposals/decide-proposal.ts`,
      find: 'if (ask.effectDigest !== null && ask.effectDigest !== decisionDigest(row)) {',
      replace: 'if (ask.effectDigest !== null && ask.effectDigest === undefined) {',
    },
    alarm: 'answers: decide: ',
    seeds: 600,
  },
  {
    name: 'the end of a proposal whose row is not there',
    mutation: {
      file: `${TENANT}/rehearsals/after-rehearsal.ts`,
      find: "  if (report?.status === 'row_not_found') return [refusedBy(row, noSuchRow(body))];\n",
      replace: '',
    },
    alarm: 'rehearsals: .* found no row',
    seeds: 600,
  },
  {
    name: 'the end of the time of a rehearsal',
    mutation: {
      file: `${TENANT}/rehearsals/report-rehearsal.ts`,
      find: ' || rehearsal.until < now',
      replace: '',
    },
    alarm: 'rehearsals: .* too late',
    seeds: 1_000,
  },
  {
    name: 'the lease of a rehearsal',
    mutation: {
      file: `${TENANT}/rehearsals/report-rehearsal.ts`,
      find: "  if (rehearsal.runner_id !== runner_id) return refuse('lease_foreign', 'another runner has this rehearsal');\n",
      replace: '',
    },
    alarm: 'rehearsals: .* another runner',
    seeds: 600,
  },
  {
    name: 'the alarm for a rehearsal that nobody takes',
    mutation: {
      file: `${TENANT}/turn/deadlines.ts`,
      find: '(timed.has(lane) || rehearsalLaneOf(lane) !== undefined)',
      replace: 'timed.has(lane)',
    },
    alarm: 'liveness: ',
    seeds: 200,
  },
  {
    name: 'the keys of requests by capability',
    mutation: {
      file: `${TENANT}/idempotency/recall.ts`,
      find: "(['propose', 'request', 'revise', 'send-back', 'look'] as const)",
      replace: "(['propose', 'revise', 'send-back', 'look'] as const)",
    },
    alarm: 'answers: ',
    seeds: 200,
  },
  {
    name: 'the end of the time to decide, after a rehearsal',
    mutation: {
      file: `${TENANT}/rehearsals/after-rehearsal.ts`,
      find: '  if (row.expires_at <= now) return [expireProposal(row)];\n',
      replace: '',
    },
    alarm: 'rehearsals: .* has expired',
    seeds: 1_000,
  },
];
