import type { AgentContract } from '../contract/contract-document.ts';

/** For tests: changes a contract in one place. */
export type Edit = (contract: AgentContract) => void;

/** Sets what stands at a path such as `capabilities.0.args.note.max_length`. */
export function put(path: string, value: unknown): Edit {
  return (contract) => {
    const { holder, key } = placeOf(contract, path);
    Reflect.set(holder, key, structuredClone(value));
  };
}

export function drop(path: string): Edit {
  return (contract) => {
    const { holder, key } = placeOf(contract, path);
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else Reflect.deleteProperty(holder, key);
  };
}

export function add(path: string, value: unknown): Edit {
  return (contract) => {
    const { holder, key } = placeOf(contract, path);
    const list: unknown = Reflect.get(holder, key);
    if (!Array.isArray(list)) throw new Error(`${path} is no list`);
    list.push(structuredClone(value));
  };
}

export function all(...edits: Edit[]): Edit {
  return (contract) => {
    for (const edit of edits) edit(contract);
  };
}

function placeOf(contract: AgentContract, path: string): { holder: object; key: string } {
  const steps = path.split('.');
  const key = steps.pop() ?? '';
  let holder: unknown = contract;
  for (const step of steps) {
    holder = typeof holder === 'object' && holder !== null ? Reflect.get(holder, step) : undefined;
  }
  if (typeof holder !== 'object' || holder === null) throw new Error(`there is nothing at ${path}`);
  return { holder, key };
}
