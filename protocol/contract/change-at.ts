/** For tests: a deep copy of a JSON value in which one place (`a.0.b`) holds another value, or, given undefined, nothing. */
export function changeAt(value: unknown, path: string, changed: unknown): unknown {
  const [head = '', ...rest] = path.split('.');
  const copy = structuredClone(value);
  if (typeof copy !== 'object' || copy === null) throw new TypeError(`nothing has a place ${path}`);
  if (rest.length > 0) {
    Reflect.set(copy, head, changeAt(Reflect.get(copy, head), rest.join('.'), changed));
  } else if (changed === undefined) {
    Reflect.deleteProperty(copy, head);
  } else {
    Reflect.set(copy, head, changed);
  }
  return copy;
}
