import type { Mutation } from '../mutations/mutation.ts';

/** A guard of the runner, as it stands in the built program, and the check that must notice its loss. */
export interface ChaosMutation extends Pick<Mutation, 'find' | 'replace'> {
  readonly name: string;
  readonly alarm: string;
}

export const mutations: readonly ChaosMutation[] = [
  {
    name: 'receipt-with-each-change',
    find: 'FROM applied\nRETURNING result_version, result_hash',
    replace: 'FROM applied WHERE pg_catalog.random() < 0.5\nRETURNING result_version, result_hash',
    alarm: 'rows-follow-receipts',
  },
  {
    name: 'one-key-for-all-attempts',
    find: '["idempotency_key", parameters.add(({ plan }) => plan.idempotencyKey)]',
    replace: '["idempotency_key", parameters.add(({ plan }) => plan.idempotencyKey + Math.random())]',
    alarm: 'receipts-once',
  },
];

/** Throws for a name that no mutation has. */
export function mutationNamed(name: string): Mutation {
  const mutation = mutations.find((each) => each.name === name);
  if (mutation === undefined)
    throw new Error(
      `there is no mutation ${name}; there are ${mutations.map((each) => each.name).join(', ')}`,
    );
  return { file: 'the built runner', find: mutation.find, replace: mutation.replace };
}
