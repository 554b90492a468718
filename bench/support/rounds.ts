/** Runs the parts in turn, A B C A B C ..., so that whatever slows the machine for a while slows all of them. */
export async function interleaved<Part extends string>(
  rounds: number,
  parts: Readonly<Record<Part, () => Promise<number>>>,
): Promise<Record<Part, number[]>> {
  const names = Object.keys(parts) as Part[];
  const results = Object.fromEntries(names.map((name) => [name, []])) as Record<Part, number[]>;
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) results[name].push(await parts[name]());
  }
  return results;
}

/** The quotient of each round, since what ran side by side is what compares. */
export function ratios(numerators: readonly number[], denominators: readonly number[]): number[] {
  return numerators.map((numerator, round) => numerator / (denominators[round] ?? Number.NaN));
}
