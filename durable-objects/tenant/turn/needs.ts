import { proposalIdOfJob } from '@countersign/protocol/ids';
import type { Caller, Command } from './command.ts';

/** The rows that a command's rule may look at. A turn fetches the union of its commands' needs in one batch. */
export interface Needs {
  readonly members: Set<string>;
  readonly credentials: Set<string>;
  readonly sources: Set<string>;
  readonly runners: Set<string>;
  readonly proposals: Set<string>;
  /** Proposals whose change set may have to go out as a job in this turn. */
  readonly submissions: Set<string>;
  readonly entries: Set<string>;
  readonly keys: Set<string>;
  readonly events: Map<string, readonly [runnerId: string, eventId: string]>;
  /** How many queued jobs of each source. */
  readonly queue: Map<string, number>;
  /** Rows whose time has come, and the first of each lane whose time has not. */
  due: boolean;
}

export function noNeeds(): Needs {
  return {
    members: new Set(),
    credentials: new Set(),
    sources: new Set(),
    runners: new Set(),
    proposals: new Set(),
    submissions: new Set(),
    entries: new Set(),
    keys: new Set(),
    events: new Map(),
    queue: new Map(),
    due: false,
  };
}

export function needsOf(commands: readonly Command[]): Needs {
  const needs = noNeeds();
  for (const command of commands) {
    addCaller(needs, command.caller);
    addAsk(needs, command);
  }
  return needs;
}

export function addCaller(needs: Needs, caller: Caller): void {
  if (caller.kind === 'person') needs.members.add(caller.person);
  else if (caller.kind !== 'system') needs.credentials.add(caller.credentialId);
}

function addAsk(needs: Needs, { ask, key }: Command): void {
  switch (ask.type) {
    case 'propose':
    case 'submit': {
      const { source_id, change_set } = ask.request;
      needs.sources.add(source_id);
      if (change_set.proposal_id !== undefined) needs.proposals.add(change_set.proposal_id);
      if (key !== null) needs.keys.add(key.key);
      return;
    }
    case 'decide':
      needs.submissions.add(ask.proposalId);
      return;
    case 'cancel':
      needs.proposals.add(ask.proposalId);
      return;
    case 'claim':
      needs.sources.add(ask.request.source_id);
      needs.runners.add(ask.request.runner_id);
      needs.queue.set(
        ask.request.source_id,
        (needs.queue.get(ask.request.source_id) ?? 0) + ask.request.limit,
      );
      return;
    case 'renew':
      addJob(needs.proposals, ask.jobId);
      needs.runners.add(ask.request.runner_id);
      return;
    case 'report':
      addJob(needs.proposals, ask.jobId);
      needs.entries.add(ask.request.lease_id);
      return;
    case 'release':
    case 'requeue':
      addJob(needs.submissions, ask.jobId);
      return;
    case 'discard':
      addJob(needs.proposals, ask.jobId);
      return;
    case 'register':
    case 'heartbeat':
      needs.runners.add(ask.request.runner_id);
      return;
    case 'record':
      needs.events.set(`${ask.request.runner_id} ${ask.request.event_id}`, [
        ask.request.runner_id,
        ask.request.event_id,
      ]);
      needs.runners.add(ask.request.runner_id);
      if (ask.request.proposal_id !== undefined) needs.proposals.add(ask.request.proposal_id);
      return;
    case 'sweep':
      needs.due = true;
      return;
  }
}

function addJob(proposals: Set<string>, jobId: string): void {
  const proposalId = proposalIdOfJob(jobId);
  if (proposalId !== undefined) proposals.add(proposalId);
}
