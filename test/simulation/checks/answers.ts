import type { Call } from '@countersign/durable-objects/tenant/turn/command';
import type { Event } from '@countersign/durable-objects/tenant/turn/event';
import type { Reply } from '@countersign/durable-objects/tenant/turn/reply';
import { canonicalJson } from '@countersign/protocol/canonical-json';
import { proposalIdOfJob } from '@countersign/protocol/ids';
import type { LedgerEntry } from '@countersign/protocol/ledger';
import type { Answered, History, Violation } from '../history.ts';
import { jobsIn } from '../platform/leases-in.ts';

type Body = Extract<Reply, { ok: true }>['body'];

interface Facts {
  readonly history: History;
  readonly own: ReadonlyMap<string, readonly LedgerEntry[]>;
  readonly leasedAt: ReadonlyMap<unknown, number>;
}

/** No answer without its record: what an answer says stood in the ledger before the answer left. */
export function checkAnswers(history: History): Violation[] {
  const leased = history.entries.filter(({ type }) => type === 'job.leased');
  const facts: Facts = {
    history,
    own: Map.groupBy(history.entries, ({ subject }) => subject),
    leasedAt: new Map(leased.map(({ body, seq }) => [body.lease_id, seq])),
  };
  const faults = history.answers.flatMap((answered) => {
    const fault = faultOf(answered, facts);
    return fault === undefined ? [] : [`${answered.call.ask.type}: ${fault}`];
  });
  return [...faults, ...keyFaults(history)].map((detail) => ({ check: 'answers', detail }));
}

function faultOf({ call, reply, seq }: Answered, facts: Facts): string | undefined {
  if (!reply.ok) {
    return reply.refusal.code === 'internal_error'
      ? 'a fault that passes was answered as one that does not'
      : undefined;
  }
  const { body } = reply;
  const unrecorded = jobsIn(reply).find(
    ({ lease_id }) => (facts.leasedAt.get(lease_id) ?? Number.POSITIVE_INFINITY) > seq,
  );
  if (unrecorded !== undefined) return `gave out the lease ${unrecorded.lease_id}, which is not recorded`;
  if (call.ask.type === 'renew') return renewFault(body, seq, facts);
  if (call.ask.type === 'replay-proposal') return replayFault(body);
  return recordFault(call, body, seq, facts);
}

const endings: ReadonlySet<string> = new Set(['job.released', 'writeback.result']);

/** A renewal leaves no entry, but its row tells, unless a later command of the same turn ended the lease. */
function renewFault({ lease }: Body, seq: number, { history, own }: Facts): string | undefined {
  const { lease_id, expires_at } = lease as { readonly lease_id: string; readonly expires_at: string };
  const story =
    [...own.values()].find((entries) => entries.some(({ body }) => body.lease_id === lease_id)) ?? [];
  const given = story.find(({ type, body }) => type === 'job.leased' && body.lease_id === lease_id)?.seq ?? 0;
  const isEnded = story.some(({ type, seq: at }) => endings.has(type) && at > given && at <= seq);
  if (isEnded) return undefined;
  const until = history.leases.get(lease_id)?.until ?? 0;
  return Date.parse(expires_at) > until
    ? `promised ${lease_id} until ${expires_at}, which no row says`
    : undefined;
}

function replayFault({ integrity }: Body): string | undefined {
  return (integrity as { readonly ok: boolean }).ok ? undefined : 'a chain that does not verify was shown';
}

function recordFault(call: Call, body: Body, seq: number, { history, own }: Facts): string | undefined {
  const wanted = recordOf(call, body);
  const named = body.ledger_seq;
  if (wanted === undefined || typeof named !== 'number') return undefined;
  const entry = history.entries[named - 1];
  if (entry === undefined || named > seq) return `names entry ${named}, but only ${seq} stood`;
  const subject = subjectOf(body) ?? entry.subject;
  if (entry.subject !== subject) return `entry ${named} is about ${entry.subject}, not ${subject}`;
  const isThere = own.get(subject)?.some((other) => other.seq <= named && wanted(other)) ?? false;
  return isThere ? undefined : `up to entry ${named} nothing about ${subject} says so`;
}

