import fc, { type AsyncCommand } from 'fast-check';

/** What a command does: to the real thing, and to what is believed of it. */
export type Act<Belief, Real> = (belief: Belief, real: Real) => Promise<void>;

/** Commands that say in a failing script what they did; after each of them every state is compared. */
export function commandsChecked<Belief extends object, Real extends object>(
  expectStates: (belief: Belief, real: Real) => Promise<void> | void,
) {
  return (
    name: string,
    act: Act<Belief, Real>,
    check: (belief: Readonly<Belief>) => boolean = () => true,
  ): AsyncCommand<Belief, Real> => ({
    check,
    run: async (belief, real) => {
      await act(belief, real);
      await expectStates(belief, real);
    },
    toString: () => name,
  });
}

export const picks = fc.nat({ max: 999 });

export function chosen<Item>(items: readonly Item[], pick: number): Item {
  const item = items[pick % items.length];
  if (item === undefined) throw new TypeError('there is nothing to choose from');
  return item;
}

/** Three times of four one of the likely ones, where there are any. */
export function mostly<Item>(items: readonly Item[], isLikely: (item: Item) => boolean, pick: number): Item {
  const likely = items.filter(isLikely);
  return chosen(likely.length === 0 || pick % 4 === 0 ? items : likely, pick);
}
