const encoder = new TextEncoder();

/** Bytes of a value as JSON. */
export function sizeOf(value: unknown): number {
  return encoder.encode(JSON.stringify(value)).length;
}
