/** A function of an object that is asked about again and again, worked out once for each. */
export function rememberedFor<Of extends object, Value>(workOut: (of: Of) => Value): (of: Of) => Value {
  const known = new WeakMap<Of, Value>();
  return (of) => {
    const before = known.get(of);
    if (before !== undefined) return before;
    const value = workOut(of);
    known.set(of, value);
    return value;
  };
}
