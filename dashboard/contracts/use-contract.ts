import type { VersionView } from '@countersign/client/contracts-api';
import { digest } from '@countersign/protocol/canonical-json';
import type { AgentContract } from '@countersign/protocol/contract/contract-document';
import { parseContract } from '@countersign/protocol/contract/parse-contract';
import { skipToken, useQuery } from '@tanstack/react-query';
import { useFallbackPoll } from '../live/live-context.ts';
import { usePlane } from '../plane/plane-context.ts';

const LOOKED_AGAIN_MS = 5_000;

export function contractsKey(projectId: string) {
  return [projectId, 'contracts'] as const;
}

export function contractKey(projectId: string, contractId: string) {
  return [...contractsKey(projectId), contractId] as const;
}

/** A contract and its versions, oldest first. */
export function useContract(contractId: string) {
  const { contracts, projectId } = usePlane();
  return useQuery({
    queryKey: [...contractKey(projectId, contractId), 'history'],
    queryFn: ({ signal }) => contracts.history(contractId, { signal }),
    refetchInterval: useFallbackPoll(LOOKED_AGAIN_MS),
  });
}

/** The document of a version, as it came and as far as this page understands it. */
export interface VersionDocument {
  readonly document: unknown;
  /** Undefined where the document says what this page does not know. */
  readonly contract: AgentContract | undefined;
  /** Whether it is what was registered: found out here, not believed. */
  readonly isItsDigest: boolean;
}

/** A version never changes, so it is read once. */
export function useVersionDocument(contractId: string, version: VersionView | undefined) {
  const { contracts, projectId } = usePlane();
  const versionId = version?.contract_version_id;
  return useQuery({
    queryKey: [...contractKey(projectId, contractId), 'version', versionId],
    queryFn:
      versionId === undefined
        ? skipToken
        : async ({ signal }): Promise<VersionDocument> => {
            const answer = await contracts.version(contractId, versionId, { signal });
            const { contract: document, digest: registered } = answer.version;
            const parsed = parseContract(document);
            return {
              document,
              contract: parsed.ok ? parsed.contract : undefined,
              isItsDigest: digest(document) === registered,
            };
          },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** What one version permits differently from another; undefined while there are not two. */
export function useVersionDiff(contractId: string, from: string | undefined, to: string | undefined) {
  const { contracts, projectId } = usePlane();
  return useQuery({
    queryKey: [...contractKey(projectId, contractId), 'diff', from, to],
    queryFn:
      from === undefined || to === undefined
        ? skipToken
        : ({ signal }) => contracts.diff(contractId, from, to, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
