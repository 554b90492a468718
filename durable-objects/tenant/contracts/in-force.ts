import type {
  AgentContract,
  Capability,
  ContractContext,
} from '@countersign/protocol/contract/contract-document';
import { type ResolvedSubject, subjectOf } from '@countersign/protocol/contract/subject-of';
import type { Refusal } from '@countersign/protocol/problem';
import type { ContractReference } from '@countersign/protocol/writeback-job';
import { Bounded } from '../turn/bounded.ts';
import type { World } from '../turn/world.ts';

/** A capability as the version in force has it. */
export interface InForce {
  readonly reference: ContractReference;
  /** The contract's own version, as change sets carry it. */
  readonly label: string;
  readonly contract: AgentContract;
  readonly capability: Capability;
  readonly context: ContractContext;
  readonly subject: ResolvedSubject;
}

export type FoundInForce =
  | { readonly ok: true; readonly inForce: InForce }
  | { readonly ok: false; readonly refusal: Refusal };

/** Documents never change under their digest, so whoever has read one need not read it again. */
const documents = new Bounded<string, AgentContract>(200);

/** What the contract in force says of a capability. */
export function findInForce(world: World, name: string): FoundInForce {
  const found = contractInForce(world, name);
  const capability = found?.contract.capabilities.find((one) => one.name === name);
  const context = found?.contract.contexts.find((one) => one.name === capability?.context);
  if (found === undefined || capability === undefined || context === undefined) return unknown(name);
  const subject = subjectOf(found.contract, capability);
  if (subject === undefined) return unknown(name);
  return { ok: true, inForce: { ...found, capability, context, subject } };
}

/** The contract in force that has a capability or an action of this name. */
export function contractInForce(
  world: World,
  name: string,
): Pick<InForce, 'reference' | 'label' | 'contract'> | undefined {
  const row = world.row('capabilities', name);
  if (row === undefined || row.version_id === null || row.version_seq === null || row.digest === null) {
    return undefined;
  }
  const contract = documentOf(world, row.version_seq, row.digest);
  if (contract === undefined) return undefined;
  const reference = {
    contract_id: row.contract_id,
    contract_version_id: row.version_id,
    digest: row.digest,
  };
  return { reference, label: row.label ?? '0.1', contract };
}

/** The document of a version, from the entry that pushed it; undefined until that has been read. */
export function documentOf(world: World, seq: number, digest: string): AgentContract | undefined {
  const known = documents.get(digest);
  if (known !== undefined) return known;
  const body = world.body(seq);
  if (
    body === undefined ||
    !('contract' in body) ||
    body.contract === null ||
    !('capabilities' in body.contract)
  ) {
    return undefined;
  }
  documents.set(digest, body.contract);
  return body.contract;
}

function unknown(name: string): FoundInForce {
  return {
    ok: false,
    refusal: {
      code: 'capability_unknown',
      message: `no contract in force has the capability ${name}`,
      next: 'GET /v1/capabilities lists what may be proposed',
    },
  };
}
