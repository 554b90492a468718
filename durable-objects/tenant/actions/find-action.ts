import type { ActionContract } from '@countersign/protocol/action/action-contract';
import type { ContractContext } from '@countersign/protocol/contract/contract-document';
import type { Refusal } from '@countersign/protocol/problem';
import { contractInForce, type InForce } from '../contracts/in-force.ts';
import type { World } from '../turn/world.ts';

/** An action as the version in force has it. */
export interface ActionInForce extends Pick<InForce, 'reference' | 'label' | 'contract'> {
  readonly action: ActionContract;
  readonly context: ContractContext;
}

export type FoundAction =
  | { readonly ok: true; readonly inForce: ActionInForce }
  | { readonly ok: false; readonly refusal: Refusal };

/** What the contract in force says of an action. */
export function findAction(world: World, name: string): FoundAction {
  const found = contractInForce(world, name);
  const action = found?.contract['x-cloud-actions']?.find((one) => one.name === name);
  const context = found?.contract.contexts.find((one) => one.name === action?.context);
  if (found !== undefined && action !== undefined && context !== undefined) {
    return { ok: true, inForce: { ...found, action, context } };
  }
  return {
    ok: false,
    refusal: {
      code: 'action_unknown',
      message: `no contract in force has the action ${name}`,
      next: 'GET /v1/capabilities lists what may be asked for',
    },
  };
}
