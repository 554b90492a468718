/** A line that is in both texts, only in the first, or only in the second. */
export interface Edit {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

/** As many comparisons are made at once; of texts that differ in more, all of the one stands before all of the other. */
const MOST_COMPARED = 4_000_000;

/** How to come from one list of lines to another, with as few edits as can be. */
export function lineDiff(before: readonly string[], after: readonly string[]): readonly Edit[] {
  const head = alikeAtStart(before, after);
  const tail = alikeAtStart(before.slice(head).toReversed(), after.slice(head).toReversed());
  const [removed, added] = [before.slice(head, before.length - tail), after.slice(head, after.length - tail)];
  const isTooMuch = removed.length * added.length > MOST_COMPARED;
  return [
    ...signed(' ', before.slice(0, head)),
    ...(isTooMuch ? [...signed('-', removed), ...signed('+', added)] : shortest(removed, added)),
    ...signed(' ', before.slice(before.length - tail)),
  ];
}

function signed(sign: Edit['sign'], lines: readonly string[]): Edit[] {
  return lines.map((text) => ({ sign, text }));
}

function alikeAtStart(one: readonly string[], other: readonly string[]): number {
  const length = Math.min(one.length, other.length);
  for (let place = 0; place < length; place += 1) {
    if (one[place] !== other[place]) return place;
  }
  return length;
}

/** By the longest common subsequence. */
function shortest(before: readonly string[], after: readonly string[]): Edit[] {
  const width = after.length + 1;
  // How many lines can be kept from a line of the one and a line of the other on.
  const kept = new Uint32Array((before.length + 1) * width);
  const keptFrom = (i: number, j: number) => kept[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      kept[i * width + j] =
        before[i] === after[j]
          ? keptFrom(i + 1, j + 1) + 1
          : Math.max(keptFrom(i + 1, j), keptFrom(i, j + 1));
    }
  }
  const edits: Edit[] = [];
  let [i, j] = [0, 0];
  for (;;) {
    const [from, to] = [before[i], after[j]];
    if (from === undefined || to === undefined) break;
    const isKept = from === to;
    const isRemoved = !isKept && keptFrom(i + 1, j) >= keptFrom(i, j + 1);
    edits.push(
      isKept ? { sign: ' ', text: from } : isRemoved ? { sign: '-', text: from } : { sign: '+', text: to },
    );
    if (isKept || isRemoved) i += 1;
    if (!isRemoved) j += 1;
  }
  return [...edits, ...signed('-', before.slice(i)), ...signed('+', after.slice(j))];
}
