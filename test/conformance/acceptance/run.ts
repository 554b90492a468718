import { strict as assert } from 'node:assert';
import type { Caller } from '../caller.ts';
import { reads } from '../checks.ts';
import type { ContractTriple } from '../documents.ts';
import { askForJob, type Working } from '../doing.ts';
import { claimAnswer, listOf, writebackRow } from '../reads.ts';
import type { Scenario } from '../scenario.ts';
import type { Stand } from '../stand.ts';

/** A step of the acceptance run: its numbers in PROTOCOL 6.2, what it shows, and the requests. */
export type Step = readonly [step: string, what: string, play: Scenario['play']];

/** What a step leaves for later ones. */
class Kept<Value> {
  #value: Value | undefined;

  set(value: Value): void {
    this.#value = value;
  }

  get(): Value {
    if (this.#value === undefined) throw new Error('an earlier step of the run did not get this far');
    return this.#value;
  }
}

/** The run is played once, from its first step on. */
export const run = {
  service: new Kept<{ readonly keyId: string; readonly service: Caller }>(),
  /** The version of the contract that is in force. */
  first: new Kept<ContractTriple>(),
  token: new Kept<{ readonly tokenId: string; readonly runner: Caller }>(),
  working: new Kept<Working>(),
  /** The one that is applied. */
  proposal: new Kept<string>(),
  /** The wider version. */
  staged: new Kept<string>(),
};

export const DOCTOR = '/v1/writeback/runner/doctor';

export function projectPath({ project }: Stand): string {
  return `/v1/control/projects/${project}`;
}

export function versions(stand: Stand): string {
  return `${projectPath(stand)}/agent-contracts/${run.first.get().contract_id}/versions`;
}

export async function nothingToDo({ source }: Stand): Promise<void> {
  assert.deepEqual(reads(claimAnswer, await askForJob(run.working.get(), source)).jobs, []);
}

/** A proposal as the list shows it to the service, once it does. */
export async function listed({ project, source }: Stand, proposalId: string) {
  const query = `project_id=${project}&source_id=${source}&limit=100`;
  const path = `/v1/control/external-writebacks/proposals?${query}`;
  const { items } = reads(listOf('proposals', writebackRow), await run.service.get().service.get(path));
  return items.find(({ proposal_id }) => proposal_id === proposalId);
}
