import type { Engine } from '../change-set/engine.ts';
import type { AgentContract } from '../contract/contract-document.ts';

/** What a bundle is made of: one version of a contract, for one source of the project. */
export interface BundleParts {
  readonly contract: AgentContract;
  readonly contractId: string;
  readonly versionId: string;
  /** Of the contract. */
  readonly digest: string;
  readonly projectId: string;
  readonly sourceId: string;
  /** Of that source. */
  readonly engine: Engine;
  /** A name that no other runner has. */
  readonly runnerId: string;
}
