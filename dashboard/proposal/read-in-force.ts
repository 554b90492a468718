import type { ProposalDetail } from '@countersign/client/proposal-detail';
import { parseContract } from '@countersign/protocol/contract/parse-contract';
import type { Plane } from '../plane/plane.ts';
import type { InForce } from './reverse.ts';

/** The version in force of the contract that a proposal is under. Throws `ApiError`, or says that there is none. */
export async function readInForce(
  { contracts }: Pick<Plane, 'contracts'>,
  { contract }: ProposalDetail,
  signal: AbortSignal,
): Promise<InForce> {
  const id = contract?.contract_id;
  if (id == null) throw new TypeError('this proposal is under no contract');
  const { active_version_id: active } = (await contracts.history(id, { signal })).contract;
  if (active == null) throw new TypeError(`no version of the contract ${id} is in force`);
  const { version } = await contracts.version(id, active, { signal });
  const parsed = parseContract(version.contract);
  if (!parsed.ok) throw new TypeError(`the contract ${id} cannot be read here`);
  return { contract: parsed.contract, digest: version.digest };
}
