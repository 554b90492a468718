/** The member of a map by a name from outside: never something that every object has, such as `constructor`. */
export function own<Value>(
  map: Readonly<Record<string, Value>>,
  name: string | undefined,
): Value | undefined {
  return name !== undefined && Object.hasOwn(map, name) ? map[name] : undefined;
}
