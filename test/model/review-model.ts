import { INVOICE } from '../support/change-set.ts';
import { LEADS, needsOf, SMALL, SMALL_A_DAY, SMALL_FEE } from './law.ts';
import {
  done,
  type Expected,
  isLookedAt,
  isUndecided,
  type Need,
  type Proposal,
  refused,
} from './proposal.ts';
import type { Taken } from './transitions.ts';

const LOOK_MS = 10_000;
const DAY_MS = 86_400_000;

/** A look at a row that was given to a runner; it may have been overtaken since. */
export interface LookLease {
  readonly proposal: Proposal;
  readonly number: number;
  readonly id: string;
  readonly runner: string;
}
/** What a runner says of a row: the version that it has, or why it saw none. */
export type Sight = { readonly version: number } | 'row_not_found' | 'failed';

/** The rules from a proposal's beginning to the decision about it. */
export abstract class ReviewModel {
  now = 0;
  readonly proposals: Proposal[] = [];
  readonly looks: LookLease[] = [];
  readonly #taken: Taken;
  /** How often the policy has approved, by day. */
  readonly #small = new Map<number, number>();

  constructor(taken: Taken) {
    this.#taken = taken;
  }

  propose(
    facts: Pick<Proposal, 'proposer' | 'isWritable'>,
    needs: readonly Need[],
    lifetime: number,
  ): Proposal {
    return this.#begin({ ...facts, asked: undefined, needs, seen: 0 }, 'pending_review', lifetime);
  }

  request(proposer: string, capability: string, fee: number, lifetime: number): Proposal {
    const asked = { capability, fee };
    const facts = { proposer, asked, isWritable: false, needs: [], seen: undefined };
    const proposal = this.#begin(facts, 'rehearsing', lifetime);
    this.#ask(proposal);
    return proposal;
  }

  /** `effect` is what the decision names: the right one, another, or none. */
  decide(
    proposal: Proposal,
    who: string,
    verdict: 'approved' | 'rejected',
    effect: 'right' | 'other' | 'none',
  ): Expected {
    if (proposal.state === 'expired') return refused('proposal_expired');
    if (!isUndecided(proposal)) return refused('proposal_already_decided');
    const hasSpoken = proposal.words.some((word) => word.who === who);
    if (hasSpoken && verdict === 'approved') return refused('proposal_already_decided');
    if (proposal.expiresAt <= this.now) {
      this.become(proposal, 'expired');
      return refused('proposal_expired');
    }
    if (effect === 'other') return refused('decision_outdated');
    const refusal = verdict === 'approved' ? this.#refusalOf(proposal, who, effect) : undefined;
    if (refusal !== undefined) return refusal;
    proposal.words.push({ who, verdict });
    if (verdict === 'rejected') this.become(proposal, 'rejected');
    else if (open(proposal).length > 0) this.become(proposal, 'pending_review');
    else this.#approve(proposal);
    return done();
  }

  sendBack(proposal: Proposal, effect: 'right' | 'other'): Expected {
    if (proposal.state !== 'pending_review') return refused('proposal_already_decided');
    if (proposal.expiresAt <= this.now) return refused('proposal_expired');
    if (effect === 'other') return refused('decision_outdated');
    this.become(proposal, 'changes_requested');
    return done();
  }

  askLook(proposal: Proposal): Expected {
    if (proposal.state !== 'pending_review' && proposal.state !== 'changes_requested')
      return refused('proposal_already_decided');
    if (!isLookedAt(proposal)) this.#ask(proposal);
    return done();
  }

  /** Another effect, or, without a fee, a mere answer. */
  revise(proposal: Proposal, who: string, fee: number | undefined): Expected {
    if (proposal.proposer !== who) return refused('proposal_not_found');
    if (!isUndecided(proposal)) return refused('proposal_not_revisable');
    if (proposal.expiresAt <= this.now) return refused('proposal_expired');
    if (fee === undefined) {
      if (proposal.state !== 'changes_requested') return refused('proposal_not_revisable');
      this.become(proposal, 'pending_review');
      return done();
    }
    if (proposal.asked === undefined) return refused('proposal_not_revisable');
    proposal.asked.fee = fee;
    proposal.version += 1;
    proposal.seen = undefined;
    proposal.words = [];
    proposal.needs = [];
    proposal.isWritable = false;
    this.become(proposal, 'rehearsing');
    this.#ask(proposal);
    return done(201);
  }

  /** The looks that a runner gets; their leases become known with the answer. */
  takeLooks(limit: number): Proposal[] {
    return this.proposals
      .filter((one) => isUndecided(one) && one.look?.status === 'asked' && one.look.until > this.now)
      .sort((a, b) => (a.look?.until ?? 0) - (b.look?.until ?? 0) || a.place - b.place)
      .slice(0, limit);
  }

  leaseLook(proposal: Proposal, id: string, runner: string): void {
    if (proposal.look === null) return;
    proposal.look.status = 'leased';
    proposal.look.lease = { id, runner };
    this.looks.push({ proposal, number: proposal.look.number, id, runner });
  }

