/** The set with these in it; where all of them were, without them. */
export function toggled(set: ReadonlySet<string>, names: readonly string[]): ReadonlySet<string> {
  const asked = new Set(names);
  return asked.isSubsetOf(set) ? set.difference(asked) : set.union(asked);
}
