import { digest } from '@countersign/protocol/canonical-json';
import type { AgentContract } from '@countersign/protocol/contract/contract-document';
import { diffContracts } from '@countersign/protocol/contract-diff/diff-contracts';
import type { Context } from '../command/context.ts';
import { exitCodes } from '../exit-codes.ts';
import { CliFault, usageFault } from '../fault.ts';
import { openPlane, type Plane } from '../plane.ts';
import type { ShownChange } from './changes.ts';
import { checkedContract, readContract } from './read-contract.ts';

export interface Compared {
  readonly changes: readonly ShownChange[];
  readonly risk_increasing: boolean;
}

/** A version in the registry: `CONTRACT@VERSION`, or `CONTRACT@active`. */
interface Reference {
  readonly contractId: string;
  readonly version: string;
}

export const ACTIVE = 'active';

/**
 * What the second says differently from the first. Each is a file, or a version in the registry; two files need no
 * control plane. Two versions of one contract are compared where they are.
 */
export async function compare(context: Context, before: string, after: string): Promise<Compared> {
  const [from, to] = [referenceOf(before), referenceOf(after)];
  if (from === undefined && to === undefined)
    return diffContracts(await readContract(before), await readContract(after));
  const plane = await openPlane(context);
  if (from !== undefined && to !== undefined && from.contractId === to.contractId)
    return inRegistry(context, plane, from, to);
  return diffContracts(
    await contractOf(context, plane, before, from),
    await contractOf(context, plane, after, to),
  );
}

async function inRegistry(context: Context, plane: Plane, from: Reference, to: Reference): Promise<Compared> {
  const { contractId } = from;
  const [one, other] = [await versionIdOf(context, plane, from), await versionIdOf(context, plane, to)];
  const found = await (await plane.contracts()).diff(contractId, one, other, {
    signal: context.world.signal,
  });
  const { changes, risk_increasing } = found;
  return {
    changes,
    risk_increasing: risk_increasing ?? changes.some((change) => change.risk_increasing === true),
  };
}

async function contractOf(
  context: Context,
  plane: Plane,
  path: string,
  reference: Reference | undefined,
): Promise<AgentContract> {
  if (reference === undefined) return readContract(path);
  const { contract } = await fetchVersion(context, plane, reference);
  return checkedContract(contract, path);
}

/** A version with its contract, which must have the digest that it is registered under. Throws `CliFault`. */
export async function fetchVersion(context: Context, plane: Plane, reference: Reference) {
  const versionId = await versionIdOf(context, plane, reference);
  const { contractId } = reference;
  const { version } = await (await plane.contracts()).version(contractId, versionId, {
    signal: context.world.signal,
  });
  if (digest(version.contract) !== version.digest)
    throw new CliFault(`what came for ${contractId}@${versionId} has another digest`, {
      code: exitCodes.conflict,
    });
  return version;
}

async function versionIdOf(
  context: Context,
  plane: Plane,
  { contractId, version }: Reference,
): Promise<string> {
  if (version !== ACTIVE) return version;
  const { contract } = await (await plane.contracts()).history(contractId, { signal: context.world.signal });
  if (typeof contract.active_version_id === 'string') return contract.active_version_id;
  throw new CliFault(`${contractId} has no version in force`, { code: exitCodes.failed });
}

/** Undefined for what is a file. Throws `CliFault` for half of a reference. */
export function referenceOf(text: string): Reference | undefined {
  const at = text.lastIndexOf('@');
  if (at < 0 || /[/\\]|\.json$/.test(text)) return undefined;
  const [contractId, version] = [text.slice(0, at), text.slice(at + 1)];
  if (contractId === '' || version === '')
    throw usageFault('a version is CONTRACT@VERSION or CONTRACT@active');
  return { contractId, version };
}
