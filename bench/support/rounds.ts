/** Runs the parts in turn, A B C A B C ..., so that whatever slows the machine for a while slows all of them. */
export async function interleaved<Part extends string, Value>(
  rounds: number,
  parts: Readonly<Record<Part, () => Promise<Value>>>,
): Promise<Record<Part, Value[]>> {
  const names = Object.keys(parts) as Part[];
  const results = names.map((name) => [name, [] as Value[]] as const);
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, values] of results) values.push(await parts[name]());
  }
  return Object.fromEntries(results) as Record<Part, Value[]>;
}

/** The quotient of each round, since what ran side by side is what compares. */
export function ratios(numerators: readonly number[], denominators: readonly number[]): number[] {
  return numerators.map((numerator, round) => numerator / (denominators[round] ?? Number.NaN));
}

/** As many samples as asked for, one after another. */
export async function samples(count: number, take: () => Promise<number>): Promise<number[]> {
  const taken: number[] = [];
  while (taken.length < count) taken.push(await take());
  return taken;
}

const LOOK_EVERY_MS = 2;
const PATIENCE_MS = 30_000;

/** Looks again and again until something is so; throws when it takes too long. */
export async function until(
  what: string,
  isSo: () => Promise<boolean>,
  everyMs = LOOK_EVERY_MS,
): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