function subjectOf({ proposal_id, job_id }: Body): string | undefined {
  if (typeof proposal_id === 'string') return proposal_id;
  return typeof job_id === 'string' ? proposalIdOfJob(job_id) : undefined;
}

/** Which entry makes a good answer to this true; undefined for what is no fact. */
function recordOf({ ask, caller }: Call, body: Body): ((entry: LedgerEntry) => boolean) | undefined {
  switch (ask.type) {
    case 'propose':
    case 'submit':
      return ({ type }) => type === 'proposal.submitted';
    case 'request':
      return ({ type }) => type === 'proposal.requested';
    case 'revise':
      return ({ type }) =>
        type === (ask.request.args === undefined ? 'proposal.answered' : 'proposal.revised');
    case 'send-back':
      return ({ type }) => type === 'proposal.sent_back';
    case 'look':
      return ({ type }) => type === 'proposal.look_asked';
    case 'report-rehearsal':
      return ({ type }) => type === 'rehearsal.reported';
    case 'decide':
      return ({ type, actor, body: said }) =>
        caller.kind === 'person' &&
        actor.id === caller.person &&
        decisionTypes[ask.verdict].includes(type) &&
        (ask.effectDigest === null || said.effect_digest === ask.effectDigest);
    case 'cancel':
      return ({ type, body: said }) =>
        type === 'proposal.canceled' || type === 'job.discarded' || resultOf(said) === 'canceled';
    case 'release':
      return ({ type, body: said }) => type === 'job.released' && said.lease_id === ask.request.lease_id;
    case 'requeue':
    case 'discard':
      return ({ type }) => type === (ask.type === 'requeue' ? 'job.requeued' : 'job.discarded');
    case 'record':
      return ({ body: said }) => canonicalJson(said) === canonicalJson(ask.request);
    case 'report':
      return body.status === 'leased'
        ? undefined
        : ({ type, body: said }) => type === 'writeback.result' && resultOf(said) === body.status;
    default:
      return undefined;
  }
}

const decisionTypes: Record<'approved' | 'rejected', readonly string[]> = {
  approved: ['proposal.approval_recorded', 'proposal.approved'],
  rejected: ['proposal.rejected'],
};

function resultOf(body: LedgerEntry['body']): string | undefined {
  return (body as Partial<Extract<Event, { type: 'writeback.result' }>['body']>).result?.status;
}

const begins: ReadonlySet<string> = new Set(['proposal.submitted', 'proposal.requested']);

function isProposing({ ask }: Call): boolean {
  return ask.type === 'propose' || ask.type === 'request';
}

/** The same key gives the first answer again, and has its effect once; without a key, once each time it was asked. */
function keyFaults({ answers, entries, asked }: History): string[] {
  const first = new Map<string, string>();
  const faults: string[] = [];
  for (const { call, reply } of answers) {
    if (!isProposing(call) || call.key === null || !reply.ok) continue;
    const text = canonicalJson(reply.body);
    const known = first.get(call.key.key) ?? text;
    if (known !== text) faults.push(`${call.ask.type}: the key ${call.key.key} gave two answers`);
    first.set(call.key.key, known);
  }
  const begun = entries.filter(({ type, prev_subject_seq }) => begins.has(type) && prev_subject_seq === null);
  for (const [reason, { length }] of Map.groupBy(begun, ({ body }) => String(body.reason))) {
    const isKeyed = first.has(`propose ${reason}`) || first.has(`request ${reason}`);
    const most = isKeyed ? 1 : asked.get(reason);
    if (most !== undefined && length > most)
      faults.push(`propose: ${reason} was asked ${most} times and had ${length} effects`);
  }
  return faults;
}