  reportLook({ proposal, number, id }: LookLease, runner: string, sight: Sight): Expected {
    const { look } = proposal;
    if (look === null || look.number !== number || look.lease?.id !== id) return refused('lease_unknown');
    if (look.lease.runner !== runner) return refused('lease_foreign');
    if (look.status !== 'leased' || !isUndecided(proposal)) return refused('lease_lost');
    look.status = 'over';
    if (proposal.expiresAt <= this.now) this.become(proposal, 'expired');
    else if (proposal.seen === undefined) this.#seenFirst(proposal, sight);
    else if (proposal.asked !== undefined && isVersion(sight) && sight.version !== proposal.seen) {
      proposal.version += 1;
      this.#submit(proposal, sight.version);
    } else if (proposal.asked === undefined) {
      proposal.hasDrifted = isVersion(sight) && sight.version !== INVOICE.version;
    }
    return done();
  }

  /** What the clock does to what is not decided. */
  protected review(proposal: Proposal): void {
    if (!isUndecided(proposal)) return;
    const { look } = proposal;
    if (look !== null && isLookedAt(proposal) && look.until <= this.now) {
      look.status = 'over';
      if (proposal.seen === undefined && proposal.expiresAt > this.now) this.#goOnUnseen(proposal);
    }
    if (!isLookedAt(proposal) && proposal.expiresAt <= this.now) this.become(proposal, 'expired');
  }

  protected become(proposal: Proposal, state: Proposal['state']): void {
    this.#taken.count('proposal', proposal.state, state);
    proposal.state = state;
  }

  protected abstract queue(proposal: Proposal): void;

  #begin(
    facts: Pick<Proposal, 'proposer' | 'asked' | 'isWritable' | 'needs' | 'seen'>,
    state: Proposal['state'],
    lifetime: number,
  ): Proposal {
    const proposal: Proposal = {
      ...facts,
      place: this.proposals.length,
      id: '',
      state,
      expiresAt: this.now + lifetime,
      version: 1,
      look: null,
      hasDrifted: false,
      words: [],
      job: null,
      queuedAt: 0,
      notBefore: null,
      attempt: 0,
      charged: 0,
      lease: null,
      result: null,
    };
    this.proposals.push(proposal);
    this.#taken.count('proposal', null, state);
    return proposal;
  }

  #ask(proposal: Proposal): void {
    const number = (proposal.look?.number ?? 0) + 1;
    proposal.look = { number, until: this.now + LOOK_MS, status: 'asked', lease: null };
    proposal.hasDrifted = false;
  }

  #refusalOf(proposal: Proposal, who: string, effect: 'right' | 'none'): Expected | undefined {
    if (effect === 'none' && proposal.look !== null) return refused('effect_digest_required');
    if (proposal.proposer === who) return refused('separation_of_duty');
    const mayHelp = open(proposal).some(({ role }) => role === null || LEADS.includes(who));
    if (!mayHelp) return refused('approval_role_required');
    if (proposal.state === 'changes_requested' || proposal.hasDrifted) return refused('decision_outdated');
    return proposal.seen === undefined ? refused('look_required') : undefined;
  }

  #seenFirst(proposal: Proposal, sight: Sight): void {
    if (sight === 'row_not_found') this.become(proposal, 'rejected');
    else if (sight === 'failed') this.#goOnUnseen(proposal);
    else this.#submit(proposal, sight.version);
  }

  #goOnUnseen(proposal: Proposal): void {
    proposal.needs = needsOf(proposal.asked?.capability ?? '');
    this.#toReview(proposal);
  }

  /** There is an exact change; and a policy, where there is one and it has not had enough, decides at once. */
  #submit(proposal: Proposal, version: number): void {
    const { asked } = proposal;
    proposal.seen = version;
    proposal.words = [];
    proposal.isWritable = true;
    proposal.needs = needsOf(asked?.capability ?? '');
    const wasQuestioned = proposal.state === 'changes_requested';
    this.#toReview(proposal);
    const day = Math.floor(this.now / DAY_MS);
    const used = this.#small.get(day) ?? 0;
    const isSmall = asked?.capability === SMALL && asked.fee <= SMALL_FEE && used < SMALL_A_DAY;
    if (!isSmall || wasQuestioned) return;
    this.#small.set(day, used + 1);
    this.#approve(proposal);
  }

  /** A question stays open until its answer. */
  #toReview(proposal: Proposal): void {
    if (proposal.state !== 'changes_requested') this.become(proposal, 'pending_review');
  }

  #approve(proposal: Proposal): void {
    this.become(proposal, 'approved');
    if (proposal.isWritable) this.queue(proposal);
  }
}

/** What still has to be approved, and by whom. While nobody has seen the row, anyone may be the one. */
function open({ needs, words }: Proposal): Need[] {
  const approving = words.filter(({ verdict }) => verdict === 'approved');
  const all = needs.length === 0 ? [{ role: null, approvals: 1 }] : needs;
  return all.filter(({ role, approvals }) => {
    const given = approving.filter(({ who }) => role === null || LEADS.includes(who)).length;
    return given < approvals;
  });
}

function isVersion(sight: Sight): sight is { readonly version: number } {
  return typeof sight === 'object';
}
